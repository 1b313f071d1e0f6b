"""Time that passes only when the lab waits; kept in the journal, so that a restart goes on from there."""

from journal.store import Journal
from trainer.job import Contract

BOOT_ID = "simulated"
_META = "virtual_clock"
_EPOCH = 1_767_225_600.0  # 2026-01-01: any fixed instant will do


class _Present(Contract):
    now: float = _EPOCH
    elapsed: float = 0.0


class VirtualClock:
    """A lab's own time. `jump` shifts the stamps alone, as somebody who sets the clock would."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        text = journal.meta(_META)
        self._present = _Present() if text is None else _Present.model_validate_json(text)

    def now(self) -> float:
        return self._present.now

    def elapsed(self) -> float:
        return self._present.elapsed

    def sleep(self, seconds: float) -> None:
        self._set(seconds, seconds)

    def jump(self, seconds: float) -> None:
        """Set the time of day forward or back."""
        self._set(seconds, 0.0)

    def _set(self, now_seconds: float, elapsed_seconds: float) -> None:
        present = self._present
        self._present = _Present(now=present.now + now_seconds, elapsed=present.elapsed + elapsed_seconds)
        self._journal.set_meta(_META, self._present.model_dump_json())
