"""Lines of `events.jsonl`: one writer (rank 0), append-only."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from trainer.job.base import Contract


class _Event(Contract):
    time: float = Field(description="seconds since the epoch")


class Started(_Event):
    event: Literal["started"] = "started"
    job_id: str
    total_steps: int | None = None


class Step(_Event):
    event: Literal["step"] = "step"
    step: int
    progress: float
    train_loss: float
    tokens: int
    tokens_per_second: float
    lr_multiplier: float = 1.0
    # Of one step in a hundred, and of the last.
    gradient_norm: float | None = None
    weight_norm: float | None = None
    update_norm: float | None = None
    peak_memory_bytes: int | None = None


class Evaluated(_Event):
    event: Literal["eval"] = "eval"
    step: int
    metrics: dict[str, float]


class Checkpointed(_Event):
    event: Literal["checkpoint"] = "checkpoint"
    step: int


class Profiled(_Event):
    event: Literal["profile"] = "profile"
    step: int
    milliseconds: dict[str, float] = Field(description="a step's, by what they went into")


class Finished(_Event):
    event: Literal["finished"] = "finished"
    state: Literal["succeeded", "failed", "cancelled"]
    reason: str | None = None


Event = Annotated[
    Started | Step | Evaluated | Checkpointed | Profiled | Finished, Field(discriminator="event")
]


def event_adapter() -> TypeAdapter[Started | Step | Evaluated | Checkpointed | Profiled | Finished]:
    """The validator of one line of `events.jsonl`."""
    return TypeAdapter(Event)
