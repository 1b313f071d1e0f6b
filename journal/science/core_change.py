"""CORE of two arms: their difference, and how sure it is over training seeds and items. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from journal.science.statistics import Noise, combine, estimate, pooled_noise, quantile
from trainer.job import CoreReport, TaskScore

LEVEL = 0.95
_LEAST = 2  # runs an arm, and items a task: one shows no spread
# Equal answers in all runs are luck: below the square of what one item of a million adds.
_LEAST_VARIANCE = 1e-12

Answers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class CoreChange:
    """CORE of the treatment minus CORE of the baseline, with a 95% interval over seeds and items.

    `standard_error` is that of the difference, `seed_error` and `item_error` those of either source alone.
    """

    difference: float
    lower: float
    upper: float
    standard_error: float
    seed_error: float
    item_error: float
    baseline_runs: int
    treatment_runs: int
    items: int

    @property
    def is_worse(self) -> bool:
        """Whether the whole interval is below zero."""
        return self.upper < 0.0

    @property
    def words(self) -> str:
        """The numbers in one line."""
        interval = f"{self.difference:+.4f} [{self.lower:+.4f}, {self.upper:+.4f}]"
        return f"{interval}, {self.baseline_runs} vs {self.treatment_runs} runs, {self.items} items"


def core_change(
    baseline: Sequence[CoreReport], treatment: Sequence[CoreReport], pooled: Noise | None = None
) -> CoreChange | None:
    """The change of CORE from one arm's runs to another's.

    None where it cannot be said: fewer than two runs on a side, answers that were not recorded, or
    runs that did not read the same items. `pooled` is the noise of CORE between seeds of other arms.

    Every run of both arms reads the same items, so runs and items are crossed and both are samples:

        V = V_seeds + V_items - V_cells
        V_seeds = s²/n_b + s_t²/n_t        s over runs, as in `journal.science.statistics.estimate`
        V_items = Σ_t w_t² var_j(d_tj)/m_t          w_t = 1 / (tasks · (1 - chance_t))
        V_cells = Σ_t w_t² mean_j(s²_b,tj/n_b + s²_t,tj/n_t)/m_t

    d_tj is the difference of the two arms' shares of runs that are right on item j of task t, m_t its
    items, s²_·,tj the spread of one item's answers between an arm's runs. That last chance is in both
    other terms, and taken out once: the two-way variance of Cameron, Gelbach & Miller (2011), for
    crossed runs and items Owen (2007). Items that both arms share pair off in d (Miller 2024,
    arXiv 2411.00640), which an interval from accuracies alone cannot do. V is at least the larger of
    its first two terms; degrees of freedom are Satterthwaite's.
    """
    if min(len(baseline), len(treatment)) < _LEAST:
        return None
    answers = [_by_task(arm) for arm in (baseline, treatment)]
    if answers[0] is None or answers[1] is None or not _same_items([*baseline, *treatment]):
        return None
    weights = _weights([*baseline, *treatment])
    of_items, of_cells = _item_variances(answers[0], answers[1], weights)
    values = [[report.core_metric for report in arm] for arm in (baseline, treatment)]
    noise = combine(pooled_noise(values), pooled or Noise(0.0, 0))
    loss, seed_error = estimate(values[0], values[1], noise)
    of_seeds = max(seed_error**2, _LEAST_VARIANCE)
    variance = max(of_seeds, of_items, of_seeds + of_items - of_cells)
    items = sum(score.items for score in baseline[0].tasks)
    freedom = variance**2 / (
        of_seeds**2 / noise.degrees_of_freedom + of_items**2 / (items - len(baseline[0].tasks))
    )
    reach = math.sqrt(variance) * _quantile(freedom)
    return CoreChange(
        difference=-loss,
        lower=-loss - reach,
        upper=-loss + reach,
        standard_error=math.sqrt(variance),
        seed_error=seed_error,
        item_error=math.sqrt(of_items),
        baseline_runs=len(baseline),
        treatment_runs=len(treatment),
        items=items,
    )


def _quantile(freedom: float) -> float:
    # `quantile` asks for whole degrees of freedom: fewer are the wider interval.
    return quantile(Noise(0.0, max(1, math.floor(freedom))), (1.0 - LEVEL) / 2.0)


def _by_task(arm: Sequence[CoreReport]) -> list[Answers] | None:
    """Answers of one arm, [runs, items] a task; None where a run did not record them."""
    recorded = [[score.answers() for score in report.tasks] for report in arm]
    if any(not run or None in run for run in recorded):
        return None
    if len({tuple(len(task or ()) for task in run) for run in recorded}) != 1:
        return None
    return [np.array(runs, dtype=np.float64) for runs in zip(*recorded, strict=True)]


def _same_items(reports: Sequence[CoreReport]) -> bool:
    """Same tasks, same number of items, enough of them to vary. Their order is fixed by the evaluator."""
    read = {tuple((score.label, score.items) for score in report.tasks) for report in reports}
    return len(read) == 1 and all(items >= _LEAST for _, items in next(iter(read)))


def _item_variances(
    baseline: Sequence[Answers], treatment: Sequence[Answers], weights: Sequence[float]
) -> tuple[float, float]:
    """V_items and V_cells."""
    of_items, of_cells = [], []
    for before, after, weight in zip(baseline, treatment, weights, strict=True):
        count = before.shape[1]
        moved = after.mean(axis=0) - before.mean(axis=0)
        chance = sum(np.var(arm, axis=0, ddof=1) / len(arm) for arm in (before, after))
        of_items.append(weight**2 * float(np.var(moved, ddof=1)) / count)
        of_cells.append(weight**2 * float(np.mean(chance)) / count)
    return math.fsum(of_items), math.fsum(of_cells)


def _weights(reports: Sequence[CoreReport]) -> list[float]:
    """What one task's accuracy adds to CORE: 1 / (tasks · (1 - chance))."""
    columns = zip(*(report.tasks for report in reports), strict=True)
    return [_scale(scores) / len(reports[0].tasks) for scores in columns]


def _scale(scores: Sequence[TaskScore]) -> float:
    """1 / (1 - chance) of one task: (1 - centered) / (1 - accuracy) of a run that was not perfect."""
    lost = min(scores, key=lambda score: score.accuracy)
    return (1.0 - lost.centered) / (1.0 - lost.accuracy) if lost.accuracy < 1.0 else 1.0
