"""What a training loop is told, and what it knows of itself."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from trainer.run.context import JobFailure

# A model this much worse than a uniform guess, for this many steps in a row, does not come back.
DIVERGED_LOSS_RATIO = 2.0
DIVERGED_STEPS = 10


@dataclass(frozen=True)
class Horizon:
    """When training ends: after `steps` or `seconds` of it, what comes first, or (neither) with the data."""

    steps: int | None = None
    seconds: float | None = None

    def progress(self, steps: float, seconds: float) -> float | None:
        """Between 0 and 1, after so much training; None where the data decide."""
        parts = []
        if self.steps is not None:
            parts.append(steps / self.steps)
        if self.seconds is not None:
            parts.append(seconds / self.seconds)
        return min(1.0, max(parts)) if parts else None


@dataclass
class LoopState:
    """All that a checkpoint keeps of the loop, as JSON. Settled steps only."""

    step: int = 0
    tokens: int = 0
    epochs: float = 0.0
    progress: float = 0.0
    train_seconds: float = 0.0
    timed_tokens: int = 0
    untimed_seconds: float = 0.0
    data_wait_seconds: float = 0.0
    high_losses: int = 0
    losses: list[float] = field(default_factory=list)
    position: dict[str, int] | None = None
    base_metrics: dict[str, float] = field(default_factory=dict)
    norms: dict[str, float] = field(default_factory=dict)
    profile_ms: dict[str, float] = field(default_factory=dict)

    @property
    def train_loss(self) -> float:
        """Mean loss of the last 5% of the steps."""
        return sum(self.losses) / max(1, len(self.losses))

    @property
    def tokens_per_second(self) -> float:
        """Of the timed steps, all ranks together; of the traced ones where there were no others."""
        if self.timed_tokens:
            return self.timed_tokens / max(self.train_seconds, 1e-9)
        return self.tokens / max(self.untimed_seconds, 1e-9)

    def metrics(self) -> dict[str, float]:
        """What a result says of the loop, by the names that it has there."""
        named = {
            "train_loss": self.train_loss,
            "steps": self.step,
            "tokens": self.tokens,
            "epochs": self.epochs,
            "tokens_per_second": self.tokens_per_second,
            "train_seconds": self.train_seconds,
            "warmup_seconds": self.untimed_seconds,
            "data_wait_seconds": self.data_wait_seconds,
            **self.norms,
            **{f"profile_{name}_ms": value for name, value in self.profile_ms.items()},
            **self.base_metrics,
        }
        return {name: float(value) for name, value in named.items()}

    def record_loss(self, loss: float, vocab_size: int) -> None:
        """Append the loss of step `self.step`, keeping the last 5%.

        Raises:
            JobFailure: `nan` or `diverged`.
        """
        self._watch(loss, DIVERGED_LOSS_RATIO * math.log(vocab_size))
        self.losses.append(loss)
        del self.losses[: -max(1, math.ceil(0.05 * self.step))]

    def _watch(self, loss: float, limit: float) -> None:
        if not math.isfinite(loss):
            raise JobFailure("nan", f"the loss of step {self.step} is {loss}")
        self.high_losses = self.high_losses + 1 if loss > limit else 0
        if self.high_losses >= DIVERGED_STEPS:
            raise JobFailure(
                "diverged",
                f"the loss was {loss:.4g} at step {self.step}, above {limit:.4g} for {DIVERGED_STEPS} steps",
            )

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class LoopSettings:
    """What the loop needs to know of a job, resolved."""

    horizon: Horizon
    micro_batch_rows: int
    vocab_size: int
    tokens_per_step: int
    lr_multiplier: Callable[[float], float]
    eval_every_steps: int | None
    checkpoint_every_steps: int | None
    profile: bool = False

    def pause_due(self, launched: int) -> bool:
        """Whether to evaluate or save after so many steps."""
        intervals = (self.eval_every_steps, self.checkpoint_every_steps)
        return any(every is not None and launched % every == 0 for every in intervals)
