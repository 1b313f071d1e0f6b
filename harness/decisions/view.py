"""The journal at one moment, as the next decision sees it."""

import math
from dataclasses import dataclass
from functools import lru_cache

from harness.decisions.actions import END_PURPOSES
from harness.lab.session import Session
from harness.plan.plan import Plan
from harness.plan.rungs import RUNG_BASELINE_SEEDS
from harness.plan.scale import Scale
from journal.records import INTERRUPTED, Deployment, Hypothesis, JobRow, Purpose, Recipe, Verdict
from journal.science.evidence import Conditions
from journal.science.judge import FIRST_LOOK_SEEDS
from trainer.job import TERMINAL_STATES, JobResult

MOST_ATTEMPTS = 3
# With one run of a baseline nothing can be judged.
FEWEST_JUDGED = 2
PLATEAU_VERDICTS = 15
# Without these there is no model: a node that loses every second job still ends with one.
INDISPENSABLE = ("tokenizer", "calibrate", *END_PURPOSES)
MOST_INDISPENSABLE_ATTEMPTS = 8
# Mishaps of the machine, not of the settings: whatever fails by them leaves a result (`exit_code`: none).
RETRIED_REASONS = (INTERRUPTED, "lost", "silent", "killed", "exit_code", "disk_full", "launch_failed")


@dataclass(frozen=True)
class LabView:
    """Everything `decide()` may look at; the only clock is `seconds_left`."""

    session: Session
    scale: Scale
    plan: Plan | None
    jobs: tuple[JobRow, ...]
    recipes: tuple[Recipe, ...]
    hypotheses: tuple[Hypothesis, ...]
    verdicts: tuple[Verdict, ...]
    deployments: tuple[Deployment, ...]
    checkpoints: frozenset[str]
    free_slots: int
    seconds_left: float
    is_proposing: bool = False
    proposals_exhausted: bool = False
    prefetch: bool = False
    first_plan: Plan | None = None

    def attempts(self, spec_hash: str) -> list[JobRow]:
        """Attempts at this very spec, first to last."""
        return [row for row in self.jobs if row.spec_hash == spec_hash]

    def latest(self, purpose: Purpose) -> JobRow | None:
        """The last job of this purpose in this session."""
        rows = [row for row in self.in_session if row.purpose == purpose]
        return rows[-1] if rows else None

    @property
    def in_session(self) -> list[JobRow]:
        return list(self.jobs[self.session.jobs_before :])

    @property
    def active(self) -> list[JobRow]:
        """Jobs that wait or run, manual ones apart."""
        return [row for row in self.jobs if row.state not in TERMINAL_STATES and row.purpose != "manual"]

    def final_verdict(self, hypothesis_id: str) -> Verdict | None:
        """The last word on a hypothesis, if it is spoken."""
        own = self.verdicts_of(hypothesis_id)
        return own[-1] if own and own[-1].final else None

    def verdicts_of(self, hypothesis_id: str) -> list[Verdict]:
        """All looks at a hypothesis."""
        return [verdict for verdict in self.verdicts if verdict.hypothesis_id == hypothesis_id]

    def own_hypotheses(self) -> list[Hypothesis]:
        """Hypotheses registered in this session."""
        return list(self.hypotheses[self.session.hypotheses_before :])


def value_of(row: JobRow) -> float | None:
    """A finished job's val_bpb."""
    return row.metrics.get("val_bpb") if row.state == "succeeded" else None


def has_ended(view: LabView, row: JobRow) -> bool:
    """Ended for good: no further attempt is due."""
    return row.state in TERMINAL_STATES and not may_retry(view, row)


def may_retry(view: LabView, row: JobRow) -> bool:
    """Whether an ended attempt says nothing about its settings and deserves another."""
    if row.state not in ("cancelled", "failed") or row.reason not in RETRIED_REASONS:
        return False
    mishaps = [
        r for r in view.attempts(row.spec_hash) if r.reason in RETRIED_REASONS and r.reason != INTERRUPTED
    ]
    return len(mishaps) < (MOST_INDISPENSABLE_ATTEMPTS if row.purpose in INDISPENSABLE else MOST_ATTEMPTS)


def baseline_rows(view: LabView, recipe: Recipe) -> list[JobRow]:
    """A recipe's own runs, comparable with what this session would measure."""
    rows = [row for row in view.jobs if row.recipe_id == recipe.recipe_id and row.purpose == "baseline"]
    now = _conditions_now(view)
    return [row for row in rows if now is None or _conditions(row) in (None, now)]


def recipe_values(view: LabView, recipe: Recipe) -> dict[int, float]:
    """Seed → val_bpb of a recipe's own runs (never of treatments: a winner is a selected sample)."""
    return {row.seed: value for row in baseline_rows(view, recipe) if (value := value_of(row)) is not None}


def seeds_wanted(view: LabView, recipe: Recipe, plan: Plan) -> int:
    """How many runs of its own a recipe gets; one that is searched on may have to do with two."""
    if recipe.origin == "rung":
        return RUNG_BASELINE_SEEDS
    if recipe.takes_up_findings:
        return plan.confirm_seeds
    begun = len({row.seed for row in baseline_rows(view, recipe)})
    if FEWEST_JUDGED <= begun < plan.baseline_seeds and _gives_way(view, recipe, plan, begun):
        return begun
    return plan.baseline_seeds


def _gives_way(view: LabView, recipe: Recipe, plan: Plan, begun: int) -> bool:
    """Whether further seeds of a baseline leave the first idea no room, or did so when that began."""
    own = [row for row in view.in_session if row.purpose == "hypothesis"]
    if own:
        return any(row.recipe_id == recipe.recipe_id for row in own)
    if view.session.max_hypotheses == 0:
        return False
    more = plan.baseline_seeds - begun + FIRST_LOOK_SEEDS
    rounds, look = (math.ceil(runs / plan.slots) for runs in (more, FIRST_LOOK_SEEDS))
    return fits(view, plan, look, spare=True) and not fits(view, plan, rounds, spare=True)


def fits(view: LabView, plan: Plan, rounds: float, spare: bool = False) -> bool:
    """Whether so many rounds of search jobs end before the money of the end is touched.

    `spare` also allows the contingency: work that was begun should not be thrown away.
    """
    kept = plan.final_seconds if spare else plan.keep_seconds
    return rounds * plan.search_job_seconds <= view.seconds_left - kept


def is_plateau(view: LabView) -> bool:
    """Whether so many verdicts in a row found nothing, in a session that stops then."""
    last = [v for v in view.verdicts if v.final][-PLATEAU_VERDICTS:]
    is_flat = len(last) == PLATEAU_VERDICTS and all(v.verdict != "supported" for v in last)
    return is_flat and view.session.stops_at_plateau


def is_settled(view: LabView, recipe: Recipe, plan: Plan) -> bool:
    """Whether a recipe's own runs have all ended, one way or the other."""
    ended = {row.seed for row in baseline_rows(view, recipe) if has_ended(view, row)}
    return len(ended) >= seeds_wanted(view, recipe, plan)


def locked_attempts(view: LabView, recipe: Recipe) -> list[JobRow]:
    """Jobs that read the locked text for a recipe."""
    return [row for row in view.jobs if row.purpose == "locked" and row.recipe_id == recipe.recipe_id]


def _conditions_now(view: LabView) -> Conditions | None:
    """What the session's last result depended on: what a job launched now would have."""
    rows = [row for row in view.in_session if row.kind == "pretrain" and row.result is not None]
    return _conditions(rows[-1]) if rows else None


def _conditions(row: JobRow) -> Conditions | None:
    return _conditions_of(row.job_id, row.result, row.simulated)


@lru_cache(maxsize=4096)
def _conditions_of(job_id: str, result: str | None, simulated: bool) -> Conditions | None:
    """Code, device, data and tokenizer of a result; parsed once, the loop asks several times a second."""
    if result is None:
        return None
    p = JobResult.model_validate_json(result).provenance
    return (p.code_hash, p.device, p.data_hash, p.tokenizer_hash, simulated)
