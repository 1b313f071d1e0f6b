"""A simulated lab: its size, its truth, the values of its runs, and its money."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.value.surface import CHAMPION, DIVERGED_COSTS, SEARCH, Ideas, Surface
from journal.science.statistics import RELATIVE_EFFECT

SPIKE_SDS = 7.0  # docs/logs/verdicts.md: one baseline seed of five ended so far above the others
# nanochat's law has this floor, and parameters and tokens with powers of 0.355 and 0.368
# (harness/simulation/surface.py). Spent evenly on both, compute has half of that.
FLOOR_BPB = 0.6173
COMPUTE_POWER = 0.18
# Starter text at depth 4: 1.892 after 0.40M tokens (docs/logs/recipe.md), 1.291 after some 4.5M (lab 5 of
# docs/logs/whole_labs.md) give this power of the tokens alone.
STARTER_POWER = 0.264


@dataclass(frozen=True)
class Size:
    """What a lab's money buys. `rung_units`: of one run on the rung above; None where there is none.

    `prior` is what is known before: of a run's variance, what runs of one seed have in common; of an effect,
    what is left for the champion, and the sd of that.
    """

    name: str
    slots: int
    search_units: tuple[int, int]
    champion_share: float
    champion_bpb: float
    power: float
    prior: tuple[float, float, float]
    rung_units: float | None = None
    rung_height: float = 0.0

    def units(self, generator: random.Random) -> float:
        """Runs that a lab of this size may search with at most, drawn anew for each lab."""
        return float(generator.randint(*self.search_units))

    def champion_bpb_after(self, search_units: float, spent_units: float) -> float:
        """The plain recipe's loss at the horizon that is left.

        The champion has `champion_share` of all units beside the search's; what the search does not spend
        is added to it.
        """
        own = search_units * self.champion_share / (1.0 - self.champion_share)
        longest = own + search_units
        ratio = (own + search_units - spent_units) / longest
        return FLOOR_BPB + (self.champion_bpb - FLOOR_BPB) * ratio**-self.power


# Runs: 17 to 20 in the recorded starter labs, 15 and 20 on one H200 (docs/logs/whole_labs.md), 14 to 16 where
# sessions are planned for one and two hours (docs/logs/short_sessions.md), 139 for $288 on eight
# (docs/logs/verdicts.md). A rung above costs 4 times as much (docs/logs/transfer.md). `champion_bpb` is what
# all units together would train the plain recipe to.
SIZES = {
    size.name: size
    for size in (
        Size("start", 2, (14, 20), 0.45, 1.17, STARTER_POWER, (0.8, 0.6, 0.35)),
        Size("hour", 1, (14, 22), 0.45, 0.98, COMPUTE_POWER, (0.3, 0.6, 0.4)),
        Size("100usd", 8, (80, 112), 0.45, 0.86, COMPUTE_POWER, (0.3, 0.6, 0.4)),
        Size(
            "1000usd",
            8,
            (320, 480),
            0.45,
            0.80,
            COMPUTE_POWER,
            (0.2, 0.1, 0.5),
            rung_units=4.0,
            rung_height=0.8,
        ),
    )
}


@dataclass(frozen=True)
class Run:
    """A set of ideas with one seed; `above`: on the rung above."""

    ideas: Ideas
    seed: int
    above: bool = False


@dataclass(frozen=True)
class Noise:
    """Seed noise of one run: its sd, what runs of one seed have in common, and how often one is far off."""

    sd_bpb: float
    correlation: float
    spike_share: float = 0.0


@dataclass(frozen=True)
class Lab:
    """One lab. Equal names give equal labs, and the same run the same value to every policy."""

    name: str
    family: str
    size: Size
    surface: Surface
    noise: Noise
    baseline_bpb: float
    search_units: float
    expected_sd_bpb: float  # of a run, by earlier labs on such machines: off by a third or so

    @property
    def minimum_bpb(self) -> float:
        """The smallest effect worth having: as `journal.science.statistics.smallest_effect`."""
        return max(RELATIVE_EFFECT * self.baseline_bpb, self.noise.sd_bpb)

    def value(self, run: Run) -> float | None:
        """val_bpb; None when the run diverges."""
        own = random.Random(f"{self.name} {run}")
        if own.random() < self.surface.diverges(run.ideas):
            return None
        height = self.size.rung_height if run.above else SEARCH
        common = random.Random(f"{self.name} seed {run.seed} {run.above}").gauss(0.0, 1.0)
        r = self.noise.correlation
        drawn = math.sqrt(r) * common + math.sqrt(1.0 - r) * self.surface.spread(run.ideas) * own.gauss(
            0.0, 1.0
        )
        spike = SPIKE_SDS * (own.random() < self.noise.spike_share)
        return self.baseline_bpb - self.surface.gain(run.ideas, height) + self.noise.sd_bpb * (drawn + spike)

    def search_gain(self, ideas: Ideas) -> float:
        """The same at the search's horizon."""
        return self._gain(ideas, SEARCH)

    def true_gain(self, ideas: Ideas) -> float:
        """Expected gain in bpb of a champion of these ideas over the plain recipe at its horizon."""
        return self._gain(ideas, CHAMPION)

    def _gain(self, ideas: Ideas, height: float) -> float:
        fails = self.surface.diverges(ideas)
        lost = fails * DIVERGED_COSTS * self.minimum_bpb
        return (1.0 - fails) * self.surface.gain(ideas, height) - lost if ideas else 0.0


@dataclass
class View:
    """What a policy sees of its lab: the money and all that has run."""

    lab: Lab
    units_left: float
    results: dict[Run, float | None] = field(default_factory=dict)
    _arms: dict[tuple[Ideas, bool], dict[int, float]] = field(default_factory=dict)

    @property
    def slots(self) -> int:
        return self.lab.size.slots

    @property
    def coordinates(self) -> int | None:
        return self.lab.surface.coordinates

    @property
    def rung_units(self) -> float | None:
        return self.lab.size.rung_units

    def price(self, run: Run) -> float:
        return (self.rung_units or math.inf) if run.above else 1.0

    def add(self, point: Sequence[float]) -> int:
        """Number of the idea to go to a point."""
        return self.lab.surface.add(point)

    def clash(self, one: int, other: int) -> bool:
        return self.lab.surface.clash(one, other)

    def values(self, ideas: Ideas, above: bool = False) -> dict[int, float]:
        """Of an arm, by seed; seeds that diverged are left out."""
        return self._arms.get((ideas, above), {})

    def pay(self, runs: Sequence[Run]) -> bool:
        """Run what the money pays for; False when that is nothing new."""
        done = False
        for run in runs:
            if run not in self.results and self.price(run) <= self.units_left:
                self.units_left -= self.price(run)
                self.results[run] = value = self.lab.value(run)
                if value is not None:
                    self._arms.setdefault((run.ideas, run.above), {})[run.seed] = value
                done = True
        return done
