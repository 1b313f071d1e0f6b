"""One searcher on one problem with one seed: the regret of its best run so far, against money."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from bench.regret.problem import Point, Problem
from bench.regret.searchers import Searcher

MAX_RUNS = 100  # cheap runs stop here; the curve is flat from there on
MICRO_USD_PER_SECOND = 833  # one of eight H100s at 24 dollars an hour

Maker = Callable[[Problem, Point, int], Searcher]


@dataclass(frozen=True)
class Curve:
    """Regret after each payment; the last one may lie past the budget and then counts for nothing."""

    seconds: tuple[float, ...]
    regrets: tuple[float, ...]
    failures: int

    def at(self, seconds: float) -> float:
        """Regret of the best run paid for by then; 1 before the first."""
        done = [r for s, r in zip(self.seconds, self.regrets, strict=True) if s <= seconds]
        return done[-1] if done else 1.0

    def area(self, budget_seconds: float) -> float:
        """Mean regret over the budget."""
        total, before, regret = 0.0, 0.0, 1.0
        for seconds, after in zip(self.seconds, self.regrets, strict=True):
            end = min(seconds, budget_seconds)
            total, before, regret = total + regret * (end - before), end, after if seconds == end else regret
        return (total + regret * (budget_seconds - before)) / budget_seconds


def play(problem: Problem, make: Maker, seed: int) -> Curve:
    """Spend the budget; runs are answered by the same noise for every searcher with this seed."""
    generator = random.Random(f"{problem.name}:{seed}")
    point = problem.start(generator)
    searcher = make(problem, point, seed)
    best, regret, spent, failures = float("inf"), 1.0, 0.0, 0
    seconds: list[float] = []
    regrets: list[float] = []
    while spent < problem.budget_seconds and len(seconds) < MAX_RUNS:
        outcome = problem.run(point, generator)
        searcher.tell(point, outcome)
        spent += outcome.seconds
        if outcome.loss is None:
            failures += 1
        elif outcome.loss < best:
            best, regret = outcome.loss, min(problem.regret(point), 1.0)
        seconds.append(spent)
        regrets.append(regret)
        point = searcher.ask()
    return Curve(tuple(seconds), tuple(regrets), failures)
