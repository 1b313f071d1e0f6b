"""The seam of all policies, how a lab is played, and the simple ones."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from bench.value.lab import Lab, Run, View
from bench.value.surface import Ideas

BASELINE: Ideas = ()


class Policy(Protocol):
    """Asked for the next runs until it wants none, then for the champion's ideas."""

    def ask(self, view: View) -> list[Run]:
        """Runs for the slots, most urgent first; those that are not paid for are left out. []: stop."""
        ...

    def champion(self, view: View) -> Ideas: ...


@dataclass(frozen=True)
class Played:
    """What became of one lab under one policy."""

    champion: Ideas
    tested: frozenset[int]
    sets: frozenset[Ideas]
    spent_units: float
    gain_bpb: float
    total_bpb: float


def play(lab: Lab, make: Callable[[View], Policy]) -> Played:
    """Spend what the policy wants of the search's money; the rest lengthens the champion."""
    view = View(lab, lab.search_units)
    policy = make(view)
    while (runs := policy.ask(view)) and view.pay(runs[: view.slots]):
        pass
    return outcome(lab, policy.champion(view), view)


def outcome(lab: Lab, champion: Ideas, view: View) -> Played:
    spent = lab.search_units - view.units_left
    longest = lab.size.champion_bpb_after(lab.search_units, 0.0)
    gain = lab.true_gain(champion)
    total = gain + longest - lab.size.champion_bpb_after(lab.search_units, spent)
    sets = frozenset(run.ideas for run in view.results)
    tested = frozenset(idea for ideas in sets for idea in ideas)
    return Played(champion, tested, sets, spent, gain, total)


class NoSearch:
    """All money for the plain recipe's champion."""

    def __init__(self, view: View) -> None:
        pass

    def ask(self, view: View) -> list[Run]:
        return []

    def champion(self, view: View) -> Ideas:
        return BASELINE


class KeepIfBetter:
    """autoresearch: every idea gets one run on top of what was kept, and stays if that is lower."""

    def __init__(self, view: View) -> None:
        self._kept, self._best = BASELINE, float("inf")
        self._waiting: list[Run] = []
        self._count = 0

    def ask(self, view: View) -> list[Run]:
        for run in self._waiting:
            value = view.results.get(run)
            if value is not None and value < self._best:
                self._kept, self._best = run.ideas, value
        self._waiting = [self._next() for _ in range(view.slots)]
        return self._waiting

    def _next(self) -> Run:
        """The baseline first. With several slots all test on top of what is kept now."""
        number, self._count = self._count, self._count + 1
        return Run((*self._kept, number) if number else BASELINE, 1)

    def champion(self, view: View) -> Ideas:
        self.ask(view)
        return self._kept


class BestMean:
    """Each idea gets equally many seeds; the best mean wins, if it is better than the baseline's."""

    seeds = 2

    def __init__(self, view: View) -> None:
        self._ideas = max(1, int((view.units_left - self.seeds) / self.seeds))
        arms = [BASELINE, *((number,) for number in range(1, self._ideas + 1))]
        self._plan = [Run(ideas, seed) for ideas in arms for seed in range(1, self.seeds + 1)]

    def ask(self, view: View) -> list[Run]:
        return [run for run in self._plan if run not in view.results]

    def champion(self, view: View) -> Ideas:
        return best_mean(view, [(number,) for number in range(1, self._ideas + 1)], self.seeds)


def best_mean(view: View, arms: list[Ideas], seeds: int) -> Ideas:
    """The arm with the lowest mean among those that have all seeds; the baseline if none is lower."""
    means = {
        ideas: sum(values.values()) / len(values)
        for ideas in [BASELINE, *arms]
        if len(values := view.values(ideas)) >= seeds
    }
    return min(means, key=lambda ideas: means[ideas], default=BASELINE)


STARTUP_POINTS = 1


class Optimiser:
    """TPE or CMA-ES from Optuna, told one run a point; the best points get further seeds at the end.

    `rechecked`: the share of the money for that. Only on surfaces that have coordinates.
    """

    rechecked = 0.3
    finalists = 3

    def __init__(self, view: View, name: str) -> None:
        import optuna
        from optuna.distributions import FloatDistribution

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        count = view.coordinates or 0
        self._distributions = {str(k): FloatDistribution(-1.0, 1.0) for k in range(count)}
        self._study = optuna.create_study(sampler=_sampler(name, count))
        self._study.enqueue_trial(dict.fromkeys(self._distributions, 0.0))
        self._keep = self.rechecked * view.units_left
        self._asked: list[tuple[Any, Run]] = []
        self._worst = 0.0

    def ask(self, view: View) -> list[Run]:
        for trial, run in self._asked:
            if run in view.results:
                value = view.results[run]
                self._worst = max(self._worst, value or 0.0)
                self._study.tell(trial, self._worst if value is None else value)
        self._asked = []
        if view.units_left > self._keep:
            self._asked = [self._next(view) for _ in range(view.slots)]
            return [run for _, run in self._asked]
        return self._recheck(view)

    def _next(self, view: View) -> tuple[Any, Run]:
        trial = self._study.ask(self._distributions)
        point = [float(trial.params[name]) for name in self._distributions]
        return trial, Run((view.add(point),) if any(point) else BASELINE, 1)

    def _recheck(self, view: View) -> list[Run]:
        """Seeds 2, 3, … of the baseline and the best points."""
        arms = [BASELINE, *self._best(view)]
        seeds = 2 + int(self._keep) // len(arms)
        return [run for s in range(2, seeds) for a in arms if (run := Run(a, s)) not in view.results]

    def _best(self, view: View) -> list[Ideas]:
        first = {r.ideas: v for r, v in view.results.items() if v is not None and r.seed == 1 and r.ideas}
        return sorted(first, key=lambda ideas: first[ideas])[: self.finalists]

    def champion(self, view: View) -> Ideas:
        fewest = max(1, min((len(view.values(arm)) for arm in [BASELINE, *self._best(view)]), default=1))
        return best_mean(view, self._best(view), fewest)


def _sampler(name: str, count: int) -> Any:
    from optuna.samplers import CmaEsSampler, TPESampler

    if name == "tpe":
        return TPESampler(seed=0)
    # From the baseline, as bench.regret starts it.
    start = {str(k): 0.0 for k in range(count)}
    return CmaEsSampler(x0=start, seed=0, n_startup_trials=STARTUP_POINTS, warn_independent_sampling=False)
