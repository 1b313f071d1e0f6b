"""One simulated lab played to its end: shared baseline, pooled noise, hypotheses one after the other."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from bench.truth.landscape import Change, Landscape
from bench.truth.rules import Rules
from harness.plan.seeds import seed_numbers
from journal.records import Hypothesis, Verdict
from journal.science.evidence import HARM_FRACTION
from journal.science.pairs import Correlation, Pairs, paired, seed_correlation
from journal.science.statistics import Noise, combine, mean, pooled_noise

BASELINE_BPB = 2.0
SD_BPB = 0.004
MINIMUM_EFFECT_SDS = 1.0
OUTLIER_SDS = 20.0


@dataclass(frozen=True)
class Seeds:
    """What runs of one seed have in common, and how often one run of either arm is wildly off."""

    correlation: float = 0.0
    outlier_share: float = 0.0


INDEPENDENT = Seeds()


@dataclass(frozen=True)
class Outcome:
    """What became of one hypothesis."""

    change: Change
    looks: tuple[Verdict, ...]

    @property
    def is_supported(self) -> bool:
        return self.looks[-1].verdict == "supported"

    @property
    def is_refuted(self) -> bool:
        return self.looks[-1].verdict == "refuted"

    @property
    def is_covered(self) -> bool:
        """The last interval holds the true effect."""
        return _covers(self.looks[-1], self.change)

    @property
    def is_always_covered(self) -> bool:
        """The intervals of all looks do."""
        return all(_covers(verdict, self.change) for verdict in self.looks)


@dataclass(frozen=True)
class Lab:
    """A lab's hypotheses in order, and its runs, those of the baseline included."""

    outcomes: tuple[Outcome, ...]
    runs: int
    paired: int = 0

    @property
    def has_false_support(self) -> bool:
        return any(o.is_supported and o.change.effect_sds <= 0.0 for o in self.outcomes)


class Runs:
    """Draws seeds of arms, and keeps what is shared: the baseline and the noise of finished arms."""

    def __init__(self, generator: random.Random, seeds: Seeds = INDEPENDENT) -> None:
        self.generator = generator
        self.seeds = seeds
        self.common: dict[int, float] = {}
        self.baseline: dict[int, float] = {}
        self.arms: list[dict[int, float]] = []
        self.pooled = Noise(0.0, 0)
        self.differences = Noise(0.0, 0)
        self.count = 0

    def extend(self, arm: dict[int, float], seeds: Sequence[int], change: Change) -> None:
        for seed in seeds:
            if seed not in arm:
                arm[seed] = self._draw(seed, change)
                self.count += 1

    def pool(self, arm: dict[int, float]) -> None:
        """As `journal.science.evidence` does: an arm far worse than the baseline is no measure of noise."""
        values = list(arm.values())
        if mean(values) <= (1.0 + HARM_FRACTION) * mean(list(self.baseline.values())):
            self.arms.append(arm)
            self.pooled = combine(self.pooled, pooled_noise([values]))
            self.differences = combine(self.differences, self.pairs(arm).own)

    def pairs(self, arm: dict[int, float]) -> Pairs:
        """A treatment's seeds are the baseline's."""
        return Pairs(paired(self.baseline, arm), self.differences)

    @property
    def known(self) -> Correlation:
        """What finished arms have in common with the baseline."""
        return seed_correlation([[self.baseline, *self.arms]])

    def _draw(self, seed: int, change: Change) -> float:
        centre = BASELINE_BPB - change.effect_sds * SD_BPB
        shared = self.seeds.correlation
        own = math.sqrt(change.spread**2 - shared) if shared else change.spread
        value = self.generator.gauss(centre, SD_BPB * own)
        if shared:
            value += SD_BPB * math.sqrt(shared) * self._common(seed)
        if self.seeds.outlier_share and self.generator.random() < self.seeds.outlier_share:
            value += OUTLIER_SDS * SD_BPB
        return value

    def _common(self, seed: int) -> float:
        if seed not in self.common:
            self.common[seed] = self.generator.gauss(0.0, 1.0)
        return self.common[seed]


def play(
    generator: random.Random, rules: Rules, landscape: Landscape, hypotheses: int, seeds: Seeds = INDEPENDENT
) -> Lab:
    """All hypotheses of one lab, each to its final verdict."""
    runs = Runs(generator, seeds)
    changes = landscape(generator, hypotheses)
    outcomes = [_test(runs, rules, change, index) for index, change in enumerate(changes, start=1)]
    paired = sum(outcome.looks[-1].pairs is not None for outcome in outcomes)
    return Lab(tuple(outcomes), runs.count, paired)


def _test(runs: Runs, rules: Rules, change: Change, index: int) -> Outcome:
    claim = claim_of(index, rules.replicates, MINIMUM_EFFECT_SDS * SD_BPB, rules.pairing(runs.known))
    treatment: dict[int, float] = {}
    looks: list[Verdict] = []
    while not looks or not looks[-1].final:
        look = len(looks) + 1
        seeds = rules.treatment_seeds(claim, look)
        runs.extend(runs.baseline, range(1, rules.baseline_seeds(seeds) + 1), Change(0.0))
        runs.extend(treatment, seed_numbers(seeds, rules.baseline_seeds(1), index), change)
        base, values = list(runs.baseline.values()), list(treatment.values())
        looks.append(rules.judge(claim, base, values, runs.pooled, look, index, runs.pairs(treatment)))
    runs.pool(treatment)
    return Outcome(change, tuple(looks))


def claim_of(index: int, replicates: int, minimum_effect: float, pairing: bool | None = None) -> Hypothesis:
    """A registered hypothesis of a simulated lab; `minimum_effect` in bits per byte."""
    return Hypothesis(
        hypothesis_id=f"h{index}",
        statement="simulated",
        baseline_recipe="r1",
        patch={"optim.matrix_lr": 0.03},
        minimum_effect=minimum_effect,
        replicates=replicates,
        stopping_rule="the rules under test",
        cost_micro_usd=0,
        proposer="search",
        prior=0.2,
        rung="simulated",
        registered_at=0.0,
        pairing=pairing,
    )


def _covers(verdict: Verdict, change: Change) -> bool:
    if verdict.lower is None or verdict.upper is None:
        return True  # no interval: nothing was claimed
    return verdict.lower <= change.effect_sds * SD_BPB <= verdict.upper
