"""`python -m tests.simulations.screen`: what stopping bad ideas early saves and loses, rule beside rule.

Labs of ideas that a real sweep measured (docs/logs/verdicts.md), a fifth of them replaced
by improvements; the judge's looks, the lab's shared baseline, pooled noise.
"""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from scipy.special import stdtrit

from harness.plan.seeds import baseline_seeds
from journal.records import Verdict
from journal.science.evidence import HARM_FRACTION
from journal.science.judge import judge, seeds_at_look
from journal.science.screen import AUDITED_ONE_IN, is_hopeless, upper_bound
from journal.science.statistics import Noise, combine, mean, pooled_noise
from tests.support.journal_support import hypothesis

SD = 0.0105  # val_bpb between the sweep's baseline seeds, the one that spiked left out
# Treatment - baseline, measured: train loss at 1/4 and at 1/2 of the tokens, val_bpb at the end. The last
# seven are two-seed means of a recorded lab at another horizon.
SWEEP: tuple[tuple[float, float, float], ...] = (
    (-0.078, 0.118, 0.098),
    (0.270, 0.146, 0.028),
    (-0.094, 0.012, -0.016),
    (0.013, -0.026, 0.004),
    (0.287, 0.307, 0.014),
    (0.997, 0.431, 0.035),
    (0.281, 0.224, 0.098),
    (0.410, 0.182, 0.060),
    (-0.114, -0.029, -0.023),
    (0.304, 0.229, 0.120),
    (0.221, 0.140, -0.030),
    (0.411, 0.229, 0.094),
    (0.103, 0.051, 0.009),
    (0.225, 0.156, 0.074),
    (0.263, 0.174, 0.132),
    (1.887, 0.727, 0.138),
    (0.242, 0.125, 0.029),
    (1.324, 0.584, 0.069),
    (0.396, 0.293, 0.138),
    (0.018, 0.002, -0.016),
    (0.657, 0.331, 0.135),
    (0.060, 0.159, 0.073),
    (0.011, -0.021, 0.000),
    (-0.034, -0.053, -0.040),
    (-0.200, -0.198, -0.034),
    (-0.056, -0.100, -0.038),
)
# The same between seeds of the baseline.
NULLS: tuple[tuple[float, float], ...] = (
    (-0.074, 0.007),
    (-0.191, -0.061),
    (-0.071, 0.009),
    (0.419, 0.163),
    (-0.082, -0.119),
    (-0.019, 0.053),
    (0.008, -0.076),
    (0.010, 0.023),
)
GAIN_SDS = (1.0, 2.0, 3.0, 4.0)
# Of the sweep's five baseline seeds one spiked in its first steps and ended seven sds above the others.
SPIKE_SHARE, SPIKE_SDS = 0.1, 7.0
GAINS = 0.2
LEAST_PAIRS = 6


@dataclass(frozen=True)
class Idea:
    """Leads in train loss at 1/4 and 1/2, and the true difference of val_bpb (positive is worse)."""

    leads: tuple[float, float]
    difference: float


@dataclass
class Lab:
    """One lab under one rule."""

    seed: int
    slots: int
    replicates: int
    spikes: bool = False
    baseline: list[float] = field(default_factory=list)
    pooled: Noise = field(default_factory=lambda: Noise(0.0, 0))
    pairs: list[tuple[tuple[float, float], float]] = field(default_factory=list)
    runs: float = 0.0
    verdicts: list[tuple[Idea, str]] = field(default_factory=list)

    def extend(self, arm: list[float], seeds: int, difference: float, draw: random.Random) -> None:
        while len(arm) < seeds:
            spike = SPIKE_SDS * SD * (draw.random() < SPIKE_SHARE) if self.spikes else 0.0
            arm.append(2.0 + difference + draw.gauss(0.0, SD) + spike)
            self.runs += 1.0

    @property
    def noise(self) -> Noise:
        return combine(self.pooled, pooled_noise([self.baseline]))


# (lab, idea, value of its first seed) -> share of that run after which it ends; None: it goes on.
Rule = Callable[[Lab, Idea, float], float | None]


def nothing_stops(lab: Lab, idea: Idea, value: float) -> float | None:
    return None


def first_seed(lab: Lab, idea: Idea, value: float) -> float | None:
    """The rule of `journal.science.screen`."""
    return 1.0 if is_hopeless(lab.baseline, value, lab.noise) else None


def first_seed_below_minimum(lab: Lab, idea: Idea, value: float) -> float | None:
    """As above, where an improvement of one sd is ruled out."""
    bound = upper_bound(lab.baseline, value, lab.noise)
    return 1.0 if bound is not None and bound < SD else None


def curve(at: int) -> Rule:
    """At 1/4 (0) or 1/2 (1): final = slope · lead + error, by what has finished; 99% bound of a new idea."""

    def rule(lab: Lab, idea: Idea, value: float) -> float | None:
        pairs = [(leads[at], final) for leads, final in lab.pairs]
        bound = predicted_at_least(idea.leads[at], pairs)
        return (0.25, 0.5)[at] if bound is not None and bound > 0.0 else None

    return rule


def predicted_at_least(lead: float, pairs: Sequence[tuple[float, float]]) -> float | None:
    """Lower 99% bound of the final difference, by a line through the origin; None for too few pairs."""
    squares = sum(x * x for x, _ in pairs)
    if len(pairs) < LEAST_PAIRS:
        return None
    slope = sum(x * y for x, y in pairs) / squares
    variance = sum((y - slope * x) ** 2 for x, y in pairs) / (len(pairs) - 1)
    error = math.sqrt(variance * (1.0 + lead**2 / squares))
    return slope * lead - float(stdtrit(len(pairs) - 1, 0.99)) * error


def both(lab: Lab, idea: Idea, value: float) -> float | None:
    """The curve at 1/2, and what it lets pass the first seed's end."""
    return curve(1)(lab, idea, value) or first_seed(lab, idea, value)


RULES: dict[str, Rule] = {
    "two seeds (before)": nothing_stops,
    "first seed, worse at 99%": first_seed,
    "first seed, below +1 sd at 99%": first_seed_below_minimum,
    "curve at 1/4": curve(0),
    "curve at 1/2": curve(1),
    "curve at 1/2, then first seed": both,
}


def ideas(seed: int, count: int) -> list[Idea]:
    """Measured ones, and improvements whose curves say nothing."""
    draw = random.Random(f"ideas {seed}")
    return [_gain(draw) if draw.random() < GAINS else _measured(draw) for _ in range(count)]


def play(rule: Rule, seed: int, count: int, slots: int, replicates: int, spikes: bool = False) -> Lab:
    """All ideas of one lab; the same seeds give the same runs under every rule."""
    lab = Lab(seed, slots, replicates, spikes)
    lab.extend(lab.baseline, baseline_seeds(slots), 0.0, random.Random(f"baseline {seed}"))
    for index, idea in enumerate(ideas(seed, count), start=1):
        lab.verdicts.append((idea, _test(lab, rule, idea, index)))
    return lab


def _test(lab: Lab, rule: Rule, idea: Idea, index: int) -> str:
    draw, audit = random.Random(f"seeds {lab.seed} {index}"), random.Random(f"audit {lab.seed} {index}")
    treatment: list[float] = []
    lab.extend(treatment, 1, idea.difference, draw)
    share = rule(lab, idea, treatment[0])
    if share is not None and audit.randrange(AUDITED_ONE_IN):
        lab.runs -= 1.0 - share
        return "stopped"
    verdict = _look(lab, idea, treatment, draw, 1, index)
    while not verdict.final:
        verdict = _look(lab, idea, treatment, draw, verdict.look + 1, index)
    if mean(treatment) <= (1.0 + HARM_FRACTION) * mean(lab.baseline):
        lab.pooled = combine(lab.pooled, pooled_noise([treatment]))
    lab.pairs.append((idea.leads, mean(treatment) - mean(lab.baseline)))
    return verdict.verdict


def _look(
    lab: Lab, idea: Idea, treatment: list[float], draw: random.Random, look: int, index: int
) -> Verdict:
    seeds = seeds_at_look(look, lab.replicates)
    lab.extend(lab.baseline, seeds, 0.0, random.Random(f"baseline {lab.seed} {look}"))
    lab.extend(treatment, seeds, idea.difference, draw)
    claim = hypothesis(f"h{index}", minimum_effect=SD, replicates=lab.replicates)
    return judge(claim, lab.baseline, treatment, lab.pooled, look, index)


def _measured(draw: random.Random) -> Idea:
    quarter, half, final = draw.choice(SWEEP)
    return Idea((quarter, half), final)


def _gain(draw: random.Random) -> Idea:
    return Idea(draw.choice(NULLS), -draw.choice(GAIN_SDS) * SD)


@dataclass(frozen=True)
class Row:
    """What a rule came to, over labs."""

    runs: float
    stopped: float
    good_stopped: int
    good: int
    found: int
    refuted: float


def measure(rule: Rule, labs: int, count: int, slots: int, replicates: int, spikes: bool = False) -> Row:
    """A rule's row: runs, stopped and refuted an idea; improvements stopped, all, and found."""
    played = [play(rule, seed, count, slots, replicates, spikes) for seed in range(labs)]
    all_ideas = [(idea, name) for lab in played for idea, name in lab.verdicts]
    good = [name for idea, name in all_ideas if idea.difference <= -SD]
    number = len(all_ideas)
    return Row(
        runs=sum(lab.runs for lab in played) / number,
        stopped=sum(name == "stopped" for _, name in all_ideas) / number,
        good_stopped=good.count("stopped"),
        good=len(good),
        found=good.count("supported"),
        refuted=sum(name == "refuted" for _, name in all_ideas) / number,
    )


SIZES = ((200, 6, 2, 2), (60, 20, 8, 16), (20, 70, 8, 64))


def main() -> None:
    for spikes in (False, True):
        for labs, count, slots, replicates in SIZES:
            noise = "with spikes" if spikes else "normal noise"
            print(f"\n{labs} labs of {count} ideas, {slots} slots, at most {replicates} seeds, {noise}\n")
            print("| rule | runs an idea | saved | stopped | improvements stopped | found | refuted |")
            print("|---|---|---|---|---|---|---|")
            before = measure(nothing_stops, labs, count, slots, replicates, spikes).runs
            for name, rule in RULES.items():
                _print(name, measure(rule, labs, count, slots, replicates, spikes), before)


def _print(name: str, row: Row, before: float) -> None:
    print(
        f"| {name} | {row.runs:.2f} | {1 - row.runs / before:.1%} | {row.stopped:.0%} "
        f"| {row.good_stopped} of {row.good} | {row.found} | {row.refuted:.0%} |"
    )


if __name__ == "__main__":
    main()
