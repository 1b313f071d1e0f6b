"""How long the node has been in use and what that cost: one row of the journal, with a heartbeat.

Times are of a clock that never jumps and is comparable within one boot only; hence the boot's id.
"""

from journal.prices import rounded_up
from journal.store import Journal
from trainer.job import Contract

_METER = "meter"


class Meter(Contract):
    """`due_micro_usd` and `seconds` are of the runs that have ended; the run under way is [since, seen].

    What was due is rounded up, by `rounding_micro_usd`: all runs together are, not each of them, or a
    restart would cost what was never set aside.
    """

    due_micro_usd: int = 0
    rounding_micro_usd: float = 0.0
    seconds: float = 0.0
    since: float | None = None
    seen: float | None = None
    boot_id: str | None = None

    def running_seconds(self, now: float | None) -> float:
        """Seconds of the run under way, until `now` or its last heartbeat."""
        until = self.seen if now is None else now
        return 0.0 if self.since is None or until is None else max(0.0, until - self.since)

    def total_seconds(self, now: float | None = None) -> float:
        """Node time of all runs, until `now` or the last heartbeat."""
        return self.seconds + self.running_seconds(now)

    def due_at(self, now: float | None, price_micro_usd_per_hour: int) -> int:
        """What the node has cost, until `now` or the last heartbeat."""
        return self.due_micro_usd + rounded_up(self._beyond(now, price_micro_usd_per_hour))

    def closed(self, end: float, price_micro_usd_per_hour: int) -> "Meter":
        """With the run under way ended."""
        beyond = self._beyond(end, price_micro_usd_per_hour)
        return Meter(
            due_micro_usd=self.due_micro_usd + rounded_up(beyond),
            rounding_micro_usd=max(0.0, rounded_up(beyond) - beyond),
            seconds=self.total_seconds(end),
        )

    def _beyond(self, now: float | None, price_micro_usd_per_hour: int) -> float:
        """Micro-dollars of the run under way that what is due does not hold yet."""
        cost = self.running_seconds(now) * price_micro_usd_per_hour / 3600.0
        return cost - self.rounding_micro_usd


def load_meter(journal: Journal) -> Meter:
    """The meter of the lab; one that has never run when there is none."""
    text = journal.meta(_METER)
    return Meter() if text is None else Meter.model_validate_json(text)


def save_meter(journal: Journal, meter: Meter) -> None:
    """Keep the meter as it now is."""
    journal.set_meta(_METER, meter.model_dump_json())
