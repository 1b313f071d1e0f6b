"""An alarm: runs of one recipe that differ in seed and time alone should agree, whenever they ran."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from journal.records import Verdict
from journal.science.recipe_seeds import recipe_noise
from journal.science.statistics import Noise, combine, mean, pooled_noise, student_cdf
from journal.store import Journal

DRIFT_EVENT = "aa_drift"
# A check follows every verdict: one false alarm in a thousand of them.
ALARM_P = 0.001
FEWEST_SEEDS = 4


@dataclass(frozen=True)
class Drift:
    """Later minus earlier half of a baseline's seeds, in val_bpb, and its two-sided p-value."""

    recipe_id: str
    seeds: int
    difference: float
    p_value: float

    @property
    def text(self) -> str:
        """One line for people."""
        return (
            f"A/A check: the later half of {self.seeds} runs of {self.recipe_id} differs from the earlier "
            f"one by {self.difference:+.4f} (p {self.p_value:.1g}): has the machine changed? "
            "verdicts of these runs are in doubt"
        )


def drift_of(recipe_id: str, values: Sequence[float], pooled: Noise) -> Drift | None:
    """Compare the halves of values in order of time; None when they agree or are too few.

    `pooled` is the rung's noise, with `values` as one of its arms.
    """
    if len(values) < FEWEST_SEEDS:
        return None
    middle = len(values) // 2
    earlier, later = values[:middle], values[middle:]
    noise = _without_the_jump(pooled, earlier, later)
    if noise.sd is None:
        return None
    difference = mean(later) - mean(earlier)
    error = max(noise.sd, 1e-12) * math.sqrt(1.0 / len(earlier) + 1.0 / len(later))
    p_value = 2.0 * student_cdf(noise.degrees_of_freedom, -abs(difference) / error)
    return Drift(recipe_id, len(values), difference, p_value) if p_value < ALARM_P else None


def _without_the_jump(pooled: Noise, earlier: Sequence[float], later: Sequence[float]) -> Noise:
    """The noise with the two halves as arms of their own: a jump between them would hide itself."""
    whole, halves = pooled_noise([[*earlier, *later]]), pooled_noise([earlier, later])
    others = Noise(
        max(0.0, pooled.sum_of_squares - whole.sum_of_squares),
        max(0, pooled.degrees_of_freedom - whole.degrees_of_freedom),
    )
    return combine(others, halves)


def add_alarm(journal: Journal, verdict: Verdict) -> str | None:
    """Check the baseline of a verdict; record an alarm once for each number of its runs.

    Returns the line to show; None when there is nothing new.
    """
    recipe_id = journal.hypothesis(verdict.hypothesis_id).baseline_recipe
    freedom = verdict.degrees_of_freedom
    noise = Noise((verdict.sd or 0.0) ** 2 * freedom, freedom)
    drift = drift_of(recipe_id, recipe_noise(journal, recipe_id).values, noise)
    known = {(event.detail["recipe_id"], event.detail["seeds"]) for event in journal.events(DRIFT_EVENT)}
    if drift is None or (recipe_id, drift.seeds) in known:
        return None
    detail = {
        "recipe_id": recipe_id,
        "seeds": drift.seeds,
        "difference": drift.difference,
        "p": drift.p_value,
    }
    journal.add_event(DRIFT_EVENT, detail, verdict.judged_at)
    return drift.text
