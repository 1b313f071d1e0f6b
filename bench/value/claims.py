"""Claims on one baseline in a simulated lab, judged by the lab's rules."""

from dataclasses import dataclass, field

from bench.truth.rules import LabRules
from bench.value.lab import Run, View
from bench.value.surface import Ideas
from harness.plan.seeds import seed_numbers
from journal.records import Hypothesis, Verdict
from journal.science.evidence import HARM_FRACTION
from journal.science.pairs import Correlation, Pairs, paired, seed_correlation
from journal.science.screen import is_hopeless
from journal.science.statistics import Noise, combine, mean, pooled_noise, smallest_effect

SEEDS_OF_A_BENCH = 100


@dataclass
class Claim:
    """A hypothesis under test: its arm and its looks."""

    hypothesis: Hypothesis
    ideas: Ideas
    index: int
    looks: list[Verdict] = field(default_factory=list)
    is_stopped: bool = False

    @property
    def is_open(self) -> bool:
        return not self.is_stopped and (not self.looks or not self.looks[-1].final)


@dataclass
class Bench:
    """A baseline and the claims on it, on one rung."""

    base: Ideas
    first_seed: int
    seeds: int  # of the baseline, at least
    above: bool = False
    claims: list[Claim] = field(default_factory=list)
    pooled: Noise = field(default_factory=lambda: Noise(0.0, 0))

    def run(self, ideas: Ideas, number: int) -> Run:
        return Run(ideas, self.first_seed + number, self.above)

    def by_seed(self, view: View, ideas: Ideas) -> dict[int, float]:
        """An arm's values on this bench's own seeds."""
        own = range(self.first_seed + 1, self.first_seed + SEEDS_OF_A_BENCH)
        return {seed: v for seed, v in view.values(ideas, self.above).items() if seed in own}

    def base_values(self, view: View) -> dict[int, float]:
        return self.by_seed(view, self.base)

    def known(self, view: View) -> Correlation:
        """What the baseline's seeds and those of finished arms have in common."""
        arms = [
            self.by_seed(view, claim.ideas) for claim in self.claims if claim.looks and claim.looks[-1].final
        ]
        return seed_correlation([[self.base_values(view), *arms]])

    def minimum_effect(self, view: View) -> float:
        values = list(self.base_values(view).values())
        return smallest_effect(values, pooled_noise([values]).sd)

    def open_claims(self) -> list[Claim]:
        return [claim for claim in self.claims if claim.is_open]

    def judge(self, view: View, rules: LabRules) -> list[Claim]:
        """Screen and look where it is due; the claims that this supports."""
        return [claim for claim in self.open_claims() if self._is_supported(view, rules, claim)]

    def _is_supported(self, view: View, rules: LabRules, claim: Claim) -> bool:
        runs = self.runs(claim, rules)
        ended = [run for run in runs if run in view.results]
        arm, base = list(self.by_seed(view, claim.ideas).values()), list(self.base_values(view).values())
        if len(ended) == 1 and arm and not self.above and not claim.looks:
            claim.is_stopped = is_hopeless(base, arm[0], combine(self.pooled, pooled_noise([base])))
        steps = self.baseline_runs(rules)
        if claim.is_stopped or len(ended) < len(runs) or any(run not in view.results for run in steps):
            return False
        # What diverged supports nothing.
        claim.is_stopped = any(view.results[run] is None for run in runs)
        return not claim.is_stopped and self._look(view, rules, claim).verdict == "supported"

    def _look(self, view: View, rules: LabRules, claim: Claim) -> Verdict:
        base, arm = self.base_values(view), self.by_seed(view, claim.ideas)
        values, number = list(arm.values()), len(claim.looks) + 1
        verdict = rules.judge(
            claim.hypothesis, list(base.values()), values, self.pooled, number, claim.index,
            Pairs(paired(base, arm)),
        )  # fmt: skip
        claim.looks.append(verdict)
        if verdict.final and mean(values) <= (1.0 + HARM_FRACTION) * mean(list(base.values())):
            self.pooled = combine(self.pooled, pooled_noise([values]))
        return verdict

    def runs(self, claim: Claim, rules: LabRules) -> list[Run]:
        """The seeds of a claim's next look."""
        count = rules.treatment_seeds(claim.hypothesis, len(claim.looks) + 1)
        return [self.run(claim.ideas, n) for n in seed_numbers(count, self.seeds, claim.index)]

    def baseline_runs(self, rules: LabRules) -> list[Run]:
        """The baseline keeps step with its longest open arm."""
        longest = [rules.treatment_seeds(c.hypothesis, len(c.looks) + 1) for c in self.claims if c.is_open]
        return [self.run(self.base, number) for number in range(1, max([self.seeds, *longest]) + 1)]
