"""The final champion reads the locked text: what does not beat the baseline there is not trained. Pure."""

from harness.decisions.actions import Action, Launch
from harness.decisions.champion import champion_line, champion_recipe
from harness.decisions.view import LabView, baseline_rows, has_ended, locked_attempts
from harness.decisions.work import Stage, next_step
from harness.plan.jobs import locked_job
from harness.plan.plan import Plan, wall_limit
from journal.records import JobRow, Recipe
from journal.science.locked import MOST_READS, locked_reading, readings

PAIRS = 2


def final_recipe(view: LabView, plan: Plan, keep_seconds: float) -> Stage[Recipe]:
    """The recipe that the end trains, once the locked text was read.

    A recipe that cannot be read (three reads are spent, no time, no checkpoints) gives way to the last
    one that was confirmed, or else to the baseline.
    """
    champion = champion_recipe(view, plan)
    assert champion is not None
    line = champion_line(view, champion)
    if len(line) == 1 or _is_confirmed(view, champion):
        return Stage(champion)
    pairs = _pairs(view, champion, line[-1])
    attempts = locked_attempts(view, champion)
    may_read = bool(attempts) or _may_read(view, plan, keep_seconds)
    if not pairs or not may_read or _have_ended(view, pairs, attempts):
        return Stage(next((recipe for recipe in line[1:] if _is_confirmed(view, recipe)), line[-1]))
    return Stage(actions=tuple(_read(view, plan, champion, pairs, attempts, keep_seconds)))


def _read(
    view: LabView,
    plan: Plan,
    champion: Recipe,
    pairs: list[tuple[JobRow, JobRow]],
    attempts: list[JobRow],
    keep_seconds: float,
) -> list[Action]:
    actions: list[Action] = []
    for fresh, before in pairs:
        job = locked_job(
            view.scale,
            view.session.data,
            fresh.job_id,
            before.job_id,
            fresh.seed,
            wall_limit(plan.eval_seconds),
        )
        own = [row for row in attempts if row.seed == fresh.seed]
        launch = Launch(job, "locked", keep_seconds, recipe_id=champion.recipe_id)
        actions += next_step(view, launch, own, taken=len(actions)).actions
    return actions


def _pairs(view: LabView, champion: Recipe, baseline: Recipe) -> list[tuple[JobRow, JobRow]]:
    """Fresh runs of the champion beside runs of the baseline, by seed and not by merit."""
    return list(zip(_kept_runs(view, champion), _kept_runs(view, baseline), strict=False))[:PAIRS]


def _kept_runs(view: LabView, recipe: Recipe) -> list[JobRow]:
    rows = [row for row in baseline_rows(view, recipe) if row.state == "succeeded"]
    return sorted((row for row in rows if row.job_id in view.checkpoints), key=lambda row: row.seed)


def _have_ended(view: LabView, pairs: list[tuple[JobRow, JobRow]], attempts: list[JobRow]) -> bool:
    ended = {row.seed for row in attempts if has_ended(view, row)}
    return all(fresh.seed in ended for fresh, _ in pairs)


def _may_read(view: LabView, plan: Plan, keep_seconds: float) -> bool:
    is_time = view.seconds_left > keep_seconds + plan.eval_seconds
    return is_time and len(readings(view.jobs)) < MOST_READS


def _is_confirmed(view: LabView, recipe: Recipe) -> bool:
    reading = locked_reading(locked_attempts(view, recipe))
    return reading is not None and reading.is_confirmed
