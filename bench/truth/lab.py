"""One simulated lab played to its end: shared baseline, pooled noise, hypotheses one after the other."""

import random
from dataclasses import dataclass

from bench.truth.landscape import Change, Landscape
from bench.truth.rules import Rules
from journal.evidence import HARM_FRACTION
from journal.records import Hypothesis, Verdict
from journal.statistics import Noise, combine, mean, pooled_noise

BASELINE_BPB = 2.0
SD_BPB = 0.004
MINIMUM_EFFECT_SDS = 1.0


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

    @property
    def has_false_support(self) -> bool:
        return any(o.is_supported and o.change.effect_sds <= 0.0 for o in self.outcomes)


class Runs:
    """Draws seeds of arms, and keeps what is shared: the baseline and the noise of finished arms."""

    def __init__(self, generator: random.Random) -> None:
        self.generator = generator
        self.baseline: list[float] = []
        self.pooled = Noise(0.0, 0)
        self.count = 0

    def extend(self, values: list[float], seeds: int, change: Change) -> None:
        centre = BASELINE_BPB - change.effect_sds * SD_BPB
        while len(values) < seeds:
            values.append(self.generator.gauss(centre, SD_BPB * change.spread))
            self.count += 1

    def pool(self, values: list[float]) -> None:
        """As `journal.evidence` does: an arm far worse than the baseline is no measure of noise."""
        if mean(values) <= (1.0 + HARM_FRACTION) * mean(self.baseline):
            self.pooled = combine(self.pooled, pooled_noise([values]))


def play(generator: random.Random, rules: Rules, landscape: Landscape, hypotheses: int) -> Lab:
    """All hypotheses of one lab, each to its final verdict."""
    runs = Runs(generator)
    changes = landscape(generator, hypotheses)
    outcomes = [_test(runs, rules, change, index) for index, change in enumerate(changes, start=1)]
    return Lab(tuple(outcomes), runs.count)


def _test(runs: Runs, rules: Rules, change: Change, index: int) -> Outcome:
    claim = _claim(index, rules.replicates)
    treatment: list[float] = []
    looks: list[Verdict] = []
    while not looks or not looks[-1].final:
        look = len(looks) + 1
        seeds = rules.treatment_seeds(claim, look)
        runs.extend(runs.baseline, rules.baseline_seeds(seeds), Change(0.0))
        runs.extend(treatment, seeds, change)
        looks.append(rules.judge(claim, runs.baseline, treatment, runs.pooled, look, index))
    runs.pool(treatment)
    return Outcome(change, tuple(looks))


def _claim(index: int, replicates: int) -> Hypothesis:
    return Hypothesis(
        hypothesis_id=f"h{index}",
        statement="simulated",
        baseline_recipe="r1",
        patch={"optim.matrix_lr": 0.03},
        minimum_effect=MINIMUM_EFFECT_SDS * SD_BPB,
        replicates=replicates,
        stopping_rule="the rules under test",
        cost_micro_usd=0,
        proposer="search",
        prior=0.2,
        rung="simulated",
        registered_at=0.0,
    )


def _covers(verdict: Verdict, change: Change) -> bool:
    if verdict.lower is None or verdict.upper is None:
        return True  # no interval: nothing was claimed
    return verdict.lower <= change.effect_sds * SD_BPB <= verdict.upper
