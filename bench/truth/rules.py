"""The lab's own rules, as a simulated lab asks for them: seeds of a look, then a verdict."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Protocol, cast

from harness.decide_search import treatment_seeds
from harness.plan import MANY_HYPOTHESES, REPLICATES, baseline_seeds
from harness.view import LabView
from journal.judge import judge
from journal.records import Hypothesis, Verdict
from journal.statistics import Noise


class Rules(Protocol):
    """How many seeds either side has at a look, and what is concluded from them."""

    @property
    def replicates(self) -> int: ...

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
    ) -> Verdict: ...


@dataclass(frozen=True)
class LabRules:
    """`harness.decide_search` and `journal.judge` as they are."""

    slots: int
    hypotheses: int

    @property
    def replicates(self) -> int:
        return REPLICATES if self.hypotheses < MANY_HYPOTHESES else 2 * REPLICATES

    def treatment_seeds(self, claim: Hypothesis, look: int) -> int:
        view = SimpleNamespace(verdicts_of=lambda _: range(look - 1), session=SimpleNamespace(seed=0))
        return len(treatment_seeds(cast(LabView, view), claim))

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
    ) -> Verdict:
        return judge(claim, baseline, treatment, pooled, look, index)
