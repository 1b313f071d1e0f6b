"""The arithmetic of pairs: runs that differ in the patch alone, of equal initial weights and data order."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from journal.science.statistics import (
    SD_FLOOR_FRACTION,
    Interval,
    Noise,
    combine,
    f_quantile,
    mean,
    pooled_noise,
    quantile,
    student_cdf,
    student_quantile,
)

# Two or three differences say next to nothing about their own spread: t(1, 0.975) is 12.7.
LEAST_PAIRS = 4
# Below this correlation n pairs buy less than the degrees of freedom they cost (docs/reference/science.md).
LEAST_CORRELATION = 0.3
LEAST_SHARED_SEEDS = 6
LEAST_EARLIER_PAIRS = 2
CORRELATION_ALPHA = 0.05

Pair = tuple[float, float]
NO_NOISE = Noise(0.0, 0)


@dataclass(frozen=True)
class Correlation:
    """What earlier arms with shared seeds have in common; None where too few are known."""

    arms: int
    seeds: int
    value: float | None
    lower: float | None

    @property
    def is_enough(self) -> bool:
        """Whether a hypothesis may be registered to be judged by pairs."""
        is_known = self.seeds >= LEAST_SHARED_SEEDS and self.arms >= LEAST_EARLIER_PAIRS
        return is_known and self.lower is not None and self.lower > LEAST_CORRELATION


@dataclass(frozen=True)
class Pairs:
    """(baseline, treatment) values by shared seed, and the noise of other arms' differences."""

    values: tuple[Pair, ...] = ()
    others: Noise = NO_NOISE

    @property
    def differences(self) -> list[float]:
        """Baseline - treatment, pair by pair: positive is an improvement."""
        return [baseline - treatment for baseline, treatment in self.values]

    @property
    def own(self) -> Noise:
        """The noise of the differences themselves."""
        return pooled_noise([self.differences])


def paired(baseline: Mapping[int, float], treatment: Mapping[int, float]) -> tuple[Pair, ...]:
    """Values of the seeds that both arms have, by seed."""
    return tuple((baseline[seed], treatment[seed]) for seed in sorted(baseline.keys() & treatment.keys()))


def seed_correlation(baselines: Iterable[Sequence[Mapping[int, float]]]) -> Correlation:
    """Correlation over seeds of arms with equal seeds, and its one-sided 95% lower bound.

    Each element is a baseline (first) with the treatments that share its seeds, as seed -> value. Many
    treatments share few baseline seeds, and pairs counted one by one would pass for more evidence than there
    is. So values are taken as arm + seed + rest: r is the seeds' share of the variance, by the analysis of
    variance of unbalanced tables (Henderson 1953), the bound by the F distribution, exact where all arms have
    all seeds (Searle, Casella & McCulloch 1992).
    """
    tables = [_shared(arms) for arms in baselines]
    tables = [table for table in tables if len(table) > 1]
    treatments = [arm for table in tables for arm in table[1:]]
    parts = [_variance_of(table) for table in tables]
    counts = len(treatments), sum(len(arm) for arm in treatments)
    value, lower = _share_of_seeds(parts)
    return Correlation(*counts, value, lower)


def _shared(arms: Sequence[Mapping[int, float]]) -> list[dict[int, float]]:
    """The seeds that a treatment shares with the baseline, in arms that have two of them."""
    base, *treatments = arms
    kept = [{seed: arm[seed] for seed in arm.keys() & base.keys()} for arm in treatments]
    kept = [arm for arm in kept if len(arm) > 1]
    seeds = {seed for arm in kept for seed in arm}
    return [{seed: base[seed] for seed in seeds}, *kept]


@dataclass(frozen=True)
class _Variance:
    """Sums of squares of seeds (adjusted for arms), with `weight` seed variances in it, and of the rest."""

    seeds: float
    seed_freedom: int
    rest: float
    rest_freedom: int
    weight: float


def _variance_of(table: Sequence[Mapping[int, float]]) -> _Variance:
    seeds = sorted({seed for arm in table for seed in arm})
    has = np.array([[seed in arm for seed in seeds] for arm in table], dtype=float)
    away = np.array([[arm[seed] - mean(list(arm.values())) if seed in arm else 0.0 for seed in seeds]
                     for arm in table])  # fmt: skip
    normal = np.diag(has.sum(0)) - (has / has.sum(1, keepdims=True)).T @ has
    totals = away.sum(0)
    between = float(totals @ np.linalg.pinv(normal, hermitian=True) @ totals)
    freedom = int(np.linalg.matrix_rank(normal, hermitian=True))
    within = float((away**2).sum())
    rest_freedom = int(has.sum()) - len(table) - freedom
    return _Variance(between, freedom, max(0.0, within - between), rest_freedom, float(np.trace(normal)))


def _share_of_seeds(parts: Sequence[_Variance]) -> tuple[float | None, float | None]:
    """r and its lower bound, of sums over baselines."""
    between, rest = math.fsum(p.seeds for p in parts), math.fsum(p.rest for p in parts)
    freedom, rest_freedom = sum(p.seed_freedom for p in parts), sum(p.rest_freedom for p in parts)
    if freedom < 1 or rest_freedom < 1 or between <= 0.0:
        return None, None
    weight = math.fsum(p.weight for p in parts) / freedom
    ratio = (between / freedom) / max(rest / rest_freedom, 1e-12 * between)
    sure = ratio / f_quantile(freedom, rest_freedom, 1.0 - CORRELATION_ALPHA)
    return _share(ratio, weight), _share(sure, weight)


def _share(ratio: float, weight: float) -> float:
    return (ratio - 1.0) / (ratio - 1.0 + weight)


def compare_pairs(pairs: Pairs, alpha: float, share: float) -> Interval:
    """Student's t interval of the mean difference at a look that may spend `share` of the error.

    The variance is the differences' own, with n - 1 degrees of freedom: exact whatever other patches do, and
    one wild run of n makes t about 1. Needs two pairs.
    """
    effect, error = mean(pairs.differences), standard_error(pairs, pairs.own)
    freedom = pairs.own.degrees_of_freedom
    reach = error * student_quantile(freedom, 1.0 - alpha * share / 2.0)
    one_sided = student_cdf(freedom, -effect / error)
    return Interval(effect, error, effect - reach, effect + reach, min(1.0, one_sided / share))


def standard_error(pairs: Pairs, noise: Noise) -> float:
    """Of the mean difference; equal differences are not certainty (`SD_FLOOR_FRACTION`)."""
    floor = SD_FLOOR_FRACTION * max(abs(mean([baseline for baseline, _ in pairs.values])), 1e-300)
    return max(noise.sd or 0.0, floor) / math.sqrt(len(pairs.values))


def futility_bound(pairs: Pairs, alpha: float) -> float:
    """One-sided upper bound of the improvement, for giving up: it takes no share of the error.

    Other patches' differences lend their degrees of freedom, which two pairs do not have; the larger of the
    two variances counts.
    """
    noise = combine(pairs.own, pairs.others)
    error = max(standard_error(pairs, noise), standard_error(pairs, pairs.own))
    return mean(pairs.differences) + error * quantile(noise, alpha)
