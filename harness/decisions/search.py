"""The search: baselines and early deployment, then rounds of hypotheses. Pure."""

import math

from harness.decisions.actions import END_PURPOSES, Action, AddRecipe, Deploy, Judge, Launch, Propose
from harness.decisions.champion import candidate_recipe, champion_recipe, rung_recipe, unmerged
from harness.decisions.composition import merge
from harness.decisions.looks import (
    baseline_in_step,
    baseline_of,
    is_complete,
    is_last_look,
    is_out_of_money,
    is_stopped,
    open_hypotheses,
    own_seeds,
    seeds_due,
    treated_rows,
)
from harness.decisions.view import LabView, fits, is_plateau, is_settled, recipe_values, seeds_wanted
from harness.decisions.work import Piece, Work, baseline_work, launches, treatment_work
from harness.plan.jobs import sft_job
from harness.plan.plan import Plan, search_limit
from journal.records import Recipe
from journal.science.judge import FIRST_LOOK_SEEDS

# What jobs may take longer than planned, and the first idea still has room.
_SLOWER = 1.25
_SEARCH_PURPOSES = ("baseline", "hypothesis", "early_sft")


def search_actions(view: LabView) -> list[Action] | None:
    """The search's next actions; [] to wait, None when it is over."""
    plan = view.plan
    assert plan is not None
    if any(view.latest(purpose) is not None for purpose in END_PURPOSES):
        return None  # the end has begun: a restart does not go back
    if rung_recipe(view) is not None:
        return None  # the ladder has begun
    champion = champion_recipe(view, plan)
    assert champion is not None
    verdicts = _verdicts_due(view, plan)
    if verdicts:
        return verdicts
    launches = _launches(view, plan, champion)
    if launches or view.is_proposing:
        return launches
    merged = _merge(view, plan, champion)
    if merged:
        return merged
    waits = any(row.purpose in _SEARCH_PURPOSES for row in view.active)
    return _propose(view, plan, champion) or ([] if waits else None)


def _launches(view: LabView, plan: Plan, champion: Recipe) -> list[Action]:
    under_test = {hypothesis.baseline_recipe for hypothesis in open_hypotheses(view)}

    def is_affordable(piece: Piece) -> bool:
        launch, attempts = piece
        begun = bool(attempts) or launch.recipe_id in under_test
        if launch.purpose == "early_sft":
            return begun or _has_room_early(view, plan)
        return fits(view, plan, 1.0, spare=begun)

    actions, _ = launches(view, _work(view, plan, champion), is_affordable)
    return actions + _early_deployment(view)


def _work(view: LabView, plan: Plan, champion: Recipe) -> Work:
    """All pieces of work that are wanted now, most urgent first, each with its attempts."""
    yield from _recipe_work(view, plan, champion, seeds_wanted(view, champion, plan))
    yield from _early_sft(view, plan, champion)
    candidate = candidate_recipe(view, plan)
    if candidate is not None:
        yield from _recipe_work(view, plan, candidate, seeds_wanted(view, candidate, plan))
    yield from _step_work(view, plan, champion)
    slots_wait = not _may_propose(view, plan, champion)
    for hypothesis in open_hypotheses(view):
        seeds, recipe = seeds_due(view, hypothesis, slots_wait), baseline_of(view, hypothesis)
        yield from treatment_work(view, plan, recipe, hypothesis, seeds, search_limit(plan))


def _recipe_work(view: LabView, plan: Plan, recipe: Recipe, count: int, begun: int = 0) -> Work:
    return baseline_work(view, plan, recipe, own_seeds(view, recipe, count)[begun:], search_limit(plan))


def _step_work(view: LabView, plan: Plan, champion: Recipe) -> Work:
    """Further seeds of the baselines under test, so that each keeps step with its longest open arm."""
    under_test = {hypothesis.baseline_recipe for hypothesis in open_hypotheses(view)}
    for recipe in (recipe for recipe in view.recipes if recipe.recipe_id in under_test):
        begun = seeds_wanted(view, recipe, plan) if recipe.recipe_id == champion.recipe_id else 0
        yield from _recipe_work(view, plan, recipe, baseline_in_step(view, plan, recipe), begun)


def _early_sft(view: LabView, plan: Plan, champion: Recipe) -> Work:
    """A first model to talk to, unless the lab serves one already or has no time for it."""
    own = [row for row in view.in_session if row.purpose == "early_sft"]
    if not own and (not plan.has_early_model or any(d.state == "live" for d in view.deployments)):
        return
    bases = [r for r in view.jobs if r.recipe_id == champion.recipe_id and r.purpose == "baseline"]
    done = [row for row in bases if row.state == "succeeded"]
    if done:
        job = sft_job(
            view.scale, view.session.data, done[0].job_id, 0, plan.early_sft_tokens, search_limit(plan), 1
        )
        yield Launch(job, "early_sft", plan.least_final_seconds), own


def _has_room_early(view: LabView, plan: Plan) -> bool:
    """Whether the early model leaves room for the first idea: that comes first, and a champion follows."""
    is_tested = any(row.purpose == "hypothesis" for row in view.in_session)
    look = 0 if is_tested else math.ceil(FIRST_LOOK_SEEDS / plan.slots)
    own = plan.early_sft_seconds / plan.search_job_seconds / plan.slots
    return fits(view, plan, _SLOWER * (own + look), spare=True)


def _early_deployment(view: LabView) -> list[Action]:
    row = view.latest("early_sft")
    if row is None or row.state != "succeeded" or any(d.job_id == row.job_id for d in view.deployments):
        return []
    return [Deploy(row.job_id)]


def _verdicts_due(view: LabView, plan: Plan) -> list[Action]:
    """The first verdict that is due: what it says decides what the others may still spend."""
    for hypothesis in open_hypotheses(view):
        if is_stopped(view, hypothesis):
            return [Judge(hypothesis.hypothesis_id, closing=True)]
        if is_complete(view, plan, hypothesis):
            return [Judge(hypothesis.hypothesis_id, closing=is_last_look(view, plan, hypothesis))]
        if treated_rows(view, hypothesis) and is_out_of_money(view, plan, hypothesis):
            return [Judge(hypothesis.hypothesis_id, closing=True)]
    return []


def _merge(view: LabView, plan: Plan, champion: Recipe) -> list[Action]:
    """Supported patches become one recipe, to be confirmed by fresh seeds of its own."""
    supported = unmerged(view, champion)
    waiting = [h for h in open_hypotheses(view) if h.baseline_recipe == champion.recipe_id]
    is_early = bool(waiting) and not (plan.is_wide and view.free_slots)
    if not supported or is_early or candidate_recipe(view, plan) is not None or not fits(view, plan, 1.0):
        return []
    merged = merge(champion, supported)
    if merged is None:
        return []
    names = tuple(hypothesis.hypothesis_id for hypothesis in supported)
    return [AddRecipe(merged.document, champion.recipe_id, merged.patch, "supported", names)]


def _propose(view: LabView, plan: Plan, champion: Recipe) -> list[Action]:
    """New hypotheses for half of the slots that are free: asked again, once these have their first seeds."""
    free = view.free_slots or (1 if view.prefetch else 0)
    if not free or _unlaunched(view) or not _may_propose(view, plan, champion):
        return []
    for count in range(min(_ideas_left(view, plan), max(1, free // FIRST_LOOK_SEEDS)), 0, -1):
        if _has_room(view, plan, count):
            return [Propose(count)]
    return []


def _may_propose(view: LabView, plan: Plan, champion: Recipe) -> bool:
    """Whether the lab would test another idea, were there a slot for it."""
    ready = is_settled(view, champion, plan) and len(recipe_values(view, champion)) >= 2
    if not ready or view.proposals_exhausted or is_plateau(view):
        return False
    if not plan.is_wide and (candidate_recipe(view, plan) is not None or unmerged(view, champion)):
        return False
    return _ideas_left(view, plan) > 0 and _has_room(view, plan, 1)


def _ideas_left(view: LabView, plan: Plan) -> int:
    """One that its first seed has stopped took half of the runs that are planned for the least of looks."""
    own = view.own_hypotheses()
    if view.session.max_hypotheses is not None:
        return view.session.max_hypotheses - len(own)
    last = [view.final_verdict(hypothesis.hypothesis_id) for hypothesis in own]
    stopped = sum(verdict is not None and len(verdict.treatment_jobs) == 1 for verdict in last)
    return 2 * plan.hypotheses + stopped // 2 - len(own)


def _has_room(view: LabView, plan: Plan, ideas: int) -> bool:
    """Whether so many ideas can be brought to their first look."""
    # One more, for a winner must be confirmed. In the shortest session the one idea is worth its verdict, and
    # the contingency's time.
    is_first = not view.own_hypotheses()
    rounds = math.ceil(ideas * FIRST_LOOK_SEEDS / plan.slots) + (not is_first)
    return fits(view, plan, rounds, spare=is_first)


def _unlaunched(view: LabView) -> bool:
    for hypothesis in open_hypotheses(view):
        seeds = {row.seed for row in treated_rows(view, hypothesis)}
        if not set(seeds_due(view, hypothesis, slots_wait=False)) <= seeds:
            return True
    return False
