"""What is searched: parameters, what a run would answer, and the truth that no searcher sees."""

import math
import random
from dataclasses import dataclass
from typing import Protocol

Value = float | int | str
Point = dict[str, Value]


@dataclass(frozen=True)
class Parameter:
    """A range (whole numbers only when `integer`) or unordered choices."""

    name: str
    low: float = 0.0
    high: float = 1.0
    log: bool = False
    integer: bool = False
    choices: tuple[str, ...] = ()

    def at(self, unit: float) -> Value:
        """The value at a place, 0 to 1, of the range or of the choices."""
        unit = min(max(unit, 0.0), 1.0)
        if self.choices:
            return self.choices[min(int(unit * len(self.choices)), len(self.choices) - 1)]
        if self.log:
            return self.nearest(math.exp(_between(math.log(self.low), math.log(self.high), unit)))
        if self.integer:
            return min(math.floor(_between(self.low, self.high + 1, unit)), int(self.high))
        return _between(self.low, self.high, unit)

    def unit(self, value: Value) -> float:
        """Place of a number in the range, 0 to 1."""
        scale = math.log if self.log else float
        return (scale(float(value)) - scale(self.low)) / (scale(self.high) - scale(self.low))

    def nearest(self, value: float) -> float | int:
        """The allowed number closest to this one."""
        inside = min(max(value, self.low), self.high)
        return round(inside) if self.integer else inside


@dataclass(frozen=True)
class Outcome:
    """One run: its loss, or None when it failed, and what was paid for it."""

    loss: float | None
    seconds: float


class Problem(Protocol):
    """A landscape with its budget; losses are minimised."""

    name: str
    family: str
    parameters: tuple[Parameter, ...]
    noise_sd: float
    budget_seconds: float

    def start(self, generator: random.Random) -> Point:
        """The baseline that every searcher is given."""
        ...

    def run(self, point: Point, generator: random.Random) -> Outcome: ...

    def regret(self, point: Point) -> float:
        """Noise-free distance to the optimum, 1 at the landscape's median."""
        ...


def draw(problem: Problem, generator: random.Random) -> Point:
    """A uniformly drawn point."""
    return {p.name: p.at(generator.random()) for p in problem.parameters}


def _between(low: float, high: float, unit: float) -> float:
    return low + unit * (high - low)
