"""The arithmetic under a verdict: pooled noise, intervals that survive looking, error budgets."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# Equal values are luck or a simulation, not the absence of noise: no sd below this share of the mean.
SD_FLOOR_FRACTION = 1e-6
RELATIVE_EFFECT = 0.002
# The budget of error is nearly level over the first so many: of 2 sd 87% is found instead of 80%.
LEVEL_HYPOTHESES = 20


@dataclass(frozen=True)
class Noise:
    """What arms of equal settings say about seed noise; sums of squares add up."""

    sum_of_squares: float
    degrees_of_freedom: int

    @property
    def sd(self) -> float | None:
        """Standard deviation over seeds; None without degrees of freedom."""
        if self.degrees_of_freedom < 1:
            return None
        return math.sqrt(self.sum_of_squares / self.degrees_of_freedom)


@dataclass(frozen=True)
class Interval:
    """Estimate of baseline mean - treatment mean, its interval and one-sided p-value at one look."""

    effect: float
    standard_error: float
    lower: float
    upper: float
    p_value: float


def mean(values: Sequence[float]) -> float:
    """Arithmetic mean, summed exactly, so that it does not depend on the order."""
    return math.fsum(values) / len(values)


def smallest_effect(values: Sequence[float], sd: float | None) -> float:
    """The lab's least claim: 0.2% of the baseline's mean, or the seeds' own spread if that is wider.

    In the metric's units.
    """
    return max(RELATIVE_EFFECT * abs(mean(values)), sd or 0.0)


def pooled_noise(arms: Iterable[Sequence[float]]) -> Noise:
    """Within-arm sums of squares and their degrees of freedom, over arms of any size."""
    squares, freedom = [], 0
    for arm in arms:
        if len(arm) > 1:
            centre = mean(arm)
            squares += [(value - centre) ** 2 for value in arm]
            freedom += len(arm) - 1
    return Noise(math.fsum(squares), freedom)


def combine(*parts: Noise) -> Noise:
    """Noise of several independent sources with a common variance."""
    return Noise(math.fsum(p.sum_of_squares for p in parts), sum(p.degrees_of_freedom for p in parts))


def hypothesis_alpha(alpha: float, index: int) -> float:
    """Error allowed for the j-th registered hypothesis: alpha · c / ((j + c) (j + c - 1)), c = 20.

    The sum telescopes to alpha, and the first c share half of it almost evenly. Valid under any
    dependence between tests (union bound; Foster & Stine 2008 and Tian & Ramdas 2021 treat such
    online schedules): hypotheses here share baselines and pooled noise.
    """
    level = LEVEL_HYPOTHESES
    return alpha * level / ((index + level) * (index + level - 1))


def look_share(look: int, looks: int) -> float:
    """Share of the error spent at look k of K, 0 beyond K: the share of the seeds that are new to it.

    Linear spending (Lan & DeMets 1983; Kim & DeMets 1987) where looks double the seeds: 1/8, 1/8, 1/4,
    1/2. The shares sum to 1, so by a union bound the intervals of all looks together hold with
    probability 1 - alpha, whenever one stops: a confidence sequence.
    """
    if look > looks:
        return 0.0
    return 2.0 ** (max(look, 2) - looks - 1) if looks > 1 else 1.0


def estimate(baseline: Sequence[float], treatment: Sequence[float], noise: Noise) -> tuple[float, float]:
    """Improvement (baseline mean - treatment mean) and its standard error, with pooled variance.

    The treatment's share of the standard error uses its own variance where that is the larger:
    a patch may widen the spread, and the pool would hide it. `noise` includes both arms.
    """
    centre = mean(baseline)
    floor = (SD_FLOOR_FRACTION * max(abs(centre), 1e-300)) ** 2
    variance = max(noise.sum_of_squares / noise.degrees_of_freedom, floor)
    own = pooled_noise([treatment])
    treatment_variance = max(variance, own.sum_of_squares / max(own.degrees_of_freedom, 1))
    error = math.sqrt(variance / len(baseline) + treatment_variance / len(treatment))
    return centre - mean(treatment), error


def compare(
    baseline: Sequence[float], treatment: Sequence[float], noise: Noise, alpha: float, share: float
) -> Interval:
    """Two-sample t interval for the improvement at a look that may spend `share` of the error."""
    effect, error = estimate(baseline, treatment, noise)
    reach = error * quantile(noise, alpha * share / 2.0)
    one_sided = student_cdf(noise.degrees_of_freedom, -effect / error)
    return Interval(effect, error, effect - reach, effect + reach, min(1.0, one_sided / share))


def quantile(noise: Noise, tail: float) -> float:
    """The t value that is exceeded with probability `tail`, at the noise's degrees of freedom."""
    return student_quantile(noise.degrees_of_freedom, 1.0 - tail)


def shrink(effect: float, standard_error: float, prior_sd: float) -> float:
    """Posterior mean under the prior N(0, prior_sd²) (James & Stein 1961; Efron & Morris 1973)."""
    return effect * prior_sd**2 / (prior_sd**2 + standard_error**2)


def student_cdf(degrees_of_freedom: float, value: float) -> float:
    """Probability that Student's t is at most `value`."""
    # Imported when asked for, here and below: the server and most commands never ask, and it takes 0.3 s.
    from scipy.special import stdtr

    return float(stdtr(degrees_of_freedom, value))


def student_quantile(degrees_of_freedom: float, probability: float) -> float:
    """The value that Student's t stays below with this probability."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees_of_freedom, probability))


def f_quantile(numerator_freedom: float, denominator_freedom: float, probability: float) -> float:
    """The value that an F ratio stays below with this probability."""
    from scipy.special import fdtri

    return float(fdtri(numerator_freedom, denominator_freedom, probability))
