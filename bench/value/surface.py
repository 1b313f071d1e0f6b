"""What sets of ideas are truly worth in a simulated lab, at the search's horizon and at the champion's.

Gains are in val_bpb, positive is better. A set is a tuple of idea numbers, weakest first: where two ideas
change the same setting, the later one's value holds.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Protocol

Ideas = tuple[int, ...]
SEARCH, CHAMPION = 0.0, 1.0  # heights: the search's horizon, the champion's; a rung above lies between
# A champion that diverges is trained again without what was found: in smallest effects. Assumed.
DIVERGED_COSTS = 10.0
LARGE = 1.0


@dataclass(frozen=True)
class Idea:
    """One change alone: what it gains at both ends, how often a run of it diverges, its own noise."""

    search_bpb: float
    champion_bpb: float
    diverges: float = 0.0
    spread: float = 1.0


class Surface(Protocol):
    """The truth that no policy sees."""

    coordinates: int | None

    def gain(self, ideas: Ideas, height: float) -> float: ...

    def diverges(self, ideas: Ideas) -> float:
        """Probability that a run of this set diverges."""
        ...

    def spread(self, ideas: Ideas) -> float:
        """Seed noise as a multiple of the baseline's."""
        ...

    def clash(self, one: int, other: int) -> bool:
        """Whether two ideas change the same setting, which anyone can see."""
        ...

    def add(self, point: Sequence[float]) -> int:
        """Number of the idea to set every coordinate so; for surfaces that have coordinates."""
        ...


@dataclass
class Pool:
    """An endless list of ideas; some pairs do partly the same, some spoil each other.

    However many there are, together they gain less than `most_bpb`.
    """

    name: str
    draw: "Draw"
    redundant_share: float
    antagonistic_share: float
    most_bpb: float = math.inf
    coordinates: None = None
    _ideas: dict[int, Idea] = field(default_factory=dict)
    _pairs: dict[tuple[int, int], tuple[float, float]] = field(default_factory=dict)

    def idea(self, number: int) -> Idea:
        if number not in self._ideas:
            self._ideas[number] = self.draw(random.Random(f"{self.name} idea {number}"))
        return self._ideas[number]

    def gain(self, ideas: Ideas, height: float) -> float:
        alone = {number: _at(self.idea(number), height) for number in ideas}
        lost = sum(self._lost(pair, alone) for pair in combinations(sorted(set(ideas)), 2))
        gain = math.fsum(alone.values()) - lost
        is_bounded = gain > 0.0 and math.isfinite(self.most_bpb)
        return -self.most_bpb * math.expm1(-gain / self.most_bpb) if is_bounded else gain

    def diverges(self, ideas: Ideas) -> float:
        return 1.0 - math.prod(1.0 - self.idea(number).diverges for number in set(ideas))

    def spread(self, ideas: Ideas) -> float:
        return max([1.0, *(self.idea(number).spread for number in ideas)])

    def clash(self, one: int, other: int) -> bool:
        return False

    def add(self, point: Sequence[float]) -> int:
        raise TypeError("these ideas have no coordinates")

    def _lost(self, pair: tuple[int, int], alone: dict[int, float]) -> float:
        """Redundant: part of the lesser gain. Antagonistic: more than that, so that it may harm."""
        redundant, antagonistic = self._pair(pair)
        lesser, larger = sorted(max(0.0, alone[number]) for number in pair)
        return redundant * lesser + antagonistic * (lesser + larger) / 2.0

    def _pair(self, pair: tuple[int, int]) -> tuple[float, float]:
        if pair not in self._pairs:
            generator = random.Random(f"{self.name} pair {pair}")
            kind, amount = generator.random(), generator.random()
            redundant = amount if kind < self.redundant_share else 0.0
            is_antagonistic = kind > 1.0 - self.antagonistic_share
            self._pairs[pair] = redundant, 0.5 + amount if is_antagonistic else 0.0
        return self._pairs[pair]


class Draw(Protocol):
    """How an idea of a lab is drawn."""

    def __call__(self, generator: random.Random) -> Idea: ...


@dataclass(frozen=True)
class Setting:
    """One coordinate, -1 to 1 with the baseline at 0: a parabola at both ends, and where runs diverge."""

    search: tuple[float, float]  # curvature in bpb, best place
    champion: tuple[float, float]
    cliff: float

    def loss(self, place: float, height: float) -> float:
        """bpb against the baseline's."""
        low, high = (a * ((place - o) ** 2 - o**2) for a, o in (self.search, self.champion))
        return low + (high - low) * height


@dataclass
class Settings:
    """Settings with an optimum each, which moves with the horizon; pairs bend each other."""

    name: str
    settings: tuple[Setting, ...]
    bends: dict[tuple[int, int], float]
    step: float
    _moves: dict[int, dict[int, float]] = field(default_factory=dict)
    _added: int = 0

    @property
    def coordinates(self) -> int:
        return len(self.settings)

    def gain(self, ideas: Ideas, height: float) -> float:
        place = self.place(ideas)
        own = math.fsum(self.settings[k].loss(x, height) for k, x in place.items())
        bent = math.fsum(b * place.get(i, 0.0) * place.get(j, 0.0) for (i, j), b in self.bends.items())
        return -(own + bent)

    def diverges(self, ideas: Ideas) -> float:
        return float(any(x > self.settings[k].cliff for k, x in self.place(ideas).items()))

    def spread(self, ideas: Ideas) -> float:
        return 1.0

    def clash(self, one: int, other: int) -> bool:
        return not self._move(one).keys().isdisjoint(self._move(other))

    def add(self, point: Sequence[float]) -> int:
        self._added -= 1
        self._moves[self._added] = dict(enumerate(point))
        return self._added

    def place(self, ideas: Ideas) -> dict[int, float]:
        """The settings that a set changes."""
        place: dict[int, float] = {}
        for number in ideas:
            place.update(self._move(number))
        return place

    def _move(self, number: int) -> dict[int, float]:
        """A local move of one or two settings, as the lab's proposers make."""
        if number not in self._moves:
            generator = random.Random(f"{self.name} idea {number}")
            chosen = generator.sample(range(len(self.settings)), generator.choice((1, 1, 2)))
            moved = {k: max(-LARGE, min(LARGE, generator.gauss(0.0, self.step))) for k in chosen}
            self._moves[number] = moved
        return self._moves[number]


def _at(idea: Idea, height: float) -> float:
    return idea.search_bpb + (idea.champion_bpb - idea.search_bpb) * height
