"""When to leave a language model alone: after failures in a row, for a growing while.

A pure function of the journal's calls and the lab's clock, so that a restart knows it and anyone can redo it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from journal.records import LlmCall

UNKNOWN = "unknown"
PAUSED_EVENT = "llm_paused"
BACK_EVENT = "llm_back"
# Calls that brought nothing: one question to an endpoint that refuses, two answers of rubbish and a half.
MOST_FAILURES = 3
FIRST_PAUSE_SECONDS = 300.0
LONGEST_PAUSE_SECONDS = 3600.0
_USEFUL = ("ok", "repaired")


@dataclass(frozen=True)
class Breaker:
    """What an endpoint's latest calls came to; `last_at` (Unix seconds) and `why` are of the last failure."""

    failures: int
    last_at: float
    why: str

    @property
    def is_open(self) -> bool:
        """Whether enough calls failed in a row."""
        return self.failures >= MOST_FAILURES

    @property
    def pause_seconds(self) -> float:
        """How long to leave the endpoint alone after the last failure: 5 minutes, doubled up to an hour."""
        if not self.is_open:
            return 0.0
        # Bounded before it is raised to a power, which a long row of failures would make infinite.
        doublings = min(self.failures - MOST_FAILURES, 10)
        return min(FIRST_PAUSE_SECONDS * 2.0**doublings, LONGEST_PAUSE_SECONDS)

    def is_paused(self, now: float) -> bool:
        """Whether the pause lasts at `now` (Unix seconds); a clock that was set back does not prolong it."""
        return 0.0 <= now - self.last_at < self.pause_seconds


def breaker(calls: Sequence[LlmCall], model: str, base_url: str) -> Breaker:
    """The state of one endpoint after `calls` (first to last); another model or address starts afresh."""
    failures: list[LlmCall] = []
    for call in reversed(calls):
        if (call.model, call.base_url) != (model, base_url):
            continue
        if call.outcome in _USEFUL:
            break
        failures.append(call)
    if not failures:
        return Breaker(0, 0.0, "")
    return Breaker(len(failures), failures[0].at, failures[0].detail)


def latest(calls: Sequence[LlmCall]) -> tuple[LlmCall, Breaker] | None:
    """The last call and the state of its endpoint; None where nothing was ever asked."""
    # Calls that a crash cut off name no endpoint.
    named = [call for call in calls if call.model != UNKNOWN]
    return (named[-1], breaker(named, named[-1].model, named[-1].base_url)) if named else None
