"""`HARNESS_SIMULATION`: how kind the simulated world is, and what goes wrong in it."""

import os
from typing import Literal

from pydantic import Field, ValidationError

from harness.errors import UserError
from trainer.job import Contract, one_line

VARIABLE = "HARNESS_SIMULATION"


class Fault(Contract):
    """Something goes wrong so many seconds into the lab. `seconds` is how far a clock jumps."""

    after_seconds: float = Field(ge=0.0)
    kind: Literal["supervisor", "rank", "agent", "clock_jump"]
    seconds: float = 0.0


class SimulationSettings(Contract):
    """Multipliers of what was measured (1: as measured), a seed of the world, and its faults."""

    seed: int = 0
    noise: float = Field(1.0, ge=0.0, le=1000.0)
    effects: float = Field(1.0, ge=0.0, le=1000.0)
    mishaps: float = Field(1.0, ge=0.0, le=50.0)
    core_cost: float = Field(0.0, ge=0.0, le=1000.0, description="CORE lost a bit per byte gained")
    shared_noise: float = Field(
        0.0, ge=0.0, le=1.0, description="share of the noise's variance that arms have in common, by seed"
    )
    keeps_caches: bool = Field(
        False, description="later labs on a node of this name find compiled code and measured times"
    )
    text_tokens: float = Field(1e11, ge=1.0, description="tokens of the training text, read once")
    faults: tuple[Fault, ...] = ()


def simulation_settings() -> SimulationSettings:
    """The environment's settings.

    Raises:
        UserError: naming the field, its value and what is allowed.
    """
    text = os.environ.get(VARIABLE, "{}")
    try:
        return SimulationSettings.model_validate_json(text)
    except ValidationError as error:
        raise UserError(f"{VARIABLE}: {one_line(error)}") from None
