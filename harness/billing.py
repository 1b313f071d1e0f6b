"""The node's meter: from start to exit the node is paid for, idle slots included.

Jobs are attribution (their share of the slots), the rest is `idle`. The meter is a row in the
journal with a heartbeat, so that an interrupted run is charged up to its last sign of life.
"""

import time
from collections.abc import Callable

from agent.spender import CALL_PREFIX
from journal.ledger import Ledger
from journal.prices import node_cost_micro_usd
from journal.store import Journal
from trainer.job import Contract

_METER = "meter"
HEARTBEAT_SECONDS = 1.0


class _Meter(Contract):
    """`due_micro_usd` is what the runs before this one cost; the run under way is [since, seen]."""

    due_micro_usd: int = 0
    seconds: float = 0.0
    since: float | None = None
    seen: float | None = None


class Billing:
    """Node time as money, for one conductor run."""

    def __init__(
        self,
        journal: Journal,
        ledger: Ledger,
        price_micro_usd_per_hour: int,
        slots: int,
        by_share: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.journal = journal
        self.ledger = ledger
        self.price = price_micro_usd_per_hour
        self.slots = slots
        self.by_share = by_share
        self.clock = clock
        self._meter = _Meter()

    def start(self, alive_until: float | None = None) -> None:
        """Begin a run; the one before ends at its last heartbeat, or where its jobs ended if later."""
        text = self.journal.meta(_METER)
        meter = _Meter() if text is None else _Meter.model_validate_json(text)
        if meter.since is not None and meter.seen is not None:
            end = min(max(meter.seen, alive_until or 0.0), max(self.clock(), meter.seen))
            meter = self._closed(meter, end)
        self._meter = meter.model_copy(update={"since": self.clock(), "seen": self.clock()})
        self._save()

    def heartbeat(self) -> None:
        """Note that the node is in use now; cheap enough for every turn of the loop."""
        now = self.clock()
        if self._meter.seen is None or now - self._meter.seen >= HEARTBEAT_SECONDS:
            self._meter = self._meter.model_copy(update={"seen": now})
            self._save()

    def stop(self) -> None:
        """End the run."""
        self._meter = self._closed(self._meter, self.clock())
        self._save()

    def recorded_seconds(self) -> float:
        """Node time of the runs that have ended."""
        text = self.journal.meta(_METER)
        return 0.0 if text is None else _Meter.model_validate_json(text).seconds

    def node_seconds(self) -> float:
        """Node time of all runs so far."""
        since = self._meter.since
        return self._meter.seconds + (0.0 if since is None else max(0.0, self.clock() - since))

    def due_micro_usd(self) -> int:
        """What the node has cost so far, whoever used it."""
        since = self._meter.since
        running = 0.0 if since is None else self.clock() - since
        return self._meter.due_micro_usd + node_cost_micro_usd(running, self.price)

    def share_micro_usd(self, gpus: int, seconds: float) -> int:
        """A job's share of the node for so long."""
        return node_cost_micro_usd(seconds, self.price) * gpus // self.slots

    def charge_idle(self, running_shares_micro_usd: int, note: str) -> int:
        """Charge the node time that no job has had; returns how much that was."""
        if self.by_share:
            return 0
        charged = self.ledger.spent_on("settle") + self.ledger.spent_on("idle")
        owed = self.due_micro_usd() - charged - running_shares_micro_usd
        amount = min(owed, self.ledger.totals().free)  # an overrun of the clock never breaks the budget
        if amount <= 0:
            return 0
        self.ledger.idle(amount, note)
        return amount

    def seconds_left(self) -> float:
        """Node time that the money not yet spent buys; reservations are not subtracted."""
        totals = self.ledger.totals()
        if self.by_share:
            return self._seconds_for(totals.budget - totals.spent)
        elsewhere = self.ledger.spent_on("llm") + self._llm_reserved()
        return self._seconds_for(totals.budget - elsewhere - max(self.due_micro_usd(), self._charged()))

    def _seconds_for(self, micro_usd: int) -> float:
        return max(0, micro_usd) * 3600.0 / self.price

    def _charged(self) -> int:
        return self.ledger.spent_on("settle") + self.ledger.spent_on("idle")

    def _llm_reserved(self) -> int:
        held = self.ledger.reservations()
        return sum(amount for key, amount in held.items() if key.startswith(CALL_PREFIX))

    def _closed(self, meter: _Meter, end: float) -> _Meter:
        lasted = max(0.0, end - (meter.since or end))
        due = meter.due_micro_usd + node_cost_micro_usd(lasted, self.price)
        return _Meter(due_micro_usd=due, seconds=meter.seconds + lasted)

    def _save(self) -> None:
        self.journal.set_meta(_METER, self._meter.model_dump_json())
