"""What every message between processes is: strict, frozen, finite, and closed to unknown keys."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

JOB_ID_PATTERN = r"^[0-9a-f]{10}-[1-9][0-9]{0,5}$"

JobId = Annotated[str, Field(pattern=JOB_ID_PATTERN)]
# No control characters: a reference becomes a path, and a line on somebody's terminal.
Reference = Annotated[str, Field(min_length=1, max_length=1024, pattern=r"^[^\x00-\x1f\x7f]+$")]


class Contract(BaseModel):
    """Base of every contract: an agent's typo must fail here, not train."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, protected_namespaces=()
    )
