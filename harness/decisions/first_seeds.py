"""First seeds before second ones: which seeds of a hypothesis are due, and which idea is closed. Pure.

The lab's own ideas only: a person who asks gets the judge's answer.
"""

from harness.decisions.looks import baseline_of, treated_rows, treatment_seeds
from harness.decisions.view import LabView, has_ended, recipe_values, value_of
from journal.records import Hypothesis, JobRow, Verdict
from journal.science.screen import is_audited, is_hopeless, known_noise


def seeds_due(view: LabView, hypothesis: Hypothesis, slots_wait: bool) -> list[int]:
    """Seeds to run now: those of the next look, or while it has not ended the first alone.

    `slots_wait`: nothing else wants the slots, and the other seeds of the look need not wait.
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
