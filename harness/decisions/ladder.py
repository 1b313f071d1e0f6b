"""The ladder: what was found is tested on the rung above, and the champion is made of what held. Pure."""

import math

from harness.decisions.actions import END_PURPOSES, Action, AddRecipe, Judge, Retest
from harness.decisions.champion import (
    champion_depth,
    champion_line,
    champion_recipe,
    findings,
    rung_recipe,
    transferred_recipe,
)
from harness.decisions.composition import after_combined_test, composition, joint_patch, merge
from harness.decisions.looks import (
    baseline_ended,
    baseline_in_step,
    own_seeds,
    treatment_ended,
    treatment_seeds,
)
from harness.decisions.view import LabView, seeds_wanted
from harness.decisions.work import Piece, Work, baseline_work, launches, treatment_work
from harness.plan.jobs import as_recipe_document
from harness.plan.plan import Plan, search_limit, wall_limit
from harness.plan.rungs import RUNG_REPLICATES, Rung, rung_above, searched_depth
from journal.prices import node_cost_micro_usd
from journal.records import Hypothesis, Patch, Recipe, Verdict
from journal.science.core_guard import guard_of_verdict
from journal.science.transfer import transfer_minimum_effect

# Before a test about as much reverses as survives.
PRIOR = 0.5


def ladder_actions(view: LabView) -> list[Action] | None:
    """The ladder's next actions; [] to wait, None when it is over or there is none."""
    plan = view.plan
    assert plan is not None
    champion = champion_recipe(view, plan)
    assert champion is not None
    if any(view.latest(purpose) is not None for purpose in END_PURPOSES):
        return None
    recipe, made = rung_recipe(view), transferred_recipe(view)
    if made is not None:
        seeds = own_seeds(view, made, seeds_wanted(view, made, plan))
        return _run(view, plan, baseline_work(view, plan, made, seeds, search_limit(plan)))
    if recipe is None:
        return _begin(view, plan, champion)
    tests = _tests_on(view, recipe)
    moves = _tests(view, plan, champion, recipe, tests)
    return _conclude(view, plan, champion, recipe, tests) if moves is None else moves


def _tests_on(view: LabView, recipe: Recipe) -> list[Hypothesis]:
    """The hypotheses registered on a rung's recipe."""
    return [h for h in view.own_hypotheses() if h.baseline_recipe == recipe.recipe_id]


def transfer_hypothesis(view: LabView, action: Retest, hypothesis_id: str, at: float) -> Hypothesis:
    """The claim that findings, together if there are several, hold on a rung: at least a third of it."""
    plan, by_id = view.plan, {h.hypothesis_id: h for h in view.hypotheses}
    assert plan is not None
    found = [by_id[name] for name in action.hypothesis_ids]
    recipe = next(r for r in view.recipes if r.recipe_id == action.recipe_id)
    rung = _rung(view, plan, recipe)
    names, first = " and ".join(action.hypothesis_ids), action.hypothesis_ids[0]
    cost = node_cost_micro_usd(RUNG_REPLICATES * _job_seconds(plan, rung), plan.price_micro_usd_per_hour)
    return Hypothesis(
        hypothesis_id=hypothesis_id,
        statement=f"{names} {'holds' if len(found) == 1 else 'hold together'} at {recipe.rung_name}",
        baseline_recipe=recipe.recipe_id,
        patch=joint_patch(found),
        minimum_effect=transfer_minimum_effect(min(h.minimum_effect for h in found)),
        replicates=RUNG_REPLICATES,
        stopping_rule=f"as {first} with {RUNG_REPLICATES} seeds at most, or no time for more",
        cost_micro_usd=cost // plan.slots,
        proposer=found[0].proposer,
        prior=PRIOR,
        rung=recipe.rung_name,
        registered_at=at,
        pairing=False,  # nothing is known of pairs on a rung that is new
    )


def _begin(view: LabView, plan: Plan, champion: Recipe) -> list[Action] | None:
    root = champion_line(view, champion)[-1]
    depth = searched_depth(root)
    if not plan.ladder_seconds or depth is None or not findings(view, champion):
        return None
    rung = rung_above(view.scale, depth, plan.search_tokens)
    final_depth = champion_depth(view, plan, root)
    if final_depth is None or final_depth < rung.depth or not _fits(view, plan, rung, rounds=2):
        return None
    patch: Patch = {"model.depth": rung.depth}
    document = as_recipe_document(root.job_document(0, patch))
    return [AddRecipe(document, root.recipe_id, patch, "rung", session=view.session.number)]


def _tests(
    view: LabView, plan: Plan, champion: Recipe, recipe: Recipe, tests: list[Hypothesis]
) -> list[Action] | None:
    """Registration, runs and verdicts on the rung; None when all have their last word."""
    tested = [test.patch for test in tests]
    missing = [h for h in findings(view, champion) if h.patch not in tested]
    if missing:
        return [Retest((h.hypothesis_id,), recipe.recipe_id) for h in missing]
    waiting = [test for test in tests if view.final_verdict(test.hypothesis_id) is None]
    if not waiting:
        return None
    rung = _rung(view, plan, recipe)
    due = _verdicts_due(view, plan, recipe, waiting, rung)
    if due:
        return due
    moves = _run(view, plan, _rung_work(view, plan, recipe, waiting, rung), rung)
    if moves is not None:
        return moves
    return [Judge(test.hypothesis_id, closing=True) for test in waiting]


def _conclude(
    view: LabView, plan: Plan, champion: Recipe, recipe: Recipe, tests: list[Hypothesis]
) -> list[Action] | None:
    """Test what is kept as a whole, then make the recipe of it."""
    verdicts = {t.hypothesis_id: v for t in tests if (v := view.final_verdict(t.hypothesis_id)) is not None}
    found = {h.hypothesis_id: h for h in findings(view, champion)}
    last = {name: _verdict_on(h.patch, tests, verdicts) for name, h in found.items()}
    names = composition({n: v for n, v in last.items() if v is not None and not _is_held(view, v)})
    together = joint_patch([found[name] for name in reversed(names)])
    combined = _verdict_on(together, tests, verdicts)
    if len(names) > 1 and combined is None and _fits(view, plan, _rung(view, plan, recipe), rounds=1):
        return [Retest(tuple(reversed(names)), recipe.recipe_id)]
    spoilt = len(names) > 1 and combined is not None and _is_held(view, combined)
    kept = names[:1] if spoilt else after_combined_test(names, combined)
    return _recipe_of(view, champion, [found[name] for name in reversed(kept)])


def _is_held(view: LabView, verdict: Verdict) -> bool:
    """Whether CORE or a limit holds back on the rung what val_bpb lets through."""
    return guard_of_verdict(verdict, view.jobs).is_held


def _recipe_of(view: LabView, champion: Recipe, kept: list[Hypothesis]) -> list[Action] | None:
    """The first rung's recipe of what held, weakest first; None when the champion is that already."""
    root, session = champion_line(view, champion)[-1], view.session.number
    if not kept and champion.recipe_id == root.recipe_id:
        return None
    if not kept:
        return [AddRecipe(root.document, root.recipe_id, {}, "reverted", session=session)]
    merged = merge(root, kept)
    if merged is None or merged.document == champion.document:
        return None
    names = tuple(h.hypothesis_id for h in merged.findings)
    return [AddRecipe(merged.document, root.recipe_id, merged.patch, "transferred", names, session)]


def _run(view: LabView, plan: Plan, work: Work, rung: Rung | None = None) -> list[Action] | None:
    """Launches, [] to wait for what is under way, None when nothing is left that can be paid."""

    def is_affordable(piece: Piece) -> bool:
        _, attempts = piece
        return bool(attempts) or _fits(view, plan, rung, rounds=1)

    actions, waits = launches(view, work, is_affordable)
    return actions if actions or waits else None


def _rung_work(view: LabView, plan: Plan, recipe: Recipe, waiting: list[Hypothesis], rung: Rung) -> Work:
    """The next looks; then, where slots are left, what later ones will want: few findings fill no node."""
    limit, begun = wall_limit(_job_seconds(plan, rung)), baseline_in_step(view, plan, recipe)
    own = own_seeds(view, recipe, max(begun, RUNG_REPLICATES))
    now = {test.hypothesis_id: treatment_seeds(view, test) for test in waiting}
    yield from baseline_work(view, plan, recipe, own[:begun], limit)
    for test in waiting:
        yield from treatment_work(view, plan, recipe, test, now[test.hypothesis_id], limit)
    yield from baseline_work(view, plan, recipe, own[begun:], limit)
    for test in waiting:
        later = treatment_seeds(view, test, RUNG_REPLICATES)[len(now[test.hypothesis_id]) :]
        yield from treatment_work(view, plan, recipe, test, later, limit)


def _verdicts_due(
    view: LabView, plan: Plan, recipe: Recipe, waiting: list[Hypothesis], rung: Rung
) -> list[Action]:
    in_step = own_seeds(view, recipe, baseline_in_step(view, plan, recipe))
    if not set(in_step) <= baseline_ended(view, recipe):
        return []
    due: list[Action] = []
    for test in waiting:
        seeds = treatment_seeds(view, test)
        if set(seeds) <= treatment_ended(view, test):
            last = len(seeds) >= test.replicates or not _fits(view, plan, rung, rounds=1)
            due.append(Judge(test.hypothesis_id, closing=last))
    return due


def _verdict_on(patch: Patch, tests: list[Hypothesis], verdicts: dict[str, Verdict]) -> Verdict | None:
    return next((verdicts.get(test.hypothesis_id) for test in tests if test.patch == patch), None)


def _rung(view: LabView, plan: Plan, recipe: Recipe) -> Rung:
    root = next(r for r in view.recipes if r.recipe_id == recipe.parent)
    depth = searched_depth(root)
    assert depth is not None
    return rung_above(view.scale, depth, plan.search_tokens)


def _job_seconds(plan: Plan, rung: Rung) -> float:
    return rung.job_seconds(plan.rates.tokens_per_second, plan.rates.overhead_seconds)


def _fits(view: LabView, plan: Plan, rung: Rung | None, rounds: int) -> bool:
    """Whether so many rounds of a rung's jobs end before the money of the end is touched."""
    seconds = plan.search_job_seconds if rung is None else _job_seconds(plan, rung)
    kept = plan.keep_seconds - plan.ladder_seconds
    # What is made of the findings runs once more on the first rung, with fresh seeds.
    confirms = 0.0 if rung is None else plan.search_job_seconds * math.ceil(plan.confirm_seeds / plan.slots)
    return rounds * seconds + confirms <= view.seconds_left - kept
