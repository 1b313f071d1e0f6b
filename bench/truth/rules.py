"""The lab's rules, as a simulated lab asks for them: seeds of a look, then a verdict."""

from dataclasses import dataclass
from typing import Literal, Protocol

from harness.plan.seeds import baseline_seeds
from journal.records import Hypothesis, Verdict
from journal.science.earlier_rules.version_1 import RulesV1
from journal.science.judge import judge, seeds_at_look
from journal.science.pairs import LEAST_PAIRS, Correlation, Pairs
from journal.science.statistics import Noise

FORMER_REPLICATES = 4


class Rules(Protocol):
    """How many seeds either side has at a look, and what is concluded from them."""

    @property
    def replicates(self) -> int: ...

    def pairing(self, known: Correlation) -> bool: ...

    def treatment_seeds(self, claim: Hypothesis, look: int) -> int: ...

    def baseline_seeds(self, treatment_seeds: int) -> int: ...

    def judge(
        self,
        claim: Hypothesis,
        baseline: list[float],
        treatment: list[float],
        pooled: Noise,
        look: int,
        index: int,
        pairs: Pairs | None = None,
    ) -> Verdict: ...


@dataclass(frozen=True)
class LabRules:
    """`harness.decisions.looks` and `journal.science.judge`; `pairs`: registered where earlier arms gain."""

    slots: int
    replicates: int
    pairs: Literal["learned", "always", "never"] = "learned"

    def pairing(self, known: Correlation) -> bool:
        may = self.replicates >= LEAST_PAIRS and self.pairs != "never"
        return may and (known.is_enough or self.pairs == "always")

    def treatment_seeds(self, claim: Hypothesis, look: int) -> int:
        return seeds_at_look(look, claim.replicates)

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
        pairs: Pairs | None = None,
    ) -> Verdict:
        return judge(claim, baseline, treatment, pooled, look, index, pairs=pairs)


@dataclass(frozen=True)
class FormerRules:
    """Version 1 of the judge: two more seeds a look, four at most, a baseline that stands still."""

    slots: int
    replicates: int = FORMER_REPLICATES

    def pairing(self, known: Correlation) -> bool:
        return False

    def treatment_seeds(self, claim: Hypothesis, look: int) -> int:
        return min(claim.replicates, 2 * look)

    def baseline_seeds(self, treatment_seeds: int) -> int:
        return baseline_seeds(self.slots)

    def judge(
        self,
        claim: Hypothesis,
        baseline: list[float],
        treatment: list[float],
        pooled: Noise,
        look: int,
        index: int,
        pairs: Pairs | None = None,
    ) -> Verdict:
        return judge(claim, baseline, treatment, pooled, look, index, rules=RulesV1())
