"""Runs on a simulated ladder: drawn, paid for, and judged by the lab's rules."""

import random
from collections.abc import Collection
from dataclasses import dataclass, field

from bench.transfer.surface import Surface, run_usd
from bench.truth.lab import BASELINE_BPB, MINIMUM_EFFECT_SDS, SD_BPB, claim_of
from bench.truth.rules import Rules
from journal.records import Hypothesis, Verdict
from journal.science.evidence import HARM_FRACTION
from journal.science.statistics import Noise, combine, mean, pooled_noise
from journal.science.transfer import RungTest, transfer_minimum_effect

MINIMUM_EFFECT_BPB = MINIMUM_EFFECT_SDS * SD_BPB


@dataclass
class Rung:
    """What all tests of a rung share: seeds of its baseline, and the noise of finished arms."""

    baseline: list[float] = field(default_factory=list)
    pooled: Noise = field(default_factory=lambda: Noise(0.0, 0))


@dataclass
class Question:
    """A set of ideas on a rung, under way: its seeds and its looks so far."""

    ideas: tuple[int, ...]
    rung: int
    index: int
    claim: Hypothesis
    values: list[float] = field(default_factory=list)
    looks: list[Verdict] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return not self.looks or not self.looks[-1].final


class Trials:
    """One lab's runs. Nothing is drawn that `budget_usd` does not pay for."""

    def __init__(self, name: str, surface: Surface, rules: Rules, budget_usd: float) -> None:
        self.surface = surface
        self.rules = rules
        self.budget_usd = budget_usd
        self.spent_usd = 0.0
        self.questions: list[Question] = []
        self._rungs: dict[int, Rung] = {}
        self._name = name

    def ask(self, sets: Collection[tuple[int, ...]], rung: int, seeds: int, kept_usd: float = 0.0) -> None:
        """Register sets of ideas on a rung, look at all in turn until each is decided or money runs out.

        `seeds` are those of a treatment, at most; `kept_usd` is left untouched.
        """
        asked = [self._register(ideas, rung, seeds) for ideas in sets]
        while waiting := [question for question in asked if question.is_open]:
            for question in waiting:
                if not self._look(question, kept_usd):
                    return

    def test(self, ideas: tuple[int, ...], rung: int) -> RungTest | None:
        """A set of ideas as it was claimed on a rung, with the last word on it, if there is one."""
        asked = [q for q in self.questions if q.ideas == ideas and q.rung == rung and q.looks]
        return RungTest(asked[-1].claim, asked[-1].looks[-1]) if asked else None

    def verdict(self, ideas: tuple[int, ...], rung: int) -> Verdict | None:
        """The last word on a set of ideas on a rung, if it was looked at."""
        test = self.test(ideas, rung)
        return test.verdict if test else None

    def _register(self, ideas: tuple[int, ...], rung: int, seeds: int) -> Question:
        index = 1 + len(self.questions)
        minimum = MINIMUM_EFFECT_BPB if rung == 0 else transfer_minimum_effect(MINIMUM_EFFECT_BPB)
        question = Question(ideas, rung, index, claim_of(index, seeds, minimum))
        self.questions.append(question)
        return question

    def _look(self, question: Question, kept_usd: float) -> bool:
        """One look; False when it cannot be paid."""
        rung = self._rungs.setdefault(question.rung, Rung())
        seeds = self.rules.treatment_seeds(question.claim, len(question.looks) + 1)
        base_seeds = max(len(rung.baseline), self.rules.baseline_seeds(seeds))
        runs = seeds - len(question.values) + base_seeds - len(rung.baseline)
        price = runs * run_usd(question.rung)
        if self.spent_usd + price > self.budget_usd - kept_usd:
            return False
        self.spent_usd += price
        rung.baseline += self._draw((), question.rung, len(rung.baseline), base_seeds)
        question.values += self._draw(question.ideas, question.rung, len(question.values), seeds)
        verdict = self.rules.judge(
            question.claim,
            rung.baseline,
            question.values,
            rung.pooled,
            len(question.looks) + 1,
            question.index,
        )
        question.looks.append(verdict)
        # As `journal.science.evidence` does: an arm far worse than the baseline is no measure of noise.
        if verdict.final and mean(question.values) <= (1.0 + HARM_FRACTION) * mean(rung.baseline):
            rung.pooled = combine(rung.pooled, pooled_noise([question.values]))
        return True

    def _draw(self, ideas: tuple[int, ...], rung: int, have: int, seeds: int) -> list[float]:
        """Values of seeds by their number: the same arm gives the same values to every policy."""
        sd = SD_BPB * self.surface.noise_sds(rung) * self.surface.spread(ideas)
        centre = BASELINE_BPB - SD_BPB * self.surface.effect_sds(ideas, rung)
        arm = f"{self._name} {rung} {ideas}"
        return [random.Random(f"{arm} {seed}").gauss(centre, sd) for seed in range(have, seeds)]
