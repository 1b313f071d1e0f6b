"""What a checkpoint folder holds besides tensors, and what its state may come from."""

from typing import Literal, Protocol

from pydantic import Field
from torch import Tensor

from trainer.job import Contract, TrainingKind
from trainer.model.config import ModelConfig

MAX_JSON_BYTES = 1 << 20


class CheckpointError(ValueError):
    """A checkpoint that cannot be used; `str()` is one line for the user."""


class CheckpointMeta(Contract):
    """`meta.json`. `sha256` (one entry a file) is filled in by `save_checkpoint`."""

    format: Literal[1] = 1
    job_id: str
    kind: TrainingKind
    step: int = Field(ge=0)
    config: ModelConfig
    spec_hash: str
    val_bpb: float | None = None
    parents: tuple[str, ...] = ()
    sha256: dict[str, str] = {}


class Canary(Contract):
    """A sequence of tokens and the mean loss (nats) of the saved model on predicting tokens[1:]."""

    tokens: tuple[int, ...] = Field(min_length=2)
    loss: float


class OptimizerState(Protocol):
    """What is saved and restored of an optimizer."""

    def state_tensors(self) -> dict[str, Tensor]: ...

    def load_state_tensors(self, tensors: dict[str, Tensor]) -> None: ...
