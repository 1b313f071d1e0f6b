"""What a job leaves behind: `result.json`, written once, by a rename."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field, model_validator
from typing_extensions import Self

from trainer.job.base import Contract
from trainer.job.kinds import JobKind

JobState = Literal["queued", "running", "succeeded", "failed", "cancelled"]
TERMINAL_STATES: tuple[JobState, ...] = ("succeeded", "failed", "cancelled")
# A tokenizer job's metric: tokens of the data set's conversations, read once.
CHAT_TOKENS = "chat_tokens"
# The same of its training text.
TEXT_TOKENS = "text_tokens"
Scalar = str | int | float | bool | None


class TaskScore(Contract):
    """One CORE task: accuracy, and (accuracy - baseline) / (1 - baseline).

    `right` says which items were answered rightly: one bit an item in the order of reading, the first
    the most significant, as hexadecimal. Runs that read the same items are compared by it item by item.
    """

    label: str
    shape: Literal["multiple_choice", "schema", "language_modeling"]
    items: int = Field(ge=1)
    accuracy: float
    centered: float
    right: str | None = Field(None, pattern=r"^[0-9a-f]+$", description="None: not recorded")

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        answers = self.answers()
        if answers is None or (len(answers), sum(answers)) == (self.items, round(self.accuracy * self.items)):
            return self
        raise ValueError(f"right: {self.right!r:.80}; allowed: {self.items} bits that give the accuracy")

    def answers(self) -> tuple[bool, ...] | None:
        """Whether each item was answered rightly, in the order of reading; None: not recorded."""
        if self.right is None:
            return None
        bits = f"{int(self.right, 16):0{self.items}b}"
        return tuple(bit == "1" for bit in bits)


def encode_answers(answers: Sequence[bool]) -> str:
    """`TaskScore.right` of at least one answer."""
    number = int("".join("1" if answer else "0" for answer in answers), 2)
    return f"{number:0{(len(answers) + 3) // 4}x}"


class CoreReport(Contract):
    """CORE: mean of centred accuracies, with a 95% interval over the items of every task."""

    core_metric: float
    lower: float
    upper: float
    tasks: tuple[TaskScore, ...]


class Provenance(Contract):
    """What the numbers depend on besides the spec."""

    git_revision: str | None
    code_hash: str
    data_hash: str | None
    tokenizer_hash: str | None
    torch_version: str
    python_version: str
    device: str
    world_size: int = Field(ge=1)


class Inputs(Contract):
    """Of what the numbers depend on, the part that is known before the job runs.

    `tokenizer_hash` is None of a job that makes its tokenizer.
    """

    code_hash: str
    data_hash: str
    tokenizer_hash: str | None


class JobResult(Contract):
    """The outcome of one attempt at a job.

    `metrics` holds finite numbers named as in nanochat (`val_bpb`, `core_metric`,
    `tokens_per_second`, `mfu`, ...); `resolved` the settings really used.
    """

    job_id: str
    spec_hash: str
    kind: JobKind
    state: Literal["succeeded", "failed", "cancelled"]
    reason: str | None = None
    message: str | None = None
    traceback: str | None = Field(None, description="where the rank that failed stood, innermost call last")
    metrics: dict[str, float] = {}
    resolved: dict[str, Scalar] = {}
    core: CoreReport | None = None
    provenance: Provenance
    resumed_from: str | None = None
    started_at: float
    finished_at: float
    wall_seconds: float
    train_seconds: float = 0.0


class ExitRecord(Contract):
    """The supervisor's `exit.json`: how the job's processes ended."""

    job_id: str
    returncode: int | None
    reason: Literal[
        "exited",
        "time_limit",
        "silent",
        "stopped",
        "killed",
        "launch_failed",
        "out_of_memory",
        "disk_full",
    ]
    wall_seconds: float
    boot_id: str
    finished_at: float


class SupervisorRecord(Contract):
    """`supervisor.json`: who watches the job; enough to find it again after any crash."""

    job_id: str
    pid: int
    start_time_ticks: int
    boot_id: str
    started_at: float
    started_elapsed_seconds: float = Field(description="clock that counts suspend, within this boot")
    deadline_seconds: float
