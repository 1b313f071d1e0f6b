"""The numbers of a training run, all of them settled."""

from dataclasses import dataclass, fields

from trainer.job import OptimSpec
from trainer.job.result import Scalar


@dataclass(frozen=True)
class StepPlan:
    """What a step really uses, before ranks split it into passes; `total_batch_size` is in tokens.

    `optim` has the job's settings with all rates scaled to this batch, width and horizon.
    """

    train_tokens: int | None
    train_seconds: float | None
    total_steps: int | None
    total_batch_size: int
    sequence_len: int
    optim: OptimSpec

    def with_passes(self, share: int, rows: int, checkpointing: bool) -> "TrainingPlan":
        """A rank's `share` of sequences, `rows` of them a forward pass."""
        return TrainingPlan(
            **vars(self),
            device_batch_size=rows,
            accumulation_steps=share // rows,
            activation_checkpointing=checkpointing,
        )


@dataclass(frozen=True)
class TrainingPlan(StepPlan):
    """What a training run really uses; `device_batch_size` is in sequences."""

    device_batch_size: int
    accumulation_steps: int
    activation_checkpointing: bool

    def resolved(self) -> dict[str, Scalar]:
        """For `JobResult.resolved`."""
        own = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "optim"}
        return {**own, **self.optim.model_dump()}
