"""The new rule: runs where they may change the decision, then the set with the best expected outcome."""

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

import numpy as np

from bench.value.lab import Run, View
from bench.value.policies import BASELINE
from bench.value.posterior import Model, Posterior, Prior
from bench.value.surface import Ideas
from journal.science.statistics import RELATIVE_EFFECT

FIRST_SEEDS = 1  # of the baseline, before the model is asked
# Seeds that first runs are spread over. One: all arms have it in common. Two and three were worse: the same
# money tests fewer ideas.
RING = 1
MOST_HARM = 0.05
# An idea that promises less, in smallest effects, is not worth the risk that it diverges.
LEAST = 0.1


@dataclass(frozen=True)
class Choice:
    """A set, its expected gain at the champion's horizon, its sd, and the smallest effect worth having."""

    ideas: Ideas
    gain: float
    sd: float
    minimum: float

    @property
    def harm(self) -> float:
        """Chance that it loses more than the smallest effect."""
        return normal_cdf((-self.minimum - self.gain) / self.sd) if self.ideas else 0.0


NOTHING = Choice((), 0.0, 0.0, 1.0)


def adoption(
    posterior: Posterior,
    allowed: Sequence[int],
    clash: Callable[[int, int], bool],
    diverged: Collection[Ideas] = (),
    most_harm: float = MOST_HARM,
) -> Choice:
    """The set with the largest expected gain among the sets that ran and the chain of the best ideas."""
    choices = [
        choice_of(posterior, ideas) for ideas in _sets(posterior, allowed, clash) if ideas not in diverged
    ]
    able = [choice for choice in choices if choice.gain > 0.0 and choice.harm <= most_harm]
    return max(able, key=lambda choice: choice.gain, default=NOTHING)


def choice_of(posterior: Posterior, ideas: Ideas) -> Choice:
    return Choice(ideas, *posterior.gain(ideas), posterior.minimum)


def alone(posterior: Posterior, idea: int) -> float:
    """Expected gain of one idea at the champion's horizon."""
    return float(posterior.mean[posterior.layout.ideas[idea] + 1])


def _sets(posterior: Posterior, allowed: Sequence[int], clash: Callable[[int, int], bool]) -> list[Ideas]:
    chain = list[int]()
    ranked = sorted(
        (i for i in allowed if alone(posterior, i) > LEAST * posterior.minimum),
        key=lambda i: -alone(posterior, i),
    )
    sets: dict[Ideas, None] = {}
    for idea in ranked:
        sets[idea,] = None
        if not any(clash(idea, other) for other in chain):
            chain.append(idea)
            sets[tuple(reversed(chain))] = None
    return list(sets)


def normal_cdf(value: float) -> float:
    return 0.5 * math.erfc(-value / math.sqrt(2.0))


@dataclass(frozen=True)
class State:
    """All that an allocation may look at."""

    view: View
    model: Model
    posterior: Posterior
    allowed: tuple[int, ...]
    fresh: tuple[int, ...]  # ideas that have not run
    choice: Choice


Allocation = Callable[[State, int], list[Run]]


@dataclass
class NewRule:
    """A hierarchical posterior of all runs, an allocation of seeds, and `adoption` at the end."""

    view: View
    allocate: Allocation
    prior: Prior = field(default_factory=Prior)
    _model: Model | None = None

    def ask(self, view: View) -> list[Run]:
        if len(view.values(BASELINE)) < FIRST_SEEDS:
            first = [Run(BASELINE, seed) for seed in range(1, FIRST_SEEDS + 1)]
            ideas = [Run((n,), 1 + n % RING) for n in range(1, 1 + view.slots)]
            return [run for run in [*first, *ideas] if run not in view.results]
        return self.allocate(self.state(view), min(view.slots, int(view.units_left)))

    def champion(self, view: View) -> Ideas:
        return self.state(view).choice.ideas if view.values(BASELINE) else BASELINE

    def state(self, view: View) -> State:
        model, count = self._fitted(view), max((i for run in view.results for i in run.ideas), default=0)
        runs = {
            run: value
            for run, value in view.results.items()
            if value is not None and not (run.ideas and model.is_harmful(value))
        }
        bad = {run.ideas for run, value in view.results.items() if value is None}
        alive = sorted({idea for run in runs for idea in run.ideas if (idea,) not in bad})
        fresh = tuple(range(count + 1, count + 1 + view.slots))
        posterior = model.fit(runs, [*alive, *fresh])
        choice = adoption(posterior, alive, view.clash, bad)
        return State(view, model, posterior, tuple(alive), fresh, choice)

    def _fitted(self, view: View) -> Model:
        base = float(np.mean(list(view.values(BASELINE).values())))
        if self._model is None:
            self._model = Model(self.prior, RELATIVE_EFFECT * base, base)
        return self._model
