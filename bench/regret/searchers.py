"""The peers: random, plain TPE and CMA-ES from Optuna, and autoresearch's keep-if-better."""

import random
import warnings
from typing import Protocol

import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.samplers import BaseSampler, CmaEsSampler, TPESampler

from bench.regret.problem import Outcome, Parameter, Point, Problem, Value, draw

STEP_SD = 0.2  # of the range, of a keep-if-better change
UNSEEN_ATTEMPTS = 50


class Searcher(Protocol):
    """Asked for a point and told what came of it; the baseline is told first."""

    def ask(self) -> Point: ...

    def tell(self, point: Point, outcome: Outcome) -> None: ...


class Random:
    """Uniform draws."""

    def __init__(self, problem: Problem, start: Point, seed: int) -> None:
        self._problem, self._generator = problem, random.Random(seed)

    def ask(self) -> Point:
        return draw(self._problem, self._generator)

    def tell(self, point: Point, outcome: Outcome) -> None:
        pass


class KeepIfBetter:
    """Changes one or two settings of the best run so far; one run decides."""

    def __init__(self, problem: Problem, start: Point, seed: int) -> None:
        self._problem, self._generator = problem, random.Random(seed)
        self._kept, self._loss = start, float("inf")
        self._seen = [start]

    def ask(self) -> Point:
        for _ in range(UNSEEN_ATTEMPTS):
            changed = self._generator.sample(self._problem.parameters, self._generator.choice((1, 2)))
            point = self._kept | {p.name: self._moved(p, self._kept[p.name]) for p in changed}
            if point not in self._seen:
                return point
        return draw(self._problem, self._generator)

    def tell(self, point: Point, outcome: Outcome) -> None:
        self._seen.append(point)
        if outcome.loss is not None and outcome.loss < self._loss:
            self._kept, self._loss = point, outcome.loss

    def _moved(self, parameter: Parameter, value: Value) -> Value:
        if parameter.choices:
            return self._generator.choice([c for c in parameter.choices if c != value])
        low = 1e-9 if parameter.log else 0.0
        number = max(float(value), low)
        moved = parameter.at(self._generator.gauss(parameter.unit(number), STEP_SD))
        if parameter.integer and moved == value:
            return parameter.nearest(float(value) + self._generator.choice((-1, 1)))
        return moved


class Study:
    """An Optuna sampler; a failure is told as the worst loss so far, as its users do."""

    def __init__(self, sampler: BaseSampler, problem: Problem) -> None:
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self._study = optuna.create_study(sampler=sampler)
        self._distributions = {p.name: _distribution(p) for p in problem.parameters}
        self._asked: optuna.Trial | None = None
        self._worst = float("-inf")

    def ask(self) -> Point:
        self._asked = self._study.ask(self._distributions)
        return dict(self._asked.params)

    def tell(self, point: Point, outcome: Outcome) -> None:
        loss = outcome.loss
        self._worst = self._worst if loss is None else max(self._worst, loss)
        if self._asked is None:
            self._study.enqueue_trial(point)
            self._asked = self._study.ask(self._distributions)
        self._study.tell(self._asked, self._worst if loss is None else loss)


def tpe(problem: Problem, start: Point, seed: int) -> Searcher:
    """Optuna's TPE with its defaults."""
    return Study(TPESampler(seed=seed), problem)


def cma_es(problem: Problem, start: Point, seed: int) -> Searcher:
    """Optuna's CMA-ES from the baseline; choices, which it cannot model, are drawn by TPE."""
    numbers = {p.name: start[p.name] for p in problem.parameters if not p.choices}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sampler = CmaEsSampler(
            x0=numbers or None,
            seed=seed,
            n_startup_trials=1,
            independent_sampler=TPESampler(seed=seed),
            warn_independent_sampling=False,
        )
    return Study(sampler, problem)


def _distribution(parameter: Parameter) -> BaseDistribution:
    if parameter.choices:
        return CategoricalDistribution(parameter.choices)
    if parameter.integer:
        return IntDistribution(int(parameter.low), int(parameter.high))
    return FloatDistribution(parameter.low, parameter.high, log=parameter.log)
