"""The scale surface: what a lab's ideas are truly worth at every rung. See docs/logs/transfer.md.

Written down before any policy was tuned on it. Effects are in standard deviations (sd) of the seed
noise at the smallest rung; all parameters are drawn anew for every lab.
"""

import math
import random
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from bench.truth.landscape import Change, harmless_or_harmful
from trainer.job import TOKENS_PER_PARAMETER, matrix_parameters

DEPTHS = (4, 8, 12)
VOCAB_SIZE = 32_768
FLOPS_A_SECOND = 4e14  # 40% of an H100's bf16 peak
STARTUP_SECONDS = 60.0
USD_A_SECOND = 24.0 / 8 / 3600

GAIN_SHARE = 1 / 3
GAIN_SDS = (1.0, 3.0)
REVERSED_SHARE = 0.5
SURVIVES = 1 / 3
# Of a reversed gain, how much it costs at the top; the mean is what survivors keep.
REVERSED = (1 / 6, 1 / 2)
BEND = (0.5, 2.0)
NOISE_RATIO = (0.5, 1.0)
REDUNDANT_SHARE = 0.1


@dataclass(frozen=True)
class Idea:
    """One patch: its true improvement at the smallest and the top rung, and the bend of the way between."""

    small_sds: float
    top_sds: float
    bend: float = 1.0
    spread: float = 1.0

    def effect_sds(self, height: float) -> float:
        """True improvement at a height of the ladder, 0 (smallest rung) to 1 (top)."""
        return self.small_sds + (self.top_sds - self.small_sds) * math.pow(height, self.bend)

    @property
    def is_reversed(self) -> bool:
        return self.small_sds > 0.0 > self.top_sds


@dataclass(frozen=True)
class Surface:
    """A lab's ideas, its noise up the ladder, and which pairs of ideas do partly the same."""

    ideas: tuple[Idea, ...]
    noise_ratio: float
    overlaps: dict[tuple[int, int], float]

    def effect_sds(self, kept: Iterable[int], rung: int) -> float:
        """True improvement of a set of ideas together. Two that overlap lose part of the lesser."""
        chosen = sorted(set(kept))
        alone = {index: self.ideas[index].effect_sds(height(rung)) for index in chosen}
        twice = sum(
            self.overlaps.get(pair, 0.0) * max(0.0, min(alone[pair[0]], alone[pair[1]]))
            for pair in combinations(chosen, 2)
        )
        return math.fsum(alone.values()) - twice

    def noise_sds(self, rung: int) -> float:
        """Seed noise of a rung."""
        return math.pow(self.noise_ratio, height(rung))

    def spread(self, kept: Iterable[int]) -> float:
        """Noise of a set of ideas as a multiple of the rung's: that of the widest."""
        return max([1.0, *(self.ideas[index].spread for index in kept)])


def draw(generator: random.Random, ideas: int) -> Surface:
    """One lab's surface."""
    drawn = tuple(_idea(generator) for _ in range(ideas))
    overlaps = {
        pair: generator.random()
        for pair in combinations(range(ideas), 2)
        if generator.random() < REDUNDANT_SHARE
    }
    return Surface(drawn, generator.uniform(*NOISE_RATIO), overlaps)


def height(rung: int) -> float:
    """Where a rung stands between the smallest (0) and the top (1), by the logarithm of its parameters."""
    small, top = (math.log(matrix_parameters(DEPTHS[i], VOCAB_SIZE)) for i in (0, -1))
    return (math.log(matrix_parameters(DEPTHS[rung], VOCAB_SIZE)) - small) / (top - small)


def run_usd(rung: int) -> float:
    """Price of one run: start-up, and 6 FLOP a parameter and token at the compute-optimal horizon."""
    parameters = matrix_parameters(DEPTHS[rung], VOCAB_SIZE)
    flops = 6.0 * parameters * TOKENS_PER_PARAMETER * parameters
    return (STARTUP_SECONDS + flops / FLOPS_A_SECOND) * USD_A_SECOND


def _idea(generator: random.Random) -> Idea:
    if generator.random() >= GAIN_SHARE:
        return _null(harmless_or_harmful(generator, 1)[0])
    small = generator.uniform(*GAIN_SDS)
    reverses = generator.random() < REVERSED_SHARE
    top = -small * generator.uniform(*REVERSED) if reverses else small * SURVIVES
    bend = math.exp(generator.uniform(*(math.log(b) for b in BEND)))
    return Idea(small, top, bend)


def _null(change: Change) -> Idea:
    """What does nothing, or harm, does so at every rung."""
    return Idea(change.effect_sds, change.effect_sds, spread=change.spread)
