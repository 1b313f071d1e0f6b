"""The numbers of a training run, all of them settled."""

from dataclasses import asdict, dataclass, replace
from typing import Literal


@dataclass(frozen=True)
class TrainingPlan:
    """What a training run really uses; all batch sizes but `device_batch_size` are in tokens."""

    train_tokens: int | None
    train_seconds: float | None
    total_steps: int | None
    total_batch_size: int
    device_batch_size: int
    accumulation_steps: int
    activation_checkpointing: bool
    sequence_len: int
    matrix_optimizer: Literal["muon", "adamw"]
    matrix_lr: float
    embedding_lr: float
    unembedding_lr: float
    scalar_lr: float
    weight_decay: float
    table_weight_decay: float
    muon_momentum: float
    adam_beta1: float
    adam_beta2: float

    def resolved(self) -> dict[str, str | int | float | bool | None]:
        """For `JobResult.resolved`."""
        return asdict(self)

    def with_passes(self, share: int, rows: int, checkpointing: bool) -> "TrainingPlan":
        """A rank's `share` of sequences, `rows` of them a forward pass."""
        return replace(
            self,
            device_batch_size=rows,
            accumulation_steps=share // rows,
            activation_checkpointing=checkpointing,
        )
