"""What a job leaves behind: `result.json`, written once, by a rename."""

from typing import Literal

from pydantic import Field

from trainer.job.base import Contract

JobState = Literal["queued", "running", "succeeded", "failed", "cancelled"]
TERMINAL_STATES: tuple[JobState, ...] = ("succeeded", "failed", "cancelled")
Scalar = str | int | float | bool | None


class TaskScore(Contract):
    """One CORE task: accuracy, and (accuracy - baseline) / (1 - baseline)."""

    label: str
    shape: Literal["multiple_choice", "schema", "language_modeling"]
    items: int = Field(ge=1)
    accuracy: float
    centered: float


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


class JobResult(Contract):
    """The outcome of one attempt at a job.

    `metrics` holds finite numbers named as in nanochat (`val_bpb`, `core_metric`,
    `tokens_per_second`, `mfu`, ...); `resolved` the settings really used.
    """

    job_id: str
    spec_hash: str
    kind: Literal["tokenizer", "pretrain", "sft", "eval"]
    state: Literal["succeeded", "failed", "cancelled"]
    reason: str | None = None
    message: str | None = None
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
