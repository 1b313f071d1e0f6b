"""Version 1 of the judge, kept so that its verdicts can be recomputed; nothing new is judged by it."""

import math
from collections.abc import Sequence

from journal.records import Hypothesis
from journal.science.earlier_rules.version_2 import RulesV2
from journal.science.judge import ALPHA
from journal.science.statistics import Interval, Noise, estimate, quantile, student_cdf


class RulesV1(RulesV2):
    """Any number of looks, an error budget that falls as 1/j², two seeds to support, no giving up."""

    version = "1"

    def alpha(self, hypothesis_index: int) -> float:
        """alpha · 6 / (π² j²), which sums to alpha."""
        return ALPHA * 6.0 / (math.pi**2 * hypothesis_index**2)

    def compare(
        self,
        hypothesis: Hypothesis,
        baseline: Sequence[float],
        treatment: Sequence[float],
        noise: Noise,
        look: int,
    ) -> Interval | None:
        """Look k spends alpha / (k (k + 1)), which sums to alpha over all looks."""
        effect, error = estimate(baseline, treatment, noise)
        reach = error * quantile(noise, ALPHA / (look * (look + 1)) / 2.0)
        one_sided = student_cdf(noise.degrees_of_freedom, -effect / error)
        # Multiplied in this order: stored p-values must come out again to the last bit.
        return Interval(
            effect, error, effect - reach, effect + reach, min(1.0, one_sided * look * (look + 1))
        )

    def seeds_to_support(self, hypothesis: Hypothesis) -> int:
        return 2

    def is_futile(self, hypothesis: Hypothesis, seen: Interval, noise: Noise) -> bool:
        return False
