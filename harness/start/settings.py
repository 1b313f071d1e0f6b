"""What a start is told, and the seams through which tests put stand-ins."""

import json
import os
from dataclasses import dataclass
from typing import Literal

from harness.errors import UserError

TRAINER_VARIABLE = "HARNESS_TRAINER_COMMAND"


@dataclass(frozen=True)
class StartOptions:
    """The options of `harness start`."""

    budget_micro_usd: int
    price_micro_usd_per_hour: int | None = None
    hours: float | None = None
    bill: Literal["wall", "share"] = "wall"
    data: str = "starter"
    proposer: str = "search"
    slots: int | None = None
    port: int = 8000
    keep_serving: bool = False
    seed: int = 0
    max_hypotheses: int | None = None
    simulate: str | None = None
    stops_at_plateau: bool = True
    on_finish: tuple[str, ...] = ()
    poll_seconds: float = 0.25
    grace_seconds: float = 15.0


def trainer_command() -> tuple[str, ...] | None:
    """`HARNESS_TRAINER_COMMAND`: a JSON list that stands in for the trainer; None for the real one.

    Raises:
        UserError: it is no list of words.
    """
    text = os.environ.get(TRAINER_VARIABLE)
    if text is None:
        return None
    try:
        words = json.loads(text)
    except ValueError:
        words = None
    if not isinstance(words, list) or not words or not all(isinstance(word, str) for word in words):
        raise UserError(f"{TRAINER_VARIABLE}: {text!r}; allowed: a JSON list of words")
    return tuple(words)
