"""Notices that somebody set the clock: from then on the journal's time stamps prove no order."""

from harness.lab.clock import Clock
from journal.audit.science import CLOCK_JUMPED
from journal.store import Journal
from trainer.job import Contract

JUMP_SECONDS = 1.0
_META = "clock_offset"


class _Offset(Contract):
    """Time of day minus the clock that never jumps, within one boot."""

    boot_id: str
    seconds: float


class ClockWatch:
    """Looks once a turn; a jump becomes an event, also one while no conductor ran."""

    def __init__(self, journal: Journal, clock: Clock, boot_id: str) -> None:
        self._journal, self._clock, self._boot_id = journal, clock, boot_id
        text = journal.meta(_META)
        self._known = None if text is None else _Offset.model_validate_json(text)

    def look(self) -> None:
        """Compare the two clocks with how they stood."""
        seconds = self._clock.now() - self._clock.elapsed()
        known = self._known if self._known is not None and self._known.boot_id == self._boot_id else None
        jumped = 0.0 if known is None else seconds - known.seconds
        if known is not None and abs(jumped) < JUMP_SECONDS:
            return
        if known is not None:
            self._journal.add_event(CLOCK_JUMPED, {"seconds": round(jumped, 3)}, self._clock.now())
        self._known = _Offset(boot_id=self._boot_id, seconds=seconds)
        self._journal.set_meta(_META, self._known.model_dump_json())
