"""The looks at open hypotheses: seeds that are due, baselines in step, and when a look is the last."""

import math

from harness.decisions.view import (
    LabView,
    baseline_rows,
    fits,
    has_ended,
    is_settled,
    recipe_values,
    seeds_wanted,
    value_of,
)
from harness.plan.plan import Plan
from harness.plan.seeds import seed_numbers
from journal.records import Hypothesis, JobRow, Recipe, Verdict
from journal.science.judge import seeds_at_look
from journal.science.screen import is_audited, is_hopeless, known_noise
from trainer.job import TERMINAL_STATES


def is_complete(view: LabView, plan: Plan, hypothesis: Hypothesis) -> bool:
    """Whether all runs of the next look have ended for good, those of its baseline included."""
    seeds = treatment_seeds(view, hypothesis)
    return _is_in_step(view, plan, hypothesis, seeds) and set(seeds) <= treatment_ended(view, hypothesis)


def _is_in_step(view: LabView, plan: Plan, hypothesis: Hypothesis, seeds: list[int]) -> bool:
    """Whether the baseline has ended as many seeds, or where pairs are judged these very ones."""
    baseline = baseline_of(view, hypothesis)
    ended = baseline_ended(view, baseline)
    enough = set(seeds) <= ended if hypothesis.pairing else len(ended) >= len(seeds)
    return enough and is_settled(view, baseline, plan)


def is_last_look(view: LabView, plan: Plan, hypothesis: Hypothesis) -> bool:
    """Whether the registered seeds are used, or the next look would not fit beside what was begun."""
    seeds = len(treatment_seeds(view, hypothesis))
    following = seeds_at_look(_look(view, hypothesis) + 1, hypothesis.replicates)
    baseline = baseline_in_step(view, plan, baseline_of(view, hypothesis))
    more = following - seeds + max(0, following - baseline)
    rounds = math.ceil((_seeds_to_come(view, plan) + more) / plan.slots)
    return following == seeds or not fits(view, plan, rounds)


def _seeds_to_come(view: LabView, plan: Plan) -> int:
    """Seeds that the next looks of all open hypotheses still wait for, those under way included."""
    treatment, steps = 0, {}
    for hypothesis in open_hypotheses(view):
        treatment += len(set(treatment_seeds(view, hypothesis)) - treatment_ended(view, hypothesis))
        recipe = baseline_of(view, hypothesis)
        steps[recipe.recipe_id] = baseline_in_step(view, plan, recipe) - len(baseline_ended(view, recipe))
    return treatment + sum(max(0, step) for step in steps.values())


def is_out_of_money(view: LabView, plan: Plan, hypothesis: Hypothesis) -> bool:
    """Whether the runs that the next look misses, repeats of lost ones included, will not come any more."""
    rows = treated_rows(view, hypothesis) + baseline_rows(view, baseline_of(view, hypothesis))
    is_waiting = any(row.state not in TERMINAL_STATES for row in rows)
    return not is_waiting and not fits(view, plan, 1.0, spare=True)


def baseline_in_step(view: LabView, plan: Plan, recipe: Recipe) -> int:
    """Seeds that a baseline should have by now: its own, or as many as its longest open arm.

    An effect of 2 sd is found within 16 seeds in 80% of labs in step, in 55% with 8 (docs/logs/truth.md).
    Not part of `is_settled`: that chooses the champion, and would forget it whenever an arm grows.
    """
    arms = [
        len(treatment_seeds(view, hypothesis))
        for hypothesis in open_hypotheses(view)
        if hypothesis.baseline_recipe == recipe.recipe_id
    ]
    return max([seeds_wanted(view, recipe, plan), *arms])


def baseline_ended(view: LabView, recipe: Recipe) -> set[int]:
    """Seeds of a recipe's own runs that have ended for good."""
    return {row.seed for row in baseline_rows(view, recipe) if has_ended(view, row)}


def treatment_ended(view: LabView, hypothesis: Hypothesis) -> set[int]:
    """Seeds of a hypothesis's own runs that have ended for good."""
    return {row.seed for row in treated_rows(view, hypothesis) if has_ended(view, row)}


def baseline_of(view: LabView, hypothesis: Hypothesis) -> Recipe:
    """The recipe that a hypothesis is compared with."""
    return next(r for r in view.recipes if r.recipe_id == hypothesis.baseline_recipe)


def open_hypotheses(view: LabView) -> list[Hypothesis]:
    """This session's hypotheses without a last word."""
    return [h for h in view.own_hypotheses() if view.final_verdict(h.hypothesis_id) is None]


def treated_rows(view: LabView, hypothesis: Hypothesis) -> list[JobRow]:
    """A hypothesis's own runs, the last attempt at each seed."""
    rows = {row.seed: row for row in view.jobs if row.hypothesis_id == hypothesis.hypothesis_id}
    return list(rows.values())


def treatment_seeds(view: LabView, hypothesis: Hypothesis, least: int = 0) -> list[int]:
    """Seeds wanted for the next look, or `least` if those are more: those of the baseline.

    Equal initial weights and order of the data cost nothing, and let a verdict use pairs
    (docs/reference/science.md). A hypothesis that was registered before arms shared seeds keeps its own.
    """
    count = max(seeds_at_look(_look(view, hypothesis), hypothesis.replicates), least)
    number = _number_of(hypothesis.hypothesis_id)
    if hypothesis.pairing is None:
        return [_seed_base(view) + 500_000 + 100 * number + index for index in range(1, count + 1)]
    first, ring = _first_seed(view, hypothesis.baseline_recipe), _ring(view, hypothesis)
    return [first + index for index in seed_numbers(count, ring, number)]


def _ring(view: LabView, hypothesis: Hypothesis) -> int:
    """The seeds that the baseline has whatever the looks; a rung above has as many as its looks want."""
    recipe = baseline_of(view, hypothesis)
    if view.plan is None or recipe.origin == "rung":
        return 1
    return seeds_wanted(view, recipe, view.plan)


def _look(view: LabView, hypothesis: Hypothesis) -> int:
    return len(view.verdicts_of(hypothesis.hypothesis_id)) + 1


def _seed_base(view: LabView) -> int:
    """Where the session's training seeds begin."""
    return 1_000_000 * view.session.seed


def _first_seed(view: LabView, recipe_id: str) -> int:
    """The number before the first of a recipe's own seeds: each recipe has fresh ones."""
    return _seed_base(view) + 100 * _number_of(recipe_id)


def own_seeds(view: LabView, recipe: Recipe, count: int) -> list[int]:
    """The first `count` of a recipe's own seeds."""
    first = _first_seed(view, recipe.recipe_id)
    return [first + index for index in range(1, count + 1)]


def _number_of(name: str) -> int:
    """`h7` or `r7` → 7."""
    return int(name[1:])


def seeds_due(view: LabView, hypothesis: Hypothesis, slots_wait: bool) -> list[int]:
    """Seeds to run now: those of the next look, or while it has not ended the first alone.

    `slots_wait`: nothing else wants the slots, and the other seeds of the look need not wait. A person who
    asks gets the judge's answer: the first seed screens the lab's own ideas only.
    """
    seeds = treatment_seeds(view, hypothesis)
    rows = treated_rows(view, hypothesis)
    is_begun = any(row.seed != seeds[0] for row in rows)
    first = next((row for row in rows if row.seed == seeds[0]), None)
    if is_begun or slots_wait or hypothesis.proposer == "human":
        return seeds
    is_screened = first is not None and has_ended(view, first)
    return seeds if is_screened and not is_stopped(view, hypothesis) else seeds[:1]


def is_stopped(view: LabView, hypothesis: Hypothesis) -> bool:
    """Whether the first seed, alone so far, is surely worse than the baseline, and is not audited."""
    row = _only_seed(view, hypothesis)
    value = None if row is None else value_of(row)
    if row is None or value is None or hypothesis.proposer == "human" or is_audited(row.job_id):
        return False
    baseline = list(recipe_values(view, baseline_of(view, hypothesis)).values())
    return is_hopeless(baseline, value, known_noise(baseline, _verdicts_on(view, hypothesis.baseline_recipe)))


def _only_seed(view: LabView, hypothesis: Hypothesis) -> JobRow | None:
    rows = treated_rows(view, hypothesis)
    return rows[0] if len(rows) == 1 and not view.verdicts_of(hypothesis.hypothesis_id) else None


def _verdicts_on(view: LabView, recipe_id: str) -> list[Verdict]:
    """Those on the same baseline: same rung, same noise."""
    own = {h.hypothesis_id for h in view.hypotheses if h.baseline_recipe == recipe_id}
    return [verdict for verdict in view.verdicts if verdict.hypothesis_id in own]
