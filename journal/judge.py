"""The only place that issues verdicts: a pure function of registered claim and numbers."""

from collections.abc import Sequence

from journal.records import Hypothesis, Verdict, VerdictName
from journal.statistics import (
    Interval,
    Noise,
    combine,
    compare,
    hypothesis_alpha,
    pooled_noise,
    shrink,
)

JUDGE_VERSION = "1"
ALPHA = 0.05
# Prior on effects: sd of twice the smallest effect worth having; most patches do little.
PRIOR_SD_IN_MINIMUM_EFFECTS = 2.0


def judge(
    hypothesis: Hypothesis,
    baseline_values: Sequence[float],
    treatment_values: Sequence[float],
    pooled: Noise | None,
    look: int,
    hypothesis_index: int,
    *,
    baseline_jobs: Sequence[str] = (),
    treatment_jobs: Sequence[str] = (),
    diverged_jobs: Sequence[str] = (),
    noise_jobs: Sequence[Sequence[str]] = (),
    closing: bool = False,
    judged_at: float = 0.0,
) -> Verdict:
    """Judge one hypothesis at one look. See docs/science.md for the rules.

    `pooled` is the noise of other arms of the same rung; both arms' own spread is added here.
    `diverged_jobs` are those of either arm that ended in NaN or an exploding loss; they have no
    value. `closing` makes the verdict final though seeds are left (money or time ran out).
    """
    alpha = hypothesis_alpha(ALPHA, hypothesis_index)
    noise = combine(pooled_noise([baseline_values, treatment_values]), pooled or Noise(0.0, 0))
    seen = _compare(baseline_values, treatment_values, noise, look)
    baseline_diverged = len(set(diverged_jobs) & set(baseline_jobs))
    treatment_diverged = len(set(diverged_jobs) - set(baseline_jobs))
    name = _harm(baseline_diverged, treatment_diverged, len(treatment_values)) or _decide(
        hypothesis, seen, alpha, can_support=treatment_diverged == 0
    )
    prior_sd = PRIOR_SD_IN_MINIMUM_EFFECTS * hypothesis.minimum_effect
    seeds = len(treatment_values) + treatment_diverged
    return Verdict(
        hypothesis_id=hypothesis.hypothesis_id,
        verdict=name,
        effect=seen.effect if seen else 0.0,
        lower=seen.lower if seen else None,
        upper=seen.upper if seen else None,
        shrunken_effect=shrink(seen.effect, seen.standard_error, prior_sd) if seen else 0.0,
        p_value=seen.p_value if seen else 1.0,
        alpha=alpha,
        sd=noise.sd,
        degrees_of_freedom=noise.degrees_of_freedom,
        look=look,
        baseline_jobs=tuple(baseline_jobs),
        treatment_jobs=tuple(treatment_jobs),
        diverged_jobs=tuple(diverged_jobs),
        noise_jobs=tuple(tuple(arm) for arm in noise_jobs),
        judge_version=JUDGE_VERSION,
        final=closing or name != "inconclusive" or seeds >= hypothesis.replicates,
        judged_at=judged_at,
    )


def _compare(
    baseline: Sequence[float], treatment: Sequence[float], noise: Noise, look: int
) -> Interval | None:
    # One seed on a side is no replication, whatever the pool says about noise.
    if len(baseline) < 2 or len(treatment) < 2 or noise.degrees_of_freedom < 1:
        return None
    return compare(baseline, treatment, noise, ALPHA, look)


def _harm(baseline_diverged: int, treatment_diverged: int, treatment_survived: int) -> VerdictName | None:
    """Refuted by divergence: two seeds and at least half of them, while no baseline seed diverged."""
    enough = treatment_diverged + treatment_survived >= 2 and treatment_diverged >= treatment_survived
    return "refuted" if enough and treatment_diverged > 0 and baseline_diverged == 0 else None


def _decide(hypothesis: Hypothesis, seen: Interval | None, alpha: float, can_support: bool) -> VerdictName:
    if seen is None:
        return "inconclusive"
    if seen.upper < hypothesis.minimum_effect:
        return "refuted"
    # The survivors of a diverging arm are a flattering sample: they may refute, never support.
    supported = can_support and seen.lower > 0.0 and seen.p_value <= alpha
    return "supported" if supported else "inconclusive"
