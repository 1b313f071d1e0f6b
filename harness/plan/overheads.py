"""Wall seconds of jobs that are not training: guessed at first, then measured by every job that ends."""

import math
from collections.abc import Mapping
from typing import Literal

from trainer.job import Contract

JobPart = Literal["pretrain", "sft", "eval", "tokenizer", "deployment"]
PARTS: tuple[JobPart, ...] = ("pretrain", "sft", "eval", "tokenizer", "deployment")
# Guesses are scaled by what the first job shows of the machine, within these bounds.
_LEAST_SCALE, _MOST_SCALE = 0.02, 4.0


class Overhead(Contract):
    """Seconds beside training; `cold` where the compile caches did not know the job's shape."""

    cold_seconds: float
    warm_seconds: float


class Overheads(Contract):
    """One machine's overheads by kind of job; evaluation, tokenizer and deployment take no other time.

    `measured` names those that were measured (`pretrain.cold`); the others are guesses. `compiled` are the
    shapes that the compile caches know, each with the code that compiled it, and `code` is the code of today.
    """

    pretrain: Overhead
    sft: Overhead
    eval: Overhead
    tokenizer: Overhead
    deployment: Overhead
    measured: tuple[str, ...] = ()
    compiled: tuple[str, ...] = ()
    code: str | None = None

    def with_training(self, seconds: float) -> "Overheads":
        """The same with one overhead for all training, cold or warm."""
        both = Overhead(cold_seconds=seconds, warm_seconds=seconds)
        return self.model_copy(update={"pretrain": both, "sft": both})

    def with_measured(self, seen: Mapping[str, float]) -> "Overheads":
        """What was seen in place of guesses and older measurements; other guesses scaled by what it shows."""
        scale = self._scale(seen)
        parts: dict[str, object] = {part: self._part(part, seen, scale) for part in PARTS}
        names = tuple(sorted({*self.measured, *seen}))
        return self.model_copy(update={**parts, "measured": names})

    def knows(self, shape: str | None) -> bool:
        """Whether today's code finds this shape compiled."""
        return shape is not None and self.code is not None and f"{self.code}:{shape}" in self.compiled

    def beside(self, part: Literal["pretrain", "sft"], shape: str | None) -> float:
        """Seconds beside training of a job of this shape."""
        return self.seconds(f"{part}.{'warm' if self.knows(shape) else 'cold'}")

    def seconds(self, name: str) -> float:
        """By the name in `measured`."""
        part, warmth = name.split(".")
        overhead: Overhead = getattr(self, part)
        return overhead.cold_seconds if warmth == "cold" else overhead.warm_seconds

    def _part(self, part: JobPart, seen: Mapping[str, float], scale: float) -> Overhead:
        if part in ("tokenizer", "deployment"):
            scale = 1.0  # other work than training
        elif part == "eval":
            scale = max(1.0, scale)  # reading questions does not shrink with the start-up
        cold, warm = (self._one(f"{part}.{warmth}", seen, scale) for warmth in ("cold", "warm"))
        return Overhead(cold_seconds=cold, warm_seconds=warm)

    def _one(self, name: str, seen: Mapping[str, float], scale: float) -> float:
        if name in seen:
            return seen[name]
        return self.seconds(name) * (1.0 if name in self.measured else scale)

    def _scale(self, seen: Mapping[str, float]) -> float:
        for name in ("pretrain.warm", "pretrain.cold"):
            if name in seen and name not in self.measured:
                return min(_MOST_SCALE, max(_LEAST_SCALE, seen[name] / self.seconds(name)))
        return 1.0


def shape_code(code_hash: str) -> str:
    """The trainer's code as the names of compiled shapes have it."""
    return code_hash[:12]


def same(seconds: float) -> Overhead:
    """What compiles nothing."""
    return Overhead(cold_seconds=seconds, warm_seconds=seconds)


def rounded(seconds: float) -> float:
    """Up to half a second: plans need not follow every tremble."""
    return max(0.5, math.ceil(2.0 * seconds) / 2.0)
