"""Where a search may go next, as arrays: a place is a row with one number an axis.

A number's place is 0 to 1 of its range; a choice's is its index, or -1 for one that is not offered.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from agent.proposals.space import Dimension, Settings, applies
from trainer.job.result import Scalar

Array = NDArray[np.float64]
STEP_SD = 0.15  # of the range, of a local move
MIN_STEP = 0.02  # of the range: smaller moves are kernel jitter, not a claim
UNKNOWN = 0.5  # where a setting is put that a job does not have


class Axes:
    """Translates settings to places and to the columns a model sees, and draws places."""

    def __init__(self, space: Sequence[Dimension], base: Settings) -> None:
        self.space, self._settings = list(space), base
        self._sizes = np.array([0 if d.ordered else len(d.choices) for d in space])
        self._levels = np.array([_levels(d) for d in space])
        self.axis_of_column = np.repeat(np.arange(len(space)), np.maximum(self._sizes, 1))
        self._owners = _owners(self.space)
        self.base = self.place(base)

    def place(self, settings: Settings) -> Array:
        """The place [axes] of full settings."""
        return np.array([_number(d, settings) for d in self.space])

    def patch(self, place: Array) -> Settings:
        """What a job at this place sets unlike the baseline."""
        found: Settings = {}
        for dimension, number, home in zip(self.space, place, self.base, strict=True):
            own = applies(dimension, self._settings)
            if applies(dimension, {**self._settings, **found}) and (number != home or not own):
                found[dimension.setting.path] = _value(dimension, float(number))
        return {path: value for path, value in found.items() if value != self._settings.get(path)}

    def columns(self, places: Array) -> Array:
        """What the model sees [n, columns]: numbers as they are, choices one-hot at distance 1."""
        parts = [
            (places[:, [axis]] == np.arange(size)) * 0.5**0.5 if size else places[:, [axis]]
            for axis, size in enumerate(self._sizes)
        ]
        return np.hstack(parts)

    def anywhere(self, generator: np.random.Generator, count: int) -> Array:
        """Uniform draws [count, axes]."""
        return self._settled(self._snapped(generator.random((count, len(self.space)))))

    def near(
        self, generator: np.random.Generator, parents: Array, changes: NDArray[np.intp], leaps: float = 0.0
    ) -> Array:
        """Each parent [n, axes] with so many [n] of its axes moved; that share goes anywhere in its range."""
        shape = parents.shape
        order = generator.random(shape).argsort(axis=1).argsort(axis=1)
        steps = np.maximum(STEP_SD, 1.0 / np.maximum(self._levels - 1, 1)) * generator.normal(size=shape)
        steps = np.where(self._levels > 0, steps, STEP_SD * generator.normal(size=shape))
        free = generator.random(shape)
        far = (generator.random(shape) < leaps) | (self._sizes > 0)
        moved = self._snapped(np.where(far, free, np.clip(parents + steps, 0.0, 1.0)))
        return self._settled(np.where(order < changes[:, None], moved, parents))

    def _snapped(self, unit: Array) -> Array:
        """Uniform numbers as places: on the grid of ordered values, or the index of a choice."""
        steps = np.maximum(self._levels - 1, 1)
        bins = np.minimum(np.floor(unit * self._levels), steps) / steps
        chosen = np.minimum(np.floor(unit * self._sizes), self._sizes - 1)
        return np.where(self._sizes > 0, chosen, np.where(self._levels > 0, bins, unit))

    def _settled(self, places: Array) -> Array:
        """Without moves too small to claim, and without a place on axes that do not apply."""
        small = (np.abs(places - self.base) < MIN_STEP) & (self._sizes == 0)
        places = np.where(small, self.base, places)
        for axis, owner, index in self._owners:
            places[places[:, owner] != index, axis] = UNKNOWN
        return places


def _owners(space: list[Dimension]) -> list[tuple[int, int, int]]:
    """(axis, the axis it hangs on, the index it needs there); none where the optimizer is fixed."""
    paths = [d.setting.path for d in space]
    if "optim.matrix_optimizer" not in paths:
        return []
    owner = paths.index("optim.matrix_optimizer")
    return [
        (axis, owner, space[owner].choices.index(d.setting.optimizer))
        for axis, d in enumerate(space)
        if d.setting.optimizer
    ]


def _levels(dimension: Dimension) -> int:
    """How many values an ordered axis has; 0 for a continuum and for choices."""
    if dimension.ordered:
        return len(dimension.choices)
    return int(dimension.high - dimension.low) + 1 if dimension.setting.integer else 0


def _number(dimension: Dimension, settings: Settings) -> float:
    value = settings.get(dimension.setting.path)
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not applies(dimension, settings):
        return UNKNOWN
    if dimension.ordered and number:
        units = np.linspace(0.0, 1.0, len(dimension.choices))
        return float(np.interp(float(value), dimension.choices, units))  # type: ignore[arg-type]
    if dimension.choices:
        return float(dimension.choices.index(value)) if value in dimension.choices else -1.0
    return float(np.clip(dimension.unit(value), 0.0, 1.0)) if number else UNKNOWN


def _value(dimension: Dimension, place: float) -> Scalar:
    if dimension.ordered:
        return dimension.choices[round(place * (len(dimension.choices) - 1))]
    return dimension.choices[int(place)] if dimension.choices else dimension.at(place)
