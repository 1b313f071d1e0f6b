"""Pieces of work: runs of a recipe or of a hypothesis, and where each stands. Pure.

A piece is a launch with the attempts at it so far: to be launched, under way, done, or failed for good.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from harness.decisions.actions import Action, Launch
from harness.decisions.view import LabView, baseline_rows, may_retry
from harness.plan.jobs import pretrain_job
from harness.plan.plan import Plan
from journal.records import Hypothesis, JobRow, Recipe
from trainer.job import TERMINAL_STATES, parse_job

Result = TypeVar("Result")
Piece = tuple[Launch, list[JobRow]]
Work = Iterator[Piece]


@dataclass(frozen=True)
class Stage(Generic[Result]):
    """A stage of the session's end: its result, or else the next actions towards it (none: wait)."""

    result: Result | None = None
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True)
class Step:
    """`row` when it succeeded, `failed` when it never will, else `actions` ([]: wait)."""

    row: JobRow | None = None
    failed: JobRow | None = None
    actions: tuple[Action, ...] = ()

    @property
    def waits(self) -> bool:
        return self.row is None and self.failed is None and not self.actions


def next_step(view: LabView, launch: Launch, attempts: list[JobRow], taken: int = 0) -> Step:
    """What a piece of work needs now, `taken` slots being promised already in this turn.

    An attempt that was interrupted or lost is repeated with the very same spec, from its checkpoint.
    """
    last = attempts[-1] if attempts else None
    if last is not None and last.state == "succeeded":
        return Step(row=last)
    if last is not None and last.state not in TERMINAL_STATES:
        return Step()
    if last is not None and not may_retry(view, last):
        return Step(failed=last)
    if last is not None:
        resumed = last.job_id if last.job_id in view.checkpoints else None
        launch = replace(launch, job=parse_job(last.spec), resumed_from=resumed)
    if launch.job.limits.gpus > view.free_slots - taken:
        return Step()
    return Step(actions=(launch,))


def baseline_work(
    view: LabView, plan: Plan, recipe: Recipe, seeds: Iterable[int], limit_seconds: float
) -> Work:
    """A recipe's own runs with these seeds."""
    for seed in seeds:
        attempts = [row for row in baseline_rows(view, recipe) if row.seed == seed]
        job = pretrain_job(recipe, seed, limit_seconds)
        kept = plan.least_final_seconds
        yield Launch(job, "baseline", kept, recipe_id=recipe.recipe_id, arm="baseline"), attempts


def treatment_work(
    view: LabView,
    plan: Plan,
    recipe: Recipe,
    hypothesis: Hypothesis,
    seeds: Iterable[int],
    limit_seconds: float,
) -> Work:
    """A hypothesis's runs with these seeds, on its baseline recipe."""
    for seed in seeds:
        own = [r for r in view.jobs if r.hypothesis_id == hypothesis.hypothesis_id and r.seed == seed]
        launch = Launch(
            pretrain_job(recipe, seed, limit_seconds, hypothesis.patch),
            "hypothesis",
            plan.least_final_seconds,
            recipe_id=recipe.recipe_id,
            hypothesis_id=hypothesis.hypothesis_id,
            arm="treatment",
        )
        yield launch, own


def launches(view: LabView, work: Work, is_affordable: Callable[[Piece], bool]) -> tuple[list[Action], bool]:
    """What of the work starts on the slots that are free, first come first; and whether any waits."""
    actions: list[Action] = []
    taken, waits = 0, False
    for piece in work:
        if not is_affordable(piece):
            continue
        step = next_step(view, *piece, taken)
        waits |= step.waits
        actions += step.actions
        taken += sum(action.job.limits.gpus for action in step.actions if isinstance(action, Launch))
    return actions, waits
