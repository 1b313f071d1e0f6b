"""The effects of all ideas that a lab ran, from all its runs together.

Model: value(idea, seed) = baseline - effect(idea) + seed + rest, all normal (Henderson 1975); effects are
drawn around a common mean with a common spread, both unknown. So weak ideas are shrunk towards the others,
which takes back what the best of many owes to luck (Efron & Morris 1973; Gelman et al. 2013, chapter 5).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Self

import numpy as np
import numpy.typing as npt

from journal.science.evidence import HARM_FRACTION
from journal.science.pairs import seed_correlation
from journal.science.statistics import SD_FLOOR_FRACTION, Noise, mean, pooled_noise, smallest_effect

Floats = npt.NDArray[np.float64]
Values = Mapping[int, float]

# Means and spreads of effects that are weighed, in units of the smallest effect worth having.
MEANS = (0.0, -0.5, -1.0)
SPREADS = (0.25, 0.5, 1.0, 2.0, 4.0)
# Of a baseline's mean, before it was run, in variances of the noise.
_LEVEL_VARIANCES = 10.0
# Quantiles of the noise's own uncertainty.
_NOISE_QUANTILES = (0.1, 0.3, 0.5, 0.7, 0.9)
_MOST_SHARED = 0.95


@dataclass(frozen=True)
class Idea:
    """An arm that may be adopted: its runs' values by seed, and the settings that it changes.

    `baseline` names the arm that it was tested on.
    """

    name: str
    baseline: str
    values: Values
    paths: frozenset[str]

    def is_harmful(self, baselines: Mapping[str, Values]) -> bool:
        """So much worse than its baseline that it is no measure of what ideas are worth."""
        before = mean(list(baselines[self.baseline].values()))
        return mean(list(self.values.values())) > (1.0 + HARM_FRACTION) * before


@dataclass(frozen=True)
class Trials:
    """All that was run: `baselines` by name, ideas with a run of their own, and how seeds spread.

    `noise` is that within arms, `shared` the seeds' part of the variance (0 where it is not known),
    `smallest` the smallest effect worth having.
    """

    baselines: Mapping[str, Values]
    ideas: Sequence[Idea]
    noise: Noise
    shared: float
    smallest: float


@dataclass(frozen=True)
class Posterior:
    """Effects of ideas, positive is better: a mixture of normal distributions."""

    names: tuple[str, ...]
    weights: Floats
    means: Floats  # (component, idea)
    covariances: Floats  # (component, idea, idea)

    def mean_of(self, name: str) -> float:
        """Expected effect of one idea."""
        return float(self.weights @ self.means[:, self.names.index(name)])


def trials_of(baselines: Mapping[str, Values], ideas: Sequence[Idea]) -> Trials:
    """Trials with the noise, the seeds' share and the smallest effect that the runs themselves show."""
    sound = [idea for idea in ideas if not idea.is_harmful(baselines)]
    arms = [list(values.values()) for values in (*baselines.values(), *(idea.values for idea in sound))]
    noise = pooled_noise(arms)
    groups = [
        [base, *(idea.values for idea in sound if idea.baseline == name)] for name, base in baselines.items()
    ]
    known = seed_correlation(groups)
    shared = min(_MOST_SHARED, known.value or 0.0) if known.is_enough else 0.0
    smallest = smallest_effect([value for base in baselines.values() for value in base.values()], noise.sd)
    return Trials(baselines, ideas, noise, shared, smallest)


def posterior_of(trials: Trials) -> Posterior:
    """Effects of all ideas, each against its own baseline."""
    runs, smallest = _Runs.of(trials), trials.smallest
    components = [
        runs.component(variance, trials.shared, m * smallest, s * smallest)
        for variance, m, s in product(_variances(trials.noise, runs.level), MEANS, SPREADS)
    ]
    logs = np.array([log for log, _, _ in components]).reshape(len(_NOISE_QUANTILES), -1)
    # The variances are equally likely; how well the runs fit weighs the priors alone.
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    return Posterior(
        tuple(idea.name for idea in trials.ideas),
        (weights / weights.sum(axis=1, keepdims=True) / len(weights)).ravel(),
        np.stack([means for _, means, _ in components]),
        np.stack([covariance for _, _, covariance in components]),
    )


def _variances(noise: Noise, centre: float) -> Iterator[float]:
    """Equally likely values of the noise's variance, of which few degrees of freedom say little."""
    from scipy.special import chdtri

    floor = (SD_FLOOR_FRACTION * abs(centre)) ** 2
    for tail in _NOISE_QUANTILES:
        yield max(noise.sum_of_squares / float(chdtri(noise.degrees_of_freedom, tail)), floor)


@dataclass(frozen=True)
class _Runs:
    """All runs as arrays: improvement over the baseline's mean, seed, baseline, and idea (a column each)."""

    level: float
    gains: Floats
    seeds: npt.NDArray[np.int64]
    groups: npt.NDArray[np.int64]
    designs: Floats
    is_harmful: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, trials: Trials) -> Self:
        names = sorted({idea.baseline for idea in trials.ideas})
        levels = [mean(list(trials.baselines[name].values())) for name in names]
        arms: list[tuple[str, int | None, Values]] = [(name, None, trials.baselines[name]) for name in names]
        arms += [(idea.baseline, place, idea.values) for place, idea in enumerate(trials.ideas)]
        rows = [
            (levels[names.index(name)] - value, seed, names.index(name), place)
            for name, place, values in arms
            for seed, value in sorted(values.items())
        ]
        columns = range(len(trials.ideas))
        return cls(
            mean(levels),
            np.array([row[0] for row in rows]),
            np.array([row[1] for row in rows]),
            np.array([row[2] for row in rows]),
            np.array([[float(row[3] == column) for column in columns] for row in rows]),
            np.array([idea.is_harmful(trials.baselines) for idea in trials.ideas]),
        )

    def component(
        self, variance: float, shared: float, prior_mean: float, prior_sd: float
    ) -> tuple[float, Floats, Floats]:
        """Log weight, means and covariance of the effects under one prior and one noise.

        An idea that does much harm says nothing of the prior: its own is wide.
        """
        wide = 100.0 * prior_sd + HARM_FRACTION * abs(self.level)
        spreads = np.where(self.is_harmful, wide, prior_sd) ** 2
        means = np.where(self.is_harmful, 0.0, prior_mean)
        alike = shared * np.equal.outer(self.seeds, self.seeds) + (1.0 - shared) * np.eye(len(self.seeds))
        # A baseline's own level is all but unknown.
        noise = variance * (alike + _LEVEL_VARIANCES * np.equal.outer(self.groups, self.groups))
        total = noise + (self.designs * spreads) @ self.designs.T
        rest = self.gains - self.designs @ means
        gain = (self.designs * spreads).T @ np.linalg.inv(total)
        known = self.designs @ self.is_harmful == 0.0
        log = _log_likelihood(rest[known], total[np.ix_(known, known)])
        return log, means + gain @ rest, np.diag(spreads) - gain @ (self.designs * spreads)


def _log_likelihood(rest: Floats, covariance: Floats) -> float:
    _, logdet = np.linalg.slogdet(covariance)
    return float(-0.5 * (logdet + rest @ np.linalg.solve(covariance, rest)))
