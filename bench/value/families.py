"""Families of simulated labs, and their one split into development and held-out.

Each constant names where it was seen; what nobody has measured is marked as assumed. All ranges are drawn
anew for every lab. Written down before any policy was tuned.
"""

import math
import random
from dataclasses import dataclass

from bench.transfer import surface as transfer
from bench.truth.lab import SD_BPB
from bench.value.lab import Noise
from bench.value.surface import Idea, Pool, Setting, Settings, Surface

Range = tuple[float, float]
PARTS = ("development", "heldout")
TRANSFER_IDEAS = 400


@dataclass(frozen=True)
class Family:
    """What all labs of a family share: their noise and how effects carry from the search to the champion.

    `carry` is what is left of an effect at the champion's horizon, on average; `scatter` the sd of that over
    ideas. Assumed: no lab has measured it from 0.4M to 4M tokens at equal depth; over depths half of the
    gains keep a third and half reverse (docs/logs/transfer.md).
    """

    name: str
    baseline_bpb: float
    sd_bpb: Range
    correlation: Range
    carry: Range
    scatter: Range
    spike_share: float = 0.0

    def noise(self, generator: random.Random) -> Noise:
        return Noise(generator.uniform(*self.sd_bpb), generator.uniform(*self.correlation), self.spike_share)

    def surface(self, name: str, generator: random.Random) -> Surface:
        raise NotImplementedError


@dataclass(frozen=True)
class PoolFamily(Family):
    """Ideas without coordinates: some help, many harm, the others do next to nothing. Sizes: log-normal."""

    helps: Range = (0.15, 0.35)
    harms: Range = (0.35, 0.6)
    help_bpb: Range = (0.01, 0.02)  # median
    harm_bpb: Range = (0.03, 0.08)
    tail: Range = (0.5, 0.9)  # sd of the logarithm
    diverges: float = 0.03
    redundant: Range = (0.05, 0.2)
    antagonistic: Range = (0.0, 0.1)
    most_bpb: Range = (0.08, 0.16)  # of all ideas together

    def surface(self, name: str, generator: random.Random) -> Surface:
        helps, harms, tail, carry, scatter = (
            generator.uniform(*r) for r in (self.helps, self.harms, self.tail, self.carry, self.scatter)
        )
        gain, loss = generator.uniform(*self.help_bpb), generator.uniform(*self.harm_bpb)

        def draw(own: random.Random) -> Idea:
            kind, size = own.random(), math.exp(own.gauss(0.0, tail))
            if kind < helps:
                effect = gain * size
            elif kind < helps + harms:
                effect = -loss * size
            else:
                effect = own.gauss(0.0, 0.15 * gain)
            fails = own.choice((0.3, 1.0)) if own.random() < self.diverges else 0.0
            spread = own.uniform(1.0, 2.0) if effect < -loss else 1.0
            return Idea(
                effect, effect * own.gauss(carry, scatter) + own.gauss(0.0, 0.1 * gain), fails, spread
            )

        bounds = (self.redundant, self.antagonistic, self.most_bpb)
        return Pool(name, draw, *(generator.uniform(*bound) for bound in bounds))


@dataclass(frozen=True)
class SettingsFamily(Family):
    """Settings with an optimum each near the baseline; curvatures are log-normal."""

    count: int = 12
    curvature_bpb: Range = (0.05, 0.12)  # median, at the end of a range
    tail: Range = (0.8, 1.2)
    off: Range = (0.15, 0.3)  # sd of the best place; the range ends at 1
    bends: float = 0.3  # largest share of the geometric mean of two curvatures
    cliffs: float = 0.3  # share of settings beyond whose end runs diverge
    step: float = 0.35

    def surface(self, name: str, generator: random.Random) -> Surface:
        curvature, tail, off, carry, scatter = (
            generator.uniform(*r) for r in (self.curvature_bpb, self.tail, self.off, self.carry, self.scatter)
        )

        def setting() -> Setting:
            a, best = curvature * math.exp(generator.gauss(0.0, tail)), generator.gauss(0.0, off)
            above = a * max(0.1, carry), best + generator.gauss(0.0, off * scatter)
            cliff = generator.uniform(0.5, 1.2) if generator.random() < self.cliffs else math.inf
            return Setting((a, best), above, cliff)

        settings = tuple(setting() for _ in range(self.count))
        bends = {}
        for i in range(self.count):
            j = generator.randrange(self.count)
            if i < j:
                mean = math.sqrt(settings[i].search[0] * settings[j].search[0])
                bends[i, j] = mean * generator.uniform(-self.bends, self.bends)
        return Settings(name, settings, bends, self.step)


@dataclass(frozen=True)
class TransferFamily(Family):
    """`bench.transfer`'s ideas and overlaps: half of what helps a small model harms a large one."""

    def surface(self, name: str, generator: random.Random) -> Surface:
        def draw(own: random.Random) -> Idea:
            idea = transfer.draw(own, 1).ideas[0]
            return Idea(idea.small_sds * SD_BPB, idea.top_sds * SD_BPB, spread=idea.spread)

        return Pool(name, draw, transfer.REDUNDANT_SHARE, 0.0)


@dataclass(frozen=True)
class NullFamily(Family):
    """No idea helps: a third do nothing, the others harm, a little or much."""

    def surface(self, name: str, generator: random.Random) -> Surface:
        scale = sum(self.sd_bpb) / 2.0

        def draw(own: random.Random) -> Idea:
            effect = own.choice((0.0, -own.uniform(0.0, 1.0), -own.uniform(1.0, 8.0))) * scale
            return Idea(effect, effect)

        return Pool(name, draw, 0.0, 0.0)
