"""What the journal says about every place: its loss, its cost, and whether a run there fails."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.proposals.drafts import DraftsProtocol
from agent.proposals.proposer import LabContext
from agent.proposals.space import Dimension, Settings, applies
from agent.search import gp
from agent.search.acquisition import Targets, calibrated, chance, log_expected_improvement
from agent.search.candidates import Axes
from journal.science.evidence import DIVERGED_REASONS
from journal.science.statistics import mean, smallest_effect

Array = NDArray[np.float64]
COST_WEIGHT = 0.5  # of log cost against log improvement, falling with the budget (Lee et al. 2020)
AFFORDABLE = 0.1  # of what is left: a run that may cost more has to promise much
OVERPRICED_WEIGHT = 3.0
COST_ITERATIONS = 20
COST_PRIOR_RUNS = 4
FIRST_RATE = 0.2  # of improvements, before there were runs
# Failures that follow from the settings; a lost job says nothing about them.
TELLING_FAILURES = (*DIVERGED_REASONS, "out_of_memory")


@dataclass(frozen=True)
class Row:
    """One place: seeds' losses, or a failure, or neither while it runs."""

    place: Array
    values: tuple[float, ...]
    failed: str | None
    seconds: float | None


class Surrogate:
    """Models fitted to a lab context that holds at least two scored rows."""

    def __init__(
        self, context: LabContext, drafts: DraftsProtocol, priors: Sequence[gp.Prior] = (gp.Prior(),)
    ) -> None:
        self._priors = priors
        tried = [(o, {**drafts.base, **o.patch}) for o in context.observations]
        space = [_widened(d, [drafts.base, *(s for _, s in tried)]) for d in drafts.space]
        self.axes = Axes(space, drafts.base)
        rows = [Row(self.axes.place(s), o.values, o.failed, drafts.seconds(o.patch)) for o, s in tried]
        if context.baseline_values:
            rows.insert(0, Row(self.axes.base, context.baseline_values, None, drafts.seconds({})))
        scored = _kept([row for row in rows if row.values])
        failed = [row for row in rows if not row.values and row.failed in TELLING_FAILURES]
        self._losses = self._fit_losses(scored, failed[-gp.MAX_POINTS // 2 :])
        self._fit_costs(scored, context, len(rows))
        running = [row.place for row in rows if not row.values and row.failed is None]
        if running:
            self._losses = self._losses.believing(self.axes.columns(np.array(running)))
        self._minimum_effect = _smallest_claim(context) / self._targets.scale
        self._rate = improvement_rate(context)

    def worth(self, places: Array) -> Array:
        """Log expected improvement a dollar [n], less where runs are likely to fail or unaffordable."""
        columns = self.axes.columns(places)
        expected, sd = self._losses.predict(columns)
        return (
            log_expected_improvement(expected, sd, self._best)
            + np.log(self._succeeds(columns))
            - self._price(columns)
        )

    def chance(self, place: Array) -> float:
        """Calibrated probability that this place betters the baseline by the smallest claim."""
        columns = self.axes.columns(np.array([place, self.axes.base]))
        expected, sd = self._losses.predict(columns)
        shared = self._losses.covariance(columns[:1], columns[1])[0]
        spread = float(np.sqrt(max(sd[0] ** 2 + sd[1] ** 2 - 2.0 * shared, 0.0)))
        better = chance(float(expected[1] - expected[0]), spread, self._minimum_effect)
        return calibrated(better * float(self._succeeds(columns[:1])[0]), self._rate)

    def _fit_losses(self, scored: list[Row], failed: list[Row]) -> gp.GaussianProcess:
        losses = np.array([mean(row.values) for row in scored])
        self._targets = Targets(losses)
        targets = self._targets.standardised(losses)
        # A failure counts as the worst loss: what fails is far from good, and so are its neighbours.
        targets = np.append(targets, np.full(len(failed), targets.max()))
        seeds = np.array([len(row.values) for row in scored] + [1] * len(failed), dtype=float)
        columns = self.axes.columns(np.array([row.place for row in [*scored, *failed]]))
        found = gp.fit(columns, targets, self.axes.axis_of_column, replicates=seeds, priors=self._priors)
        self._failures: gp.GaussianProcess | None = None
        if failed:
            outcomes = np.array([0.0] * len(scored) + [-1.0] * len(failed))
            self._failures = gp.fit(
                columns,
                2.0 * outcomes,
                self.axes.axis_of_column,
                priors=self._priors,
                iterations=COST_ITERATIONS,
            )
        expected, _ = found.predict(columns[: len(scored)])
        self.best_places = np.array([scored[i].place for i in np.argsort(expected, kind="stable")])
        self._best = float(expected.min())
        return found

    def _fit_costs(self, scored: list[Row], context: LabContext, tried: int) -> None:
        self._costs: gp.GaussianProcess | None = None
        priced = [(row.place, row.seconds) for row in scored if row.seconds]
        logs = np.log([seconds for _, seconds in priced])
        if len(priced) < 2 or logs.std() < 1e-3:
            return
        runs_left = context.remaining_micro_usd / max(context.job_cost_micro_usd, 1)
        self._cost_weight = COST_WEIGHT * runs_left / (runs_left + tried)
        self._affordable = np.log(AFFORDABLE * max(runs_left, 1.0) * np.exp(logs).mean())
        self._log_cost, self._cheapest = logs.mean(), logs.min()
        # A few cheap runs do not show how far costs spread: as if four more had spread by a factor of e.
        count = len(logs)
        self._log_cost_sd = ((count * logs.var() + COST_PRIOR_RUNS) / (count + COST_PRIOR_RUNS)) ** 0.5
        columns = self.axes.columns(np.array([place for place, _ in priced]))
        self._costs = gp.fit(
            columns,
            (logs - logs.mean()) / self._log_cost_sd,
            self.axes.axis_of_column,
            priors=self._priors,
            iterations=COST_ITERATIONS,
        )

    def _price(self, columns: Array) -> Array:
        """What the cost takes from the logarithm of the improvement [n]."""
        if self._costs is None:
            return np.zeros(len(columns))
        expected, sd = (part * self._log_cost_sd for part in self._costs.predict(columns))
        overpriced = np.maximum(self._log_cost + expected + sd - self._affordable, 0.0)
        # A cost is log-normal; extrapolation to runs cheaper than any seen is not believed.
        log_mean = np.maximum(self._log_cost + expected + sd**2 / 2.0, self._cheapest)
        price: Array = self._cost_weight * log_mean + OVERPRICED_WEIGHT * overpriced
        return price

    def _succeeds(self, columns: Array) -> Array:
        if self._failures is None:
            return np.ones(len(columns))
        return np.clip(1.0 + self._failures.predict(columns)[0] / 2.0, 0.01, 1.0)


def _smallest_claim(context: LabContext) -> float:
    values = context.baseline_values or next((o.values for o in context.observations if o.values), (0.0,))
    return smallest_effect(values, context.noise_sd)


def improvement_rate(context: LabContext) -> float:
    """Share of runs so far that bettered all before them, the baseline too, by the smallest claim.

    Starts at a guess.
    """
    baseline = [mean(context.baseline_values)] if context.baseline_values else []
    runs = [
        mean(o.values) if o.values else float("inf") for o in context.observations if o.values or o.failed
    ]
    losses, smallest = baseline + runs, _smallest_claim(context)
    events = sum(loss < min(losses[:n]) - smallest for n, loss in enumerate(losses) if n)
    return (events + FIRST_RATE) / (len(runs) + 1)


def _kept(scored: list[Row]) -> list[Row]:
    """At most as many rows as a fit can bear: half the best ones, half the latest."""
    if len(scored) <= gp.MAX_POINTS // 2:
        return scored
    order = sorted(range(len(scored)), key=lambda i: mean(scored[i].values))
    quarter = gp.MAX_POINTS // 4
    kept = {*order[:quarter], *range(len(scored) - quarter, len(scored))}
    return [scored[i] for i in sorted(kept)]


def _widened(dimension: Dimension, tried: list[Settings]) -> Dimension:
    """Hold every value that was tried: the baseline, and with it the range, may have moved since."""
    if dimension.choices:
        return dimension
    values = [s.get(dimension.setting.path) for s in tried if applies(dimension, s)]
    numbers = [float(v) for v in values if isinstance(v, (int, float)) and not isinstance(v, bool)]
    return dimension.widened([v for v in numbers if v > 0.0 or not dimension.setting.log])
