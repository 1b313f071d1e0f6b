"""What `decide()` may ask the conductor to do."""

from dataclasses import dataclass

from harness.plan.rates import Rates
from journal.records import Arm, Patch, Purpose, RecipeOrigin
from journal.science.adoption.decision import Adoption
from trainer.job import Job

END_PURPOSES: tuple[Purpose, ...] = ("locked", "champion", "champion_sft", "champion_eval")


@dataclass(frozen=True)
class Launch:
    """Reserve, record and start one job; `keep_seconds` of node time must be left after its deadline."""

    job: Job
    purpose: Purpose
    keep_seconds: float
    recipe_id: str | None = None
    hypothesis_id: str | None = None
    arm: Arm | None = None
    resumed_from: str | None = None


@dataclass(frozen=True)
class SetPlan:
    """The calibration has spoken: plan again with what was measured."""

    rates: Rates


@dataclass(frozen=True)
class AddRecipe:
    """Record a recipe; the fields are those of `journal.records.Recipe`."""

    document: dict[str, object]
    parent: str | None
    patch: Patch
    origin: RecipeOrigin
    findings: tuple[str, ...] = ()
    session: int | None = None
    adoption: Adoption | None = None


@dataclass(frozen=True)
class Propose:
    """Ask the proposer for so many hypotheses and register those that are valid."""

    count: int


@dataclass(frozen=True)
class Retest:
    """Register findings, together if there are several, as one hypothesis on a rung's recipe."""

    hypothesis_ids: tuple[str, ...]
    recipe_id: str


@dataclass(frozen=True)
class Judge:
    """Let `judge()` speak on a hypothesis."""

    hypothesis_id: str
    closing: bool


@dataclass(frozen=True)
class Deploy:
    """Ask the server to serve a finished job's checkpoint."""

    job_id: str


@dataclass(frozen=True)
class Finish:
    """Nothing is left to do; `ok` is False when the lab ends without a model."""

    outcome: str
    ok: bool


Action = Launch | SetPlan | AddRecipe | Propose | Retest | Judge | Deploy | Finish
