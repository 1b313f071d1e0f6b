"""What all runs of a lab say together about every idea: one normal model with common seeds.

    val_bpb = level - sum of the ideas' effects + what they lose in company + seed + rest

Effects have a lab-wide mean and spread, with Student's t tails (most do little, some much); so has the rest
(one run in fifty is far off). At the champion's horizon an idea does `carry` times as much, with a scatter.
Variances are found by expectation and maximisation (restricted likelihood, as levels have flat priors), kept
sane by weak priors.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bench.value.lab import Run
from bench.value.surface import Ideas

Vector = NDArray[np.float64]
_FLAT = 1e-9
# A run so many sds of noise above the baseline is of an idea that harms: it says nothing of the others.
HARM_NOISES = 4.0


@dataclass(frozen=True)
class Prior:
    """Effects in smallest effects, noise in units; a `weight` counts as so many ideas or runs."""

    mean: float = -0.3
    mean_weight: float = 20.0
    spread: float = 2.0
    spread_weight: float = 6.0
    tails: float | None = 3.0  # degrees of freedom of the effects' t; None: normal
    noise: float = 1.0  # sd of one run
    shared: float = 0.5  # of its variance, what runs of one seed have in common
    noise_weight: float = 8.0
    noise_tails: float | None = 6.0
    carry: float = 0.6
    scatter: float = 0.35  # relative to the effect
    drift: float = 0.2  # absolute, what any idea may gain or lose on the way
    overlap: float = 0.05  # share of an idea's gain that is lost beside others, on average
    company: float = 0.1  # its sd

    @property
    def variances(self) -> tuple[float, float]:
        """Of seeds, and of the rest."""
        return self.shared * self.noise**2, (1.0 - self.shared) * self.noise**2


@dataclass
class Model:
    """What is learnt from the runs beside the unknowns themselves."""

    prior: Prior
    unit_bpb: float  # the least that the smallest effect may be; all is in these units
    origin: float  # bpb, near the baseline's mean
    mean: float = 0.0
    spread: float = 0.0
    seed_variance: float = 0.0
    rest_variance: float = 0.0
    weights: dict[int, float] = field(default_factory=dict)
    run_weights: dict[Run, float] = field(default_factory=dict)
    promises: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.seed_variance, self.rest_variance = self.prior.variances
        self.mean, self.spread = self.prior.mean * self.minimum, self.prior.spread * self.minimum

    @property
    def minimum(self) -> float:
        """The smallest effect worth having: one unit, or the seeds' spread if that is wider."""
        return max(1.0, math.sqrt(self.seed_variance + self.rest_variance))

    def is_harmful(self, value: float) -> bool:
        """Whether a run of this val_bpb is too far from the baseline to be noise."""
        return (value - self.origin) / self.unit_bpb > HARM_NOISES * self.prior.noise

    def fit(self, results: Mapping[Run, float], ideas: Sequence[int], rounds: int = 3) -> "Posterior":
        """The posterior of `ideas` (untried ones among them) by all runs that have a value."""
        layout, runs = Layout.of(results, ideas), list(results)
        y = np.array([(value - self.origin) / self.unit_bpb for value in results.values()])
        design = layout.design(runs)
        for _ in range(rounds):
            found = self._solve(layout, runs, design, y)
            self._learn(layout, found, runs, design, y)
        return self._solve(layout, runs, design, y)

    def _solve(self, layout: "Layout", runs: list[Run], design: Vector, y: Vector) -> "Posterior":
        weights = np.array([self.run_weights.get(run, 1.0) for run in runs]) / self.rest_variance
        precision = (design.T * weights) @ design
        right = design.T @ (weights * y)
        measured = design.any(axis=0)[2:]
        diagonal = np.full(layout.size, _FLAT)
        diagonal[list(layout.seeds.values())] = 1.0 / self.seed_variance
        small, top, company = layout.small, layout.top, layout.company
        own = np.array([self.weights.get(idea, 1.0) for idea in layout.ideas]) / self.spread**2
        scatter, lost = self._scatter(layout), self._company(layout)
        climbed, joined = measured[top - 2], measured[company - 2]
        c = self.prior.carry
        diagonal[small] = own + np.where(climbed, c**2 / scatter, 0.0)
        diagonal[top], diagonal[company] = 1.0 / scatter, 1.0 / lost[1]
        right[small] += own * self.mean
        right[company] += lost[0] / lost[1]
        cross = np.where(climbed, c / scatter, 0.0)
        precision[small, top] -= cross
        precision[top, small] -= cross
        precision[np.diag_indices_from(precision)] += diagonal
        return self._whole(layout, precision, right, climbed, joined, (scatter, lost))

    def _whole(
        self,
        layout: "Layout",
        precision: Vector,
        right: Vector,
        climbed: Vector,
        joined: Vector,
        priors: tuple,
    ) -> "Posterior":
        """Solve for what was measured; the rest follows from it or from its prior."""
        scatter, (lost, lost_variance) = priors
        small, top, company = layout.small, layout.top, layout.company
        source, factor = np.arange(layout.size), np.ones(layout.size)
        source[top[~climbed]], factor[top[~climbed]] = small[~climbed], self.prior.carry
        source[company[~joined]], factor[company[~joined]] = 0, 0.0
        kept = np.unique(source)
        covariance = np.linalg.inv(precision[np.ix_(kept, kept)])
        at = np.searchsorted(kept, source)
        whole = covariance[np.ix_(at, at)] * np.outer(factor, factor)
        whole[top[~climbed], top[~climbed]] += scatter[~climbed]
        whole[company[~joined], company[~joined]] = lost_variance[~joined]
        mean = (covariance @ right[kept])[at] * factor
        mean[company[~joined]] = lost[~joined]
        return Posterior(layout, mean, whole, self.rest_variance, self.seed_variance, self.minimum)

    def _learn(
        self, layout: "Layout", found: "Posterior", runs: list[Run], design: Vector, y: Vector
    ) -> None:
        prior, (seed_variance, rest_variance) = self.prior, self.prior.variances
        away = (y - design @ found.mean) ** 2 + ((design @ found.covariance) * design).sum(axis=1)
        weights = _tail_weights(prior.noise_tails, away / self.rest_variance)
        self.run_weights = dict(zip(runs, weights.tolist(), strict=True))
        count = prior.noise_weight + len(y)
        self.rest_variance = (prior.noise_weight * rest_variance + float(weights @ away)) / count
        seeds = list(layout.seeds.values())
        squares = float((found.mean[seeds] ** 2 + found.covariance[seeds, seeds]).sum())
        self.seed_variance = (prior.noise_weight * seed_variance + squares) / (
            prior.noise_weight + len(seeds)
        )
        tried = [idea for idea in layout.ideas if idea in layout.tried]
        if tried:
            self._learn_effects(tried, found)

    def _learn_effects(self, tried: list[int], found: "Posterior") -> None:
        prior, places = self.prior, [found.layout.ideas[idea] for idea in tried]
        effects = found.mean[places]
        away = (effects - self.mean) ** 2 + found.covariance[places, places]
        weights = _tail_weights(prior.tails, away / self.spread**2)
        self.weights = dict(zip(tried, weights.tolist(), strict=True))
        total = float(weights @ effects) + prior.mean_weight * prior.mean * self.minimum
        self.mean = total / (float(weights.sum()) + prior.mean_weight)
        squares = prior.spread_weight * (prior.spread * self.minimum) ** 2 + float(weights @ away)
        self.spread = math.sqrt(squares / (prior.spread_weight + len(tried)))
        self.promises = dict(zip(tried, effects.tolist(), strict=True))

    def _promises(self, layout: "Layout") -> Vector:
        return np.array([self.promises.get(idea, 0.0) for idea in layout.ideas])

    def _scatter(self, layout: "Layout") -> Vector:
        """Variance of what an idea does at the champion's horizon, given what it does at the search's."""
        return (self.prior.scatter * self._promises(layout)) ** 2 + (self.prior.drift * self.minimum) ** 2

    def _company(self, layout: "Layout") -> tuple[Vector, Vector]:
        """Mean and variance of what an idea loses beside others."""
        promised = self.prior.carry * np.maximum(0.0, self._promises(layout))
        return self.prior.overlap * promised, (self.prior.company * (promised + 0.1 * self.minimum)) ** 2


def _tail_weights(tails: float | None, squares: Vector) -> Vector:
    """Of values so many squared sds away: Student's t as a mixture of normals."""
    return np.ones(len(squares)) if tails is None else (tails + 1.0) / (tails + squares)


@dataclass(frozen=True)
class Layout:
    """Where each unknown stands: two levels, three for each idea, seeds."""

    ideas: dict[int, int]  # the first of the three
    seeds: dict[tuple[int, bool], int]
    tried: frozenset[int]
    size: int

    @property
    def small(self) -> NDArray[np.int64]:
        """Places of the effects at the search's horizon."""
        return np.array(list(self.ideas.values()), dtype=np.int64)

    @property
    def top(self) -> NDArray[np.int64]:
        """At the champion's."""
        return self.small + 1

    @property
    def company(self) -> NDArray[np.int64]:
        """What ideas lose beside others."""
        return self.small + 2

    @classmethod
    def of(cls, runs: Mapping[Run, float], ideas: Sequence[int]) -> "Layout":
        tried = {idea for run in runs for idea in run.ideas}
        every = sorted({*ideas, *tried})
        start = 2 + 3 * len(every)
        seeds = sorted({(run.seed, run.above) for run in runs})
        places = {seed: start + i for i, seed in enumerate(seeds)}
        own = {idea: 2 + 3 * i for i, idea in enumerate(every)}
        return cls(own, places, frozenset(tried), start + len(seeds))

    def design(self, runs: Sequence[Run]) -> Vector:
        """What runs measure, as weights of the unknowns; a new seed has no place."""
        rows = np.zeros((len(runs), self.size))
        for row, run in zip(rows, runs, strict=True):
            row[int(run.above)] = 1.0
            places = np.array([self.ideas[idea] for idea in run.ideas], dtype=np.int64)
            row[places + int(run.above)] = -1.0
            if len(places) > 1:
                row[places + 2] = 1.0
            if (place := self.seeds.get((run.seed, run.above))) is not None:
                row[place] = 1.0
        return rows


@dataclass(frozen=True)
class Posterior:
    """Means and covariance of all unknowns, in units; `minimum` is the smallest effect."""

    layout: Layout
    mean: Vector
    covariance: Vector
    rest_variance: float
    seed_variance: float
    minimum: float

    def weights(self, ideas: Ideas) -> Vector:
        """A champion's gain as weights of the unknowns."""
        weights = np.zeros(self.layout.size)
        places = np.array([self.layout.ideas[idea] for idea in ideas], dtype=np.int64)
        weights[places + 1] = 1.0
        if len(ideas) > 1:
            weights[places + 2] = -1.0
        return weights

    def gain(self, ideas: Ideas) -> tuple[float, float]:
        """Mean and sd of a champion's gain."""
        weights = self.weights(ideas)
        return float(weights @ self.mean), math.sqrt(float(weights @ self.covariance @ weights))
