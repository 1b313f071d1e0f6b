"""A smallest change of the rules that finds what is there; see docs/truth.md.

1. α_j = α · c / ((j + c) (j + c − 1)): sums to α like the schedule before, but is nearly level over
   the first c hypotheses.
2. Looks double the treatment's seeds (2, 4, 8, …), the baseline keeps step with the longest arm, and
   a look spends α in proportion to its new seeds (linear spending, Kim & DeMets 1987).
3. A look that rules out the minimum effect at one-sided 95% ends the hypothesis as inconclusive:
   giving up early cannot make a false `supported`.
4. `supported` needs four seeds: two cannot show that a patch widened the spread.

The first three buy power and money, the fourth guards against patches that only widen the spread.
"""

import math
from dataclasses import dataclass

from scipy.special import stdtrit

from harness.plan import REPLICATES, baseline_seeds
from journal.judge import ALPHA, judge
from journal.records import Hypothesis, Verdict, VerdictName
from journal.statistics import Interval, Noise, combine, compare, pooled_noise

LEVEL_HYPOTHESES = 20
FUTILITY_ALPHA = 0.05
SEEDS_TO_SUPPORT = 4


def hypothesis_alpha(alpha: float, index: int) -> float:
    """Error allowed for the j-th registered hypothesis; the sum telescopes to alpha."""
    level = LEVEL_HYPOTHESES
    return alpha * level / ((index + level) * (index + level - 1))


def looks_of(replicates: int) -> int:
    """Looks at 2, 4, 8, … up to `replicates` seeds."""
    return 1 + max(0, math.ceil(math.log2(replicates / REPLICATES)))


def look_share(look: int, looks: int) -> float:
    """Share of the error spent at a look: the share of seeds that are new to it; sums to one."""
    return float(2.0 ** (max(look, 2) - looks - 1)) if looks > 1 else 1.0


@dataclass(frozen=True)
class ProposedRules:
    """The four changes; everything else is the lab's."""

    slots: int
    replicates: int
    futility_alpha: float = FUTILITY_ALPHA

    def treatment_seeds(self, claim: Hypothesis, look: int) -> int:
        return min(claim.replicates, REPLICATES << (look - 1))

    def baseline_seeds(self, treatment_seeds: int) -> int:
        return max(baseline_seeds(self.slots), treatment_seeds)

    def judge(
        self,
        claim: Hypothesis,
        baseline: list[float],
        treatment: list[float],
        pooled: Noise,
        look: int,
        index: int,
    ) -> Verdict:
        seen, p_value, noise = _look(claim, baseline, treatment, pooled, look)
        alpha = hypothesis_alpha(ALPHA, index)
        name = _decide(claim, seen, p_value <= alpha, len(treatment))
        ended = len(treatment) >= claim.replicates or _is_futile(claim, seen, noise, self.futility_alpha)
        return judge(claim, baseline, treatment, pooled, look, index).model_copy(
            update={
                "verdict": name,
                "lower": seen.lower,
                "upper": seen.upper,
                "p_value": p_value,
                "alpha": alpha,
                "final": name != "inconclusive" or ended,
            }
        )


def _look(
    claim: Hypothesis, baseline: list[float], treatment: list[float], pooled: Noise, look: int
) -> tuple[Interval, float, Noise]:
    """Interval and p-value at the share of this look, and the noise they rest on."""
    share = look_share(look, looks_of(claim.replicates))
    noise = combine(pooled_noise([baseline, treatment]), pooled)
    # `compare` spends half of what it is given at look 1, and doubles the p-value for it.
    seen = compare(baseline, treatment, noise, 2.0 * ALPHA * share, 1)
    return seen, min(1.0, seen.p_value / (2.0 * share)), noise


def _decide(claim: Hypothesis, seen: Interval, is_below_alpha: bool, seeds: int) -> VerdictName:
    if seen.upper < claim.minimum_effect:
        return "refuted"
    is_enough = seeds >= min(SEEDS_TO_SUPPORT, claim.replicates)
    return "supported" if seen.lower > 0.0 and is_below_alpha and is_enough else "inconclusive"


def _is_futile(claim: Hypothesis, seen: Interval, noise: Noise, alpha: float) -> bool:
    reach = seen.standard_error * float(stdtrit(noise.degrees_of_freedom, 1.0 - alpha))
    return seen.effect + reach < claim.minimum_effect
