"""What a simulated lab's hypotheses are truly worth, in standard deviations of seed noise."""

import random
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """A patch: its true improvement, and its seed noise as a multiple of the baseline's, both in sds."""

    effect_sds: float
    spread: float = 1.0


Landscape = Callable[[random.Random, int], list[Change]]


def no_effect(spread: float = 1.0) -> Landscape:
    """Every patch does nothing to the mean (A/A)."""
    return lambda generator, count: [Change(0.0, spread) for _ in range(count)]


def harmless_or_harmful(generator: random.Random, count: int) -> list[Change]:
    """Half do nothing, a quarter harm a little, a quarter harm much and may widen the spread."""
    return [_null(generator) for _ in range(count)]


def one_true(effect_sds: float) -> Landscape:
    """One patch is truly worth `effect_sds`, at a random place among nulls."""

    def draw(generator: random.Random, count: int) -> list[Change]:
        changes = harmless_or_harmful(generator, count)
        changes[generator.randrange(count)] = Change(effect_sds)
        return changes

    return draw


def spectrum(generator: random.Random, count: int) -> list[Change]:
    """Half nulls; the others' effects are normal around zero with an sd of 1.5: many are small."""
    return [
        Change(generator.gauss(0.0, 1.5)) if generator.random() < 0.5 else _null(generator)
        for _ in range(count)
    ]


def _null(generator: random.Random) -> Change:
    kind = generator.random()
    if kind < 0.5:
        return Change(0.0)
    if kind < 0.75:
        return Change(-generator.uniform(0.0, 1.0))
    return Change(-generator.uniform(1.0, 15.0), generator.uniform(1.0, 2.0))
