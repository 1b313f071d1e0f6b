"""The journal's records: frozen values, detached from storage.

Money is integer micro-dollars (`_micro_usd`), times are seconds since the epoch.
"""

import hashlib
import json
from typing import Literal

from pydantic import Field, model_validator
from typing_extensions import Self

from trainer.job import Contract, JobError, JobKind, JobState
from trainer.job.result import Scalar

INTERRUPTED = "interrupted"

Proposer = Literal["random", "search", "llm", "human"]
VerdictName = Literal["supported", "refuted", "inconclusive"]
Purpose = Literal[
    "tokenizer",
    "calibrate",
    "baseline",
    "hypothesis",
    "early_sft",
    "locked",
    "champion",
    "champion_sft",
    "champion_eval",
    "manual",
]
Arm = Literal["baseline", "treatment"]
JobSource = Literal["conductor", "cli", "http"]
DeploymentState = Literal[
    "requested", "loading", "canary", "live", "draining", "retired", "failed", "rolled_back"
]
# Asked for, and neither live nor refused yet.
UNDECIDED: tuple[DeploymentState, ...] = ("requested", "loading", "canary")
LedgerKind = Literal["budget", "reserve", "release", "settle", "idle", "llm"]
# The lab's first recipe; a champion at another session's horizon; what was supported, merged; the start of
# a line on the rung above; on the first rung, what held above; the first rung's recipe where nothing did;
# what the final run takes up besides, proven or not.
RecipeOrigin = Literal["starter", "rebased", "supported", "rung", "transferred", "reverted", "adopted"]
Patch = dict[str, Scalar]


class Proposal(Contract):
    """A draft from a proposer: what to change, why, and how sure it is."""

    statement: str = Field(min_length=1, max_length=2000)
    patch: Patch = Field(min_length=1, description="dotted path in the pretrain job -> new value")
    minimum_effect: float | None = Field(None, gt=0.0, description="val_bpb; None: the lab's default")
    prior: float = Field(0.2, ge=0.0, le=1.0, description="the proposer's own probability of support")
    proposer: Proposer


class Hypothesis(Contract):
    """A falsifiable claim, registered (and hashed) before its first job is launched."""

    hypothesis_id: str = Field(pattern=r"^h[1-9][0-9]*$")
    statement: str = Field(min_length=1, max_length=2000)
    baseline_recipe: str = Field(description="id of the named baseline recipe, `r<N>`")
    patch: Patch = Field(min_length=1)
    metric: Literal["val_bpb"] = "val_bpb"
    direction: Literal["decrease"] = "decrease"
    minimum_effect: float = Field(gt=0.0)
    replicates: int = Field(ge=2, le=64, description="seeds on each side, at most")
    stopping_rule: str
    cost_micro_usd: int = Field(ge=0)
    proposer: Proposer
    prior: float = Field(ge=0.0, le=1.0)
    rung: str
    registered_at: float
    pairing: bool | None = Field(
        None, description="judged by pairs of seeds; None: registered before arms shared seeds"
    )

    def sha256(self) -> str:
        """Hash of the registration: everything above, keys sorted; `pairing` only where it was registered."""
        document = self.model_dump(mode="json")
        if self.pairing is None:
            del document["pairing"]  # older registrations hash as they did
        text = json.dumps(document, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


class Verdict(Contract):
    """What `judge()` concluded, with the numbers and the jobs it rests on.

    `effect` is the improvement (baseline mean - treatment mean for a decreasing metric) and
    [`lower`, `upper`] its confidence sequence at this look.
    """

    hypothesis_id: str
    verdict: VerdictName
    effect: float
    lower: float | None
    upper: float | None
    shrunken_effect: float
    p_value: float = Field(ge=0.0, le=1.0)
    alpha: float = Field(gt=0.0, lt=1.0, description="multiplicity threshold this verdict had to pass")
    sd: float | None
    degrees_of_freedom: int = Field(ge=0)
    pairs: int | None = Field(None, description="pairs it rests on; None where the arms are independent")
    look: int = Field(ge=1)
    baseline_jobs: tuple[str, ...]
    treatment_jobs: tuple[str, ...]
    diverged_jobs: tuple[str, ...] = ()
    noise_jobs: tuple[tuple[str, ...], ...] = Field((), description="further arms the noise was pooled from")
    judge_version: str
    final: bool
    judged_at: float


class Recipe(Contract):
    """A named pretrain recipe: the job document without seed and limits."""

    recipe_id: str = Field(pattern=r"^r[1-9][0-9]*$")
    parent: str | None
    patch: Patch
    document: dict[str, object]
    origin: RecipeOrigin
    findings: tuple[str, ...] = Field((), description="hypotheses that it takes up, weakest first")
    session: int | None = Field(None, description="number of the session; None where it was not recorded")
    created_at: float

    @model_validator(mode="after")
    def _check_origin(self) -> Self:
        if self.takes_up_findings != bool(self.findings):
            raise ValueError(f"findings: {list(self.findings)}; allowed: where the origin takes some up")
        if (self.origin in ("starter", "supported")) != (self.session is None):
            raise ValueError(f"session: {self.session}; allowed: None for starter and supported alone")
        return self

    @property
    def words(self) -> str:
        """What made it, for people."""
        findings = " ".join(self.findings)
        match self.origin:
            case "starter":
                return "starter recipe"
            case "rebased":
                return f"rebase: horizon of session {self.session}"
            case "reverted":
                return f"rebase: nothing held above, session {self.session}"
            case "rung":
                return f"rung of session {self.session}: {self.rung_name}"
            case "transferred":
                return f"supported above, session {self.session}: {findings}"
            case "supported":
                return f"supported {findings}"
            case "adopted":
                return f"adopted, not proven, session {self.session}: {findings}"

    @property
    def takes_up_findings(self) -> bool:
        """Whether it is made of its parent and what was tested on it."""
        return self.origin in ("supported", "transferred", "adopted")

    @property
    def rung_name(self) -> str:
        """Its depth and horizon, as hypotheses on it name them."""
        model = self.document.get("model")
        depth = model.get("depth") if isinstance(model, dict) else None
        return f"depth {depth}, {self.document.get('train_tokens')} tokens"

    def job_document(self, seed: int, patch: Patch | None = None) -> dict[str, object]:
        """The job document of this recipe with `patch` applied and `seed` set."""
        document: dict[str, object] = json.loads(json.dumps(self.document))
        for path, value in (patch or {}).items():
            apply_patch(document, path, value)
        document["seed"] = seed
        return document


class LedgerEntry(Contract):
    """One append-only line: what it adds to `spent` and to `reserved`.

    `account` is what holds the money or is charged; `job_id` the same where that is a job.
    """

    entry_id: int | None = None
    at: float
    kind: LedgerKind
    account: str | None = None
    job_id: str | None = None
    purpose: str
    spent_micro_usd: int = 0
    reserved_micro_usd: int = 0
    budget_micro_usd: int = 0
    note: str = ""


class Deployment(Contract):
    """A request to serve a checkpoint, and what became of it."""

    deployment_id: int | None = None
    job_id: str
    checkpoint: str
    state: DeploymentState
    reason: str | None = None
    requested_at: float
    updated_at: float
    was_live: bool = False


class LlmCall(Contract):
    """One attempt at a language model, with its bill."""

    at: float
    model: str
    base_url: str
    purpose: str
    prompt_tokens: int | None
    completion_tokens: int | None
    cost_micro_usd: int = Field(ge=0)
    outcome: Literal["ok", "repaired", "invalid", "error"]
    detail: str = ""


class JobRow(Contract):
    """One attempt at a job, as the journal knows it."""

    job_id: str
    spec_hash: str
    kind: JobKind
    purpose: Purpose
    state: JobState
    reason: str | None = None
    message: str | None = None
    spec: str = Field(description="canonical bytes of the job, as text")
    hypothesis_id: str | None = None
    recipe_id: str | None = None
    arm: Arm | None = None
    seed: int
    gpus: int
    source: JobSource
    resumed_from: str | None = None
    simulated: bool = False
    created_at: float
    launched_at: float | None = None
    started_at: float | None = None
    finished_at: float | None = None
    metrics: dict[str, float] = {}
    result: str | None = Field(None, description="result.json as text")
    cost_micro_usd: int | None = None
    cancel_requested: bool = False


def apply_patch(document: dict[str, object], path: str, value: Scalar) -> None:
    """Set the dotted `path` of a job document, making the sections on the way.

    Raises:
        JobError: the path leads through something that is no section.
    """
    *sections, leaf = path.split(".")
    node: dict[str, object] = document
    for section in sections:
        child = node.setdefault(section, {})
        if not isinstance(child, dict):
            raise JobError(f"{path}: {section} is not a section of the job")
        node = child
    node[leaf] = value
