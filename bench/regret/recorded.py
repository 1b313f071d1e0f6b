"""The recorded trials of autoresearch as a landscape: a surrogate of real 5-minute runs.

Two problems, each fitted to half of the recorded trajectories. What it supports is said in the
data's README: noise is added, regret is noise-free, and nothing finer than `FLOOR_BPB` is claimed.
"""

import functools
import math
import os
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.regret.problem import Outcome, Parameter, Point, Value

HALVES = {
    "autoresearch/a": ("TPE", "SMAC", "Random", "LLAMBO (Paper)"),
    "autoresearch/b": ("CMA-ES", "Centaur (CMA-ES+LLM)", "LLAMBO (Optuna)", "Karpathy Agent (14 HPs)"),
}
FLOOR_BPB = 0.0015
NOISE_SD_BPB = 0.0005
ASYMPTOTE_BPB = 0.965
RUN_SECONDS, CRASH_SECONDS = 300.0, 33.0
MEAN_RUNS = 60
_OCTAVES = {"DEVICE_BATCH_SIZE": 32, "TOTAL_BATCH_SIZE": 65536, "HEAD_DIM": 64}
_RATES = ("EMBEDDING_LR", "UNEMBEDDING_LR", "MATRIX_LR", "SCALAR_LR")
PATTERNS = ("SSSL", "SSLL", "SLSL", "SSSS", "LSSL", "LLLL")
PARAMETERS: tuple[Parameter, ...] = (
    Parameter("DEPTH", 4, 24, integer=True),
    Parameter("ASPECT_RATIO", 32, 128, integer=True),
    Parameter("HEAD_DIM", 0, 2, integer=True),
    Parameter("DEVICE_BATCH_SIZE", 0, 3, integer=True),
    Parameter("TOTAL_BATCH_SIZE", 0, 5, integer=True),
    Parameter("EMBEDDING_LR", 0.01, 2.0, log=True),
    Parameter("UNEMBEDDING_LR", 0.0005, 0.05, log=True),
    Parameter("MATRIX_LR", 0.005, 0.2, log=True),
    Parameter("SCALAR_LR", 0.05, 2.0, log=True),
    Parameter("WEIGHT_DECAY", 0.0, 0.5),
    Parameter("WARMUP_RATIO", 0.0, 0.3),
    Parameter("WARMDOWN_RATIO", 0.1, 0.8),
    Parameter("FINAL_LR_FRAC", 0.0, 0.2),
    Parameter("WINDOW_PATTERN", choices=PATTERNS),
)
START: Point = {
    "DEPTH": 8, "ASPECT_RATIO": 64, "HEAD_DIM": 1, "DEVICE_BATCH_SIZE": 2, "TOTAL_BATCH_SIZE": 3,
    "EMBEDDING_LR": 0.6, "UNEMBEDDING_LR": 0.004, "MATRIX_LR": 0.04, "SCALAR_LR": 0.5, "WEIGHT_DECAY": 0.2,
    "WARMUP_RATIO": 0.0, "WARMDOWN_RATIO": 0.5, "FINAL_LR_FRAC": 0.0, "WINDOW_PATTERN": "SSSL",
}  # fmt: skip


def trials_file() -> Path | None:
    """The recorded trials below `HARNESS_DATA`; None when they are not there."""
    folder = os.environ.get("HARNESS_DATA")
    found = Path(folder, "autoresearch_trials", "trials.parquet") if folder else None
    return found if found and found.is_file() else None


class Recorded:
    """A gradient-boosted surrogate of val_bpb, and of whether a run crashes."""

    family = "autoresearch"
    noise_sd = NOISE_SD_BPB
    parameters = PARAMETERS
    budget_seconds = MEAN_RUNS * RUN_SECONDS

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self._losses, self._crashes, self._optimum = _fit(path, HALVES[name])
        self._truths: dict[tuple[Value, ...], float | None] = {}
        self._scale = self._excess(START)

    def start(self, generator: random.Random) -> Point:
        """The recorded sessions' common baseline."""
        return dict(START)

    def run(self, point: Point, generator: random.Random) -> Outcome:
        truth = self.truth(point)
        if truth is None:
            return Outcome(None, CRASH_SECONDS)
        return Outcome(generator.gauss(truth, NOISE_SD_BPB), RUN_SECONDS)

    def regret(self, point: Point) -> float:
        """Of the surrogate, 1 at the baseline, never finer than the floor."""
        return self._excess(point) / self._scale

    def _excess(self, point: Point) -> float:
        truth = self.truth(point)
        return math.inf if truth is None else max(truth - self._optimum, FLOOR_BPB)

    def truth(self, point: Point) -> float | None:
        """val_bpb without noise; None for a crash."""
        key = tuple(point.values())
        if key not in self._truths:
            row = np.array([_features(point)])
            crashed = bool(self._crashes.predict(row)[0])
            self._truths[key] = None if crashed else _bpb(float(self._losses.predict(row)[0]))
        return self._truths[key]


@functools.cache
def _fit(path: Path, methods: tuple[str, ...]) -> tuple[Any, Any, float]:
    import pyarrow.parquet as pq
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    rows = [row for row in pq.read_table(path).to_pylist() if row["method"] in methods]
    features = np.array([_features(_point(row)) for row in rows])
    succeeded = np.array([bool(row["success"]) for row in rows])
    crashes = HistGradientBoostingClassifier(max_iter=150, random_state=0).fit(features, ~succeeded)
    excess = np.array([row["val_bpb"] - ASYMPTOTE_BPB for row in rows if row["success"]])
    losses = HistGradientBoostingRegressor(max_iter=300, learning_rate=0.06, random_state=0)
    losses.fit(features[succeeded], np.log(excess))
    best: NDArray[np.float64] = losses.predict(features[succeeded & ~crashes.predict(features)])
    return losses, crashes, _bpb(float(best.min()))


def _bpb(log_excess: float) -> float:
    return ASYMPTOTE_BPB + math.exp(log_excess)


def _point(row: Mapping[str, Any]) -> Point:
    point = {p.name: row[p.name] for p in PARAMETERS}
    return point | {name: round(math.log2(row[name] / unit)) for name, unit in _OCTAVES.items()}


def _features(point: Point) -> list[float]:
    """Numbers as the trees see them, with the model's width, which decides what fits in memory."""
    plain = {**point, "WINDOW_PATTERN": PATTERNS.index(str(point["WINDOW_PATTERN"]))}
    width = float(point["DEPTH"]) * float(point["ASPECT_RATIO"])
    return [*(float(plain[p.name]) for p in PARAMETERS), width]
