"""What the champion is made of, as a decision: the better expected outcome, proven or not.

A verdict is a claim and must survive many tests. A decision has to be taken anyway: the set of ideas that
gains most in expectation, while a real harm stays unlikely. It reads no verdict and no proposer's prior.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from journal.science.adoption.posterior import Floats, Posterior, Trials, posterior_of

# What of an effect is left at the champion's horizon, and how far that is off, as parts of the effect.
CARRIED, CARRIED_SD = 0.7, 0.35
# Of a further idea's gain, what the ones before it leave, and how far that is off.
JOINED, JOINED_SD = 0.7, 0.35
MOST_HARM = 0.05
# Of the smallest effect: for less nothing is changed.
LEAST_GAIN = 0.25
INTERVAL = 0.9
ADOPTION_EVENT = "adoption"


@dataclass(frozen=True)
class Adoption:
    """The ideas that are built in, in the order of their gain, and what is expected of them together.

    In the metric's units at the champion's horizon; `lower` and `upper` hold nine tenths of the
    posterior, `harm` is the chance of a loss of more than the smallest effect.
    """

    names: tuple[str, ...]
    gain: float
    lower: float
    upper: float
    harm: float

    @property
    def words(self) -> str:
        """For people, beside the word `adopted`."""
        interval = f"[{self.lower:+.4f}, {self.upper:+.4f}]"
        return f"expected gain {self.gain:+.4f} {interval}, {self.harm:.0%} chance that it harms"


def from_event(detail: Mapping[str, Any]) -> Adoption:
    """As an event of the journal (`ADOPTION_EVENT`) keeps it."""
    kept = {field.name: detail[field.name] for field in fields(Adoption)}
    return Adoption(**{**kept, "names": tuple(kept["names"])})


NOTHING = Adoption((), 0.0, 0.0, 0.0, 0.0)


def adopt(trials: Trials) -> Adoption:
    """The set of ideas with the highest expected gain whose chance of real harm is at most `MOST_HARM`.

    Greedy: the best first, then whatever adds most. Ideas that change one setting exclude each other.
    """
    if not trials.ideas or trials.noise.degrees_of_freedom < 1:
        return NOTHING
    posterior = posterior_of(trials)
    best: _Set | None = None
    while True:
        names, gain = ((), 0.0) if best is None else (best.names, best.gain)
        taken = {path for idea in trials.ideas if idea.name in names for path in idea.paths}
        larger = [
            _together(posterior, (*names, idea.name))
            for idea in trials.ideas
            if idea.name not in names and not idea.paths & taken
        ]
        least = gain + LEAST_GAIN * trials.smallest
        allowed = [one for one in larger if one.gain > least and one.below(-trials.smallest) <= MOST_HARM]
        if not allowed:
            return NOTHING if best is None else best.adoption(trials.smallest)
        best = max(allowed, key=lambda one: one.gain)


def _together(posterior: Posterior, names: Sequence[str]) -> "_Set":
    """What a set of ideas gains at the champion's horizon, the best first."""
    chosen = tuple(sorted(names, key=posterior.mean_of, reverse=True))
    columns = [posterior.names.index(name) for name in chosen]
    parts = np.array([CARRIED * (JOINED if place else 1.0) for place in range(len(chosen))])
    doubts = np.array([math.hypot(CARRIED_SD, JOINED_SD if place else 0.0) for place in range(len(chosen))])
    means = posterior.means[:, columns]
    known = np.einsum("i,kij,j->k", parts, posterior.covariances[:, columns][:, :, columns], parts)
    variances = known + (doubts**2 * means**2).sum(axis=1)
    return _Set(chosen, posterior.weights, means @ parts, np.sqrt(variances))


@dataclass(frozen=True)
class _Set:
    """A set of ideas, and what it gains: a mixture of normal distributions."""

    names: tuple[str, ...]
    weights: Floats
    means: Floats
    sds: Floats

    @property
    def gain(self) -> float:
        return float(self.weights @ self.means)

    def below(self, value: float) -> float:
        """The chance that it gains less."""
        from scipy.special import ndtr

        return float(self.weights @ ndtr((value - self.means) / self.sds))

    def quantile(self, probability: float) -> float:
        """By bisection, to far below any noise."""
        low, high = float((self.means - 9 * self.sds).min()), float((self.means + 9 * self.sds).max())
        for _ in range(50):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if self.below(middle) < probability else (low, middle)
        return 0.5 * (low + high)

    def adoption(self, smallest: float) -> Adoption:
        tail = (1.0 - INTERVAL) / 2.0
        bounds = self.quantile(tail), self.quantile(1.0 - tail)
        return Adoption(self.names, self.gain, *bounds, self.below(-smallest))
