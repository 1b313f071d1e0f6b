"""Which recipe is in front, and what it is made of."""

from collections.abc import Sequence

from harness.decisions.actions import AddRecipe
from harness.decisions.composition import merge
from harness.decisions.view import (
    LabView,
    has_ended,
    is_settled,
    locked_attempts,
    recipe_values,
    seeds_wanted,
    value_of,
)
from harness.decisions.work import Stage
from harness.plan.growth import champion_patch
from harness.plan.jobs import champion_ranks
from harness.plan.plan import Plan
from journal.records import Hypothesis, Recipe, RecipeOrigin
from journal.science.adoption.decision import NOTHING, adopt
from journal.science.adoption.posterior import Idea, Trials, trials_of
from journal.science.core_guard import guard_of_recipe, guard_of_verdict, was_built_on
from journal.science.evidence import DIVERGED_REASONS
from journal.science.locked import locked_reading


def champion_recipe(view: LabView, plan: Plan) -> Recipe | None:
    """The best recipe that fresh seeds of its own have confirmed, and nothing has refused.

    The locked text may refuse it, and the guard may hold it back (`journal.science.core_guard`).
    """
    champion: Recipe | None = None
    for recipe in view.recipes:
        if recipe.origin in ("starter", "rebased", "reverted"):
            champion = recipe
        elif recipe.origin == "transferred":
            root = next(r for r in view.recipes if r.recipe_id == recipe.parent)
            if is_settled(view, recipe, plan):
                champion = recipe if _holds(view, plan, recipe, root) else root
        elif recipe.origin in ("rung", "adopted"):
            continue
        elif (
            champion is not None
            and recipe.parent == champion.recipe_id
            and _holds(view, plan, recipe, champion)
        ):
            champion = recipe if is_settled(view, recipe, plan) else champion
    return champion


def _holds(view: LabView, plan: Plan, recipe: Recipe, parent: Recipe) -> bool:
    better = _is_better(view, plan, recipe, parent) and not _is_refused(view, recipe)
    return better and not _is_held_back(view, recipe)


def _is_held_back(view: LabView, recipe: Recipe) -> bool:
    if was_built_on(recipe, view.recipes, view.hypotheses, view.jobs):
        return False
    return guard_of_recipe(recipe, view.jobs).is_held


def _is_refused(view: LabView, recipe: Recipe) -> bool:
    rows = locked_attempts(view, recipe)
    if not all(has_ended(view, row) for row in rows):
        return False  # half a reading says nothing
    reading = locked_reading(rows)
    return reading is not None and not reading.is_confirmed


def candidate_recipe(view: LabView, plan: Plan) -> Recipe | None:
    """A recipe built from supported patches that still waits for its fresh seeds."""
    champion = champion_recipe(view, plan)
    if champion is None or view.recipes[-1].parent != champion.recipe_id:
        return None
    last = view.recipes[-1]
    if last.origin in ("rung", "transferred", "adopted"):
        return None
    return None if last.recipe_id == champion.recipe_id or is_settled(view, last, plan) else last


def unmerged(view: LabView, champion: Recipe) -> list[Hypothesis]:
    """Supported hypotheses on this champion's line that no recipe has taken up, weakest first.

    Those that CORE or a limit holds back stay supported and are not built into anything.
    """
    taken = {name for recipe in view.recipes for name in recipe.findings}
    return [h for h in _supported(view, view.hypotheses, champion) if h.hypothesis_id not in taken]


def findings(view: LabView, champion: Recipe) -> list[Hypothesis]:
    """This session's supported hypotheses on a champion's line, merged or not, weakest first."""
    return _supported(view, view.own_hypotheses(), champion)


def _supported(view: LabView, hypotheses: Sequence[Hypothesis], champion: Recipe) -> list[Hypothesis]:
    """What won on one champion of the line may win on the next."""
    line = {recipe.recipe_id for recipe in champion_line(view, champion)}
    found = [
        (verdict.shrunken_effect, hypothesis)
        for hypothesis in hypotheses
        if hypothesis.baseline_recipe in line
        and (verdict := view.final_verdict(hypothesis.hypothesis_id)) is not None
        and verdict.verdict == "supported"
        and not guard_of_verdict(verdict, view.jobs).is_held
    ]
    return [hypothesis for _, hypothesis in sorted(found, key=lambda pair: pair[0])]


def champion_line(view: LabView, champion: Recipe) -> list[Recipe]:
    """The champion, the champions before it at this horizon, and last the recipe that they grew from."""
    by_id = {recipe.recipe_id: recipe for recipe in view.recipes}
    line = [champion]
    while line[-1].takes_up_findings and line[-1].parent is not None:
        line.append(by_id[line[-1].parent])
    return line


def rung_recipe(view: LabView) -> Recipe | None:
    """This session's recipe on the rung above, once the ladder has begun."""
    return _of_session(view, "rung")


def transferred_recipe(view: LabView) -> Recipe | None:
    """The recipe that this session's ladder ended with."""
    return _of_session(view, "transferred")


def with_adopted(view: LabView, plan: Plan, champion: Recipe) -> Stage[Recipe]:
    """The confirmed recipe, and what is expected to gain besides, proven or not.

    Nothing for a deeper model: there as many gains reverse as survive (docs/logs/transfer.md).
    """
    adopted = _of_session(view, "adopted")
    if adopted is not None:
        return Stage(adopted)
    trials = adoption_trials(view, champion) if champion_depth(view, plan, champion) is None else None
    adoption = NOTHING if trials is None else adopt(trials)
    ideas = {h.hypothesis_id: h for h in view.hypotheses}
    merged = merge(champion, [ideas[name] for name in reversed(adoption.names)]) if adoption.names else None
    if merged is None:
        return Stage(champion)
    names = tuple(hypothesis.hypothesis_id for hypothesis in merged.findings)
    number = view.session.number
    add = AddRecipe(merged.document, champion.recipe_id, merged.patch, "adopted", names, number, adoption)
    return Stage(actions=(add,))


def adoption_trials(view: LabView, champion: Recipe) -> Trials | None:
    """The ideas that a champion's line has not taken up, and their baselines; None: nothing to weigh.

    An idea that diverged, or that CORE or a limit holds back, is none. What was tested on a rung above was
    decided there.
    """
    if rung_recipe(view) is not None:
        return None
    line, taken = champion_line(view, champion), {name for r in view.recipes for name in r.findings}
    baselines = {recipe.recipe_id: recipe_values(view, recipe) for recipe in line}
    ideas = [
        Idea(h.hypothesis_id, h.baseline_recipe, values, frozenset(h.patch))
        for h in view.hypotheses
        if h.hypothesis_id not in taken
        and baselines.get(h.baseline_recipe)
        and (values := _own_treatment(view, h))
    ]
    if not ideas:
        return None
    used = {idea.baseline: baselines[idea.baseline] for idea in ideas}
    return trials_of(used, ideas)


def _own_treatment(view: LabView, hypothesis: Hypothesis) -> dict[int, float]:
    """Seed → val_bpb of a hypothesis's runs; {} where it must not be adopted."""
    rows = [row for row in view.jobs if row.hypothesis_id == hypothesis.hypothesis_id]
    verdict = view.verdicts_of(hypothesis.hypothesis_id)[-1:]
    is_held = any(v.diverged_jobs or guard_of_verdict(v, view.jobs).is_held for v in verdict)
    if is_held or any(row.reason in DIVERGED_REASONS for row in rows):
        return {}
    return {row.seed: value for row in rows if (value := value_of(row)) is not None}


def _of_session(view: LabView, origin: RecipeOrigin) -> Recipe | None:
    number = view.session.number
    return next((r for r in view.recipes if r.origin == origin and r.session == number), None)


def _is_better(view: LabView, plan: Plan, recipe: Recipe, parent: Recipe) -> bool:
    fresh, before = _own_values(view, plan, recipe), _own_values(view, plan, parent)
    return len(fresh) >= 2 and bool(before) and sum(fresh) / len(fresh) < sum(before) / len(before)


def _own_values(view: LabView, plan: Plan, recipe: Recipe) -> list[float]:
    """The seeds that every recipe gets; later ones serve verdicts, and must not unseat a champion."""
    values = recipe_values(view, recipe)
    return [values[seed] for seed in sorted(values)[: seeds_wanted(view, recipe, plan)]]


def champion_depth(view: LabView, plan: Plan, recipe: Recipe) -> int | None:
    """The depth that a recipe's final run is planned for; None where it does not grow."""
    ranks = champion_ranks(recipe.document, plan.slots)
    patch = champion_patch(plan, recipe, view.scale, plan.champion_seconds, ranks)
    depth = patch.get("model.depth")
    return None if depth is None else int(str(depth))
