"""Bayesian optimisation rebuilt from the journal at every round, so that a restart loses nothing.

Candidates are judged by expected improvement a dollar: small steps from the baseline; while runs keep
improving, also around the best places and anywhere, then climbed.
"""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from agent.proposals.drafts import DraftError, Drafts, DraftsProtocol, with_pending
from agent.proposals.proposer import LabContext
from agent.random import RandomProposer
from agent.search.candidates import Axes
from agent.search.reach import Reach, reach_of
from agent.search.surrogate import Surrogate, improvement_rate
from journal.records import Proposal

Array = NDArray[np.float64]
STARTUP_RUNS = 5  # the baseline among them
WIDE_FROM = 10  # scored runs: a model of fewer is drawn to the corners of the space, where runs cost most
CLIMBERS, STEPS_EACH, CLIMB_CHANGES = 5, 30, (1, 2)
INDIFFERENT = 0.02  # of log worth: what is left of it when a setting goes back to the baseline's value


class SearchProposer:
    """Proposes where a Gaussian process expects most improvement a dollar; luck before there is one."""

    name = "search"

    def __init__(self, drafts: Callable[[LabContext], DraftsProtocol] = Drafts) -> None:
        self._drafts = drafts
        self._random = RandomProposer(drafts)

    def propose(self, context: LabContext, count: int) -> list[Proposal]:
        """At most `count` new drafts, each as if the earlier ones were running; the same for a context."""
        drafts = self._drafts(context)
        proposals: list[Proposal] = []
        for _ in range(count if drafts.space else 0):
            found = _draft(with_pending(context, proposals), drafts)
            if found is None:
                break
            proposals.append(found)
        missing = count - len(proposals)
        others = self._random.propose(with_pending(context, proposals), missing) if missing else []
        own: dict[str, object] = {"proposer": "search", "prior": improvement_rate(context)}
        return proposals + [draft.model_copy(update=own) for draft in others]


def _draft(context: LabContext, drafts: DraftsProtocol) -> Proposal | None:
    generator = np.random.default_rng([context.seed, len(context.observations)])
    scored = sum(bool(o.values) for o in context.observations) + bool(context.baseline_values)
    if scored < STARTUP_RUNS:
        return None
    reach = reach_of(context)
    surrogate = Surrogate(context, drafts, reach.priors)
    return _first(_ranked(surrogate, generator, reach), surrogate.axes, drafts, surrogate.chance)


def _ranked(surrogate: Surrogate, generator: np.random.Generator, reach: Reach) -> Iterator[Array]:
    """Places by falling worth; after a climb the first as near to the baseline as it can be without loss."""
    axes = surrogate.axes
    parents = surrogate.best_places[: reach.parents] if reach.parents else axes.base[None]
    chosen = parents[generator.integers(len(parents), size=reach.near)]
    near = axes.near(generator, chosen, generator.choice(reach.changes, reach.near), reach.leaps)
    far = reach.anywhere if len(surrogate.best_places) >= WIDE_FROM else 0
    pool = np.vstack([near, axes.anywhere(generator, far)])
    worth = surrogate.worth(pool)
    for _ in range(reach.climbs):
        top = pool[np.argsort(-worth, kind="stable")[:CLIMBERS]]
        steps = np.repeat(top, STEPS_EACH, axis=0)
        steps = axes.near(generator, steps, generator.choice(CLIMB_CHANGES, len(steps)), reach.leaps)
        pool, worth = np.vstack([steps, pool]), np.append(surrogate.worth(steps), worth)
    ranked = pool[np.argsort(-worth, kind="stable")]
    if reach.climbs:
        yield _sparse(ranked[0], surrogate)
    yield from ranked


def _sparse(place: Array, surrogate: Surrogate) -> Array:
    """Back to the baseline's value on every axis where that costs next to nothing."""
    home = surrogate.axes.base
    least = surrogate.worth(place[None])[0] - INDIFFERENT
    while (moved := np.flatnonzero(place != home)).size > 1:
        options = np.tile(place, (moved.size, 1))
        options[np.arange(moved.size), moved] = home[moved]
        worth = surrogate.worth(options)
        if worth.max() < least:
            return place
        place = options[int(worth.argmax())]
    return place


def _first(
    places: Iterator[Array], axes: Axes, drafts: DraftsProtocol, chance: Callable[[Array], float]
) -> Proposal | None:
    """The first place that is a new, valid job."""
    for place in places:
        patch = axes.patch(place)
        try:
            if patch:
                return drafts.draft(patch, "search", chance(place))
        except DraftError:
            continue
    return None
