"""The ladder: what was found is tested on the rung above, and the champion is made of what held. Pure."""

import math
from collections.abc import Iterator

from harness.decisions.actions import END_PURPOSES, Action, AddRecipe, Judge, Launch, Retest
from harness.decisions.champion import (
    champion_depth,
    champion_line,
    champion_recipe,
    findings,
    rung_recipe,
    transferred_recipe,
)
from harness.decisions.composition import after_combined_test, composition
from harness.decisions.looks import first_seed, treated_rows, treatment_seeds
from harness.decisions.steps import next_step
from harness.decisions.view import LabView, baseline_rows, has_ended, seeds_wanted
from harness.plan.jobs import as_recipe_document, pretrain_job
from harness.plan.plan import Plan, wall_limit
from harness.plan.rungs import BASELINE_SEEDS, REPLICATES, Rung, rung_above, searched_depth
from journal.prices import node_cost_micro_usd
from journal.records import Hypothesis, JobRow, Patch, Recipe, Verdict
from journal.science.core_guard import guard_of_verdict
from journal.science.transfer import transfer_minimum_effect
from trainer.job import JobError

Work = Iterator[tuple[Launch, list[JobRow]]]
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
        return _run(
            view,
            plan,
            _recipe_work(view, plan, made, seeds_wanted(made, plan), wall_limit(plan.search_job_seconds)),
        )
    if recipe is None:
        return _begin(view, plan, champion)
    tests = tests_on(view, recipe)
    moves = _tests(view, plan, champion, recipe, tests)
    return _conclude(view, plan, champion, recipe, tests) if moves is None else moves


def tests_on(view: LabView, recipe: Recipe) -> list[Hypothesis]:
    """The hypotheses registered on a rung's recipe."""
    return [h for h in view.own_hypotheses() if h.baseline_recipe == recipe.recipe_id]


def transfer_hypothesis(view: LabView, action: Retest, hypothesis_id: str, at: float) -> Hypothesis:
    """The claim that findings, together if there are several, hold on a rung: at least a third of it."""
    plan, by_id = view.plan, {h.hypothesis_id: h for h in view.hypotheses}
    assert plan is not None
    found = [by_id[name] for name in action.hypothesis_ids]
    recipe = next(r for r in view.recipes if r.recipe_id == action.recipe_id)
    rung = _rung(view, plan, recipe)
    names = " and ".join(action.hypothesis_ids)
    cost = node_cost_micro_usd(REPLICATES * _job_seconds(plan, rung), plan.price_micro_usd_per_hour)
    return Hypothesis(
        hypothesis_id=hypothesis_id,
        statement=f"{names} {'holds' if len(found) == 1 else 'hold together'} at {recipe.rung_name}",
        baseline_recipe=recipe.recipe_id,
        patch=_union(found),
        minimum_effect=transfer_minimum_effect(min(h.minimum_effect for h in found)),
        replicates=REPLICATES,
        stopping_rule=f"as {action.hypothesis_ids[0]} with {REPLICATES} seeds at most, or no time for more",
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
    if champion_depth(view, plan, root) < rung.depth or not _fits(view, plan, rung, rounds=2):
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
    together = _union([found[name] for name in reversed(names)])
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
    for chosen in (kept, kept[-1:]):
        try:
            document = as_recipe_document(root.job_document(0, _union(chosen)))
        except JobError:
            continue  # each is valid alone, together they are not: the strongest alone
        if document == champion.document:
            return None
        names = tuple(h.hypothesis_id for h in chosen)
        return [AddRecipe(document, root.recipe_id, _union(chosen), "transferred", names, session)]
    return None


def _run(view: LabView, plan: Plan, work: Work, rung: Rung | None = None) -> list[Action] | None:
    """Launches, [] to wait for what is under way, None when nothing is left that can be paid."""
    actions: list[Action] = []
    taken, waits = 0, False
    for launch, attempts in work:
        if not attempts and not _fits(view, plan, rung, rounds=1):
            continue
        step = next_step(view, launch, attempts, taken)
        waits |= step.waits
        actions += step.actions
        taken += sum(a.job.limits.gpus for a in step.actions if isinstance(a, Launch))
    return actions if actions or waits else None


def _rung_work(view: LabView, plan: Plan, recipe: Recipe, waiting: list[Hypothesis], rung: Rung) -> Work:
    """The next looks; then, where slots are left, what later ones will want: few findings fill no node."""
    limit, base = wall_limit(_job_seconds(plan, rung)), _baseline_seeds(view, waiting)
    now = {test.hypothesis_id: treatment_seeds(view, test) for test in waiting}
    yield from _recipe_work(view, plan, recipe, base, limit)
    for test in waiting:
        yield from _test_work(view, plan, recipe, test, now[test.hypothesis_id], limit)
    yield from _recipe_work(view, plan, recipe, REPLICATES, limit, begun=base)
    for test in waiting:
        later = treatment_seeds(view, test, REPLICATES)[len(now[test.hypothesis_id]) :]
        yield from _test_work(view, plan, recipe, test, later, limit)


def _test_work(
    view: LabView, plan: Plan, recipe: Recipe, test: Hypothesis, seeds: list[int], limit: float
) -> Work:
    for seed in seeds:
        attempts = [r for r in view.jobs if r.hypothesis_id == test.hypothesis_id and r.seed == seed]
        job = pretrain_job(recipe, seed, limit, test.patch)
        yield (
            Launch(
                job,
                "hypothesis",
                plan.least_final_seconds,
                recipe_id=recipe.recipe_id,
                hypothesis_id=test.hypothesis_id,
                arm="treatment",
            ),
            attempts,
        )


def _recipe_work(view: LabView, plan: Plan, recipe: Recipe, seeds: int, limit: float, begun: int = 0) -> Work:
    for seed in _seeds_of(view, recipe, seeds)[begun:]:
        attempts = [row for row in baseline_rows(view, recipe) if row.seed == seed]
        job = pretrain_job(recipe, seed, limit)
        yield (
            Launch(job, "baseline", plan.least_final_seconds, recipe_id=recipe.recipe_id, arm="baseline"),
            attempts,
        )


def _verdicts_due(
    view: LabView, plan: Plan, recipe: Recipe, waiting: list[Hypothesis], rung: Rung
) -> list[Action]:
    base = {row.seed for row in baseline_rows(view, recipe) if has_ended(view, row)}
    if not set(_seeds_of(view, recipe, _baseline_seeds(view, waiting))) <= base:
        return []
    due: list[Action] = []
    for test in waiting:
        seeds = treatment_seeds(view, test)
        if set(seeds) <= {row.seed for row in treated_rows(view, test) if has_ended(view, row)}:
            last = len(seeds) >= test.replicates or not _fits(view, plan, rung, rounds=1)
            due.append(Judge(test.hypothesis_id, closing=last))
    return due


def _baseline_seeds(view: LabView, waiting: list[Hypothesis]) -> int:
    """The baseline keeps step with the longest arm that is open."""
    return max([BASELINE_SEEDS, *(len(treatment_seeds(view, test)) for test in waiting)])


def _seeds_of(view: LabView, recipe: Recipe, count: int) -> list[int]:
    first = first_seed(view, recipe.recipe_id)
    return [first + index for index in range(1, count + 1)]


def _verdict_on(patch: Patch, tests: list[Hypothesis], verdicts: dict[str, Verdict]) -> Verdict | None:
    return next((verdicts.get(test.hypothesis_id) for test in tests if test.patch == patch), None)


def _union(found: list[Hypothesis]) -> Patch:
    patch: Patch = {}
    for hypothesis in found:
        patch.update(hypothesis.patch)
    return patch


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
