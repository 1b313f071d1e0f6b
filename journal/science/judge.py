"""The only place that issues verdicts: a pure function of registered claim and numbers."""

import math
from collections.abc import Sequence

from journal.records import Hypothesis, Verdict, VerdictName
from journal.science.pairs import LEAST_PAIRS, Pairs, compare_pairs, futility_bound
from journal.science.statistics import (
    Interval,
    Noise,
    combine,
    compare,
    hypothesis_alpha,
    look_share,
    pooled_noise,
    quantile,
    shrink,
)

JUDGE_VERSION = "3"
ALPHA = 0.05
# Prior on effects: sd of twice the smallest effect worth having; most patches do little.
PRIOR_SD_IN_MINIMUM_EFFECTS = 2.0
FIRST_LOOK_SEEDS = 2
# Two seeds cannot show that a patch widened the spread: docs/logs/truth.md, "What each part bought".
SEEDS_TO_SUPPORT = 4
FUTILITY_ALPHA = 0.05


def looks_of(replicates: int) -> int:
    """Looks at 2, 4, 8, … up to `replicates` seeds."""
    return 1 + max(0, math.ceil(math.log2(replicates / FIRST_LOOK_SEEDS)))


def seeds_at_look(look: int, replicates: int) -> int:
    """Seeds of the treatment at a look: twice those of the look before, `replicates` at most."""
    return min(replicates, FIRST_LOOK_SEEDS << (look - 1))


class Rules:
    """What changed between versions of the judge: budgets of error, looks, and when to give up."""

    version = JUDGE_VERSION

    def alpha(self, hypothesis_index: int) -> float:
        """Threshold of the j-th hypothesis ever registered."""
        return hypothesis_alpha(ALPHA, hypothesis_index)

    def compare(
        self,
        hypothesis: Hypothesis,
        baseline: Sequence[float],
        treatment: Sequence[float],
        noise: Noise,
        look: int,
    ) -> Interval | None:
        """The interval of a look; None when no error is left for it."""
        share = look_share(look, looks_of(hypothesis.replicates))
        return compare(baseline, treatment, noise, ALPHA, share) if share > 0.0 else None

    def seeds_to_support(self, hypothesis: Hypothesis) -> int:
        """Fewer seeds of the treatment never support."""
        return min(SEEDS_TO_SUPPORT, hypothesis.replicates)

    def pairs_of(self, hypothesis: Hypothesis, pairs: Pairs | None) -> Pairs | None:
        """The pairs that the verdict rests on; None for a hypothesis that was not registered so."""
        return (pairs or Pairs()) if hypothesis.pairing else None

    def compare_pairs(self, hypothesis: Hypothesis, pairs: Pairs, noise: Noise, look: int) -> Interval | None:
        """The interval of a look at pairs.

        Fewer than four pairs cannot know their own spread, and take the arms' pooled noise as if nothing were
        in common: too wide, never too narrow.
        """
        if len(pairs.values) < LEAST_PAIRS:
            return self.compare(hypothesis, *_arms((), (), pairs), noise, look)
        share = look_share(look, looks_of(hypothesis.replicates))
        return compare_pairs(pairs, ALPHA, share) if share > 0.0 else None

    def is_futile(self, hypothesis: Hypothesis, seen: Interval, noise: Noise) -> bool:
        """Whether the minimum effect is below a one-sided 95% upper bound no longer.

        Giving up early cannot make a false `supported`, so this bound needs no share of the error
        (non-binding futility, Lan, Simon & Halperin 1982).
        """
        bound = seen.effect + seen.standard_error * quantile(noise, FUTILITY_ALPHA)
        return bound < hypothesis.minimum_effect


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
    pairs: Pairs | None = None,
    closing: bool = False,
    judged_at: float = 0.0,
    rules: Rules | None = None,
) -> Verdict:
    """Judge one hypothesis at one look. See docs/reference/science.md for the rules.

    `pooled` is the noise of other arms of the same rung; both arms' own spread is added here.
    `diverged_jobs` are those of either arm that ended in NaN or an exploding loss; they have no
    value. `pairs` holds the seeds that both arms have: the evidence of a hypothesis that was registered
    with `pairing`, ignored otherwise. `closing` makes the verdict final though seeds are left (money or
    time ran out). `rules` are those of an older version, for rows that it judged.
    """
    rules = rules or Rules()
    alpha = rules.alpha(hypothesis_index)
    noise = combine(pooled_noise([baseline_values, treatment_values]), pooled or Noise(0.0, 0))
    used = rules.pairs_of(hypothesis, pairs)
    arms = _arms(baseline_values, treatment_values, used)
    seen = _look(rules, hypothesis, arms, used, noise, look) if _is_replicated(*arms, noise) else None
    baseline_diverged = len(set(diverged_jobs) & set(baseline_jobs))
    treatment_diverged = len(set(diverged_jobs) - set(baseline_jobs))
    name = _harm(baseline_diverged, treatment_diverged, len(treatment_values)) or _decide(
        hypothesis,
        seen,
        alpha,
        # The survivors of a diverging arm are a flattering sample: they may refute, never support.
        can_support=treatment_diverged == 0
        and len(arms[1]) >= (LEAST_PAIRS if used else rules.seeds_to_support(hypothesis)),
    )
    prior_sd = PRIOR_SD_IN_MINIMUM_EFFECTS * hypothesis.minimum_effect
    is_used_up = len(treatment_values) + treatment_diverged >= hypothesis.replicates
    is_futile = seen is not None and _is_futile(rules, hypothesis, seen, used, noise)
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
        pairs=len(used.values) if used else None,
        look=look,
        baseline_jobs=tuple(baseline_jobs),
        treatment_jobs=tuple(treatment_jobs),
        diverged_jobs=tuple(diverged_jobs),
        noise_jobs=tuple(tuple(arm) for arm in noise_jobs),
        judge_version=rules.version,
        final=closing or name != "inconclusive" or is_used_up or is_futile,
        judged_at=judged_at,
    )


Arms = tuple[Sequence[float], Sequence[float]]


def _arms(baseline: Sequence[float], treatment: Sequence[float], pairs: Pairs | None) -> Arms:
    """The values compared: all of them, or of a paired hypothesis those in pairs."""
    if pairs is None:
        return baseline, treatment
    return [value for value, _ in pairs.values], [value for _, value in pairs.values]


def _look(
    rules: Rules, hypothesis: Hypothesis, arms: Arms, pairs: Pairs | None, noise: Noise, look: int
) -> Interval | None:
    if pairs is None:
        return rules.compare(hypothesis, *arms, noise, look)
    return rules.compare_pairs(hypothesis, pairs, noise, look)


def _is_futile(
    rules: Rules, hypothesis: Hypothesis, seen: Interval, pairs: Pairs | None, noise: Noise
) -> bool:
    if pairs is None or pairs.own.degrees_of_freedom + pairs.others.degrees_of_freedom < LEAST_PAIRS - 1:
        return rules.is_futile(hypothesis, seen, noise)
    return futility_bound(pairs, FUTILITY_ALPHA) < hypothesis.minimum_effect


def _is_replicated(baseline: Sequence[float], treatment: Sequence[float], noise: Noise) -> bool:
    # One seed on a side is no replication, whatever the pool says about noise.
    return len(baseline) >= 2 and len(treatment) >= 2 and noise.degrees_of_freedom >= 1


def _harm(baseline_diverged: int, treatment_diverged: int, treatment_survived: int) -> VerdictName | None:
    """Refuted by divergence: two seeds and at least half of them, while no baseline seed diverged."""
    enough = treatment_diverged + treatment_survived >= 2 and treatment_diverged >= treatment_survived
    return "refuted" if enough and treatment_diverged > 0 and baseline_diverged == 0 else None


def _decide(hypothesis: Hypothesis, seen: Interval | None, alpha: float, can_support: bool) -> VerdictName:
    if seen is None:
        return "inconclusive"
    if seen.upper < hypothesis.minimum_effect:
        return "refuted"
    supported = can_support and seen.lower > 0.0 and seen.p_value <= alpha
    return "supported" if supported else "inconclusive"
