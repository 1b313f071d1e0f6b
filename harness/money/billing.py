"""The node's bill: from start to exit it is paid for, idle slots included.

Jobs are attribution (their share of the slots), the rest is `idle`. What the node costs until it
could be drained, beyond what its jobs hold, stays reserved in an account of the session's own.
"""

from collections.abc import Sequence

from harness.lab.clock import SYSTEM_CLOCK, Clock
from harness.money.lifetimes import LastSign
from harness.money.meter import Meter, load_meter, save_meter
from harness.plan.plan import SHUTDOWN_SECONDS
from journal.ledger.account import AccountKind, account_kind, end_account, node_account
from journal.ledger.ledger import Ledger
from journal.prices import node_cost_micro_usd
from journal.store import Journal
from trainer.system import processes

HEARTBEAT_SECONDS = 1.0
# The reservation follows the clock in steps: a node that waits needs no entry every second.
AHEAD_SECONDS = 10.0


class Billing:
    """Node time as money, for one conductor run; without a `session` nothing stands reserved."""

    def __init__(
        self,
        journal: Journal,
        ledger: Ledger,
        price_micro_usd_per_hour: int,
        slots: int,
        by_share: bool = False,
        clock: Clock = SYSTEM_CLOCK,
        boot_id: str | None = None,
        session: int | None = None,
    ) -> None:
        self.journal = journal
        self.ledger = ledger
        self.price = price_micro_usd_per_hour
        self.slots = slots
        self.by_share = by_share
        self.clock = clock
        self.boot_id = processes.boot_id() if boot_id is None else boot_id
        self.end_account = None if session is None else end_account(session)
        self.node_account = None if session is None or by_share else node_account(session)
        self._meter = load_meter(journal)

    def start(self, last_signs: Sequence[LastSign] = ()) -> None:
        """Begin a run; the one before ends at its last heartbeat, or where its jobs ended if later."""
        meter, now = load_meter(self.journal), self.clock.elapsed()
        if meter.since is not None:
            meter = meter.closed(self._end_of(meter, last_signs), self.price)
        self._save(meter.model_copy(update={"since": now, "seen": now, "boot_id": self.boot_id}))

    def heartbeat(self) -> None:
        """Note that the node is in use now; cheap enough for every turn of the loop."""
        now = self.clock.elapsed()
        if self._meter.seen is None or now - self._meter.seen >= HEARTBEAT_SECONDS:
            self._save(self._meter.model_copy(update={"seen": now}))

    def stop(self, ahead_seconds: float = 0.0) -> None:
        """End the run, or let it end so many seconds from now."""
        meter = self._meter.closed(self.clock.elapsed() + ahead_seconds, self.price)
        # Whoever bills by the wall after shares starts even: this time is not owed.
        even = {"due_micro_usd": self.charged(), "rounding_micro_usd": 0.0}
        self._save(meter.model_copy(update=even) if self.by_share else meter)

    def node_seconds(self) -> float:
        """Node time of all runs so far."""
        return self._meter.total_seconds(self.clock.elapsed())

    def due_micro_usd(self, ahead_seconds: float = 0.0) -> int:
        """What the node has cost so far, whoever used it; or will have cost so many seconds from now."""
        return self._meter.due_at(self.clock.elapsed() + ahead_seconds, self.price)

    def share_micro_usd(self, gpus: int, seconds: float) -> int:
        """A job's share of the node for so long, rounded up."""
        return -(-node_cost_micro_usd(seconds, self.price) * gpus // self.slots)

    def reserve_drain(self, drain_seconds: float) -> None:
        """Reserve what the node costs until it is drained and shut down, beyond what its jobs hold.

        Raises:
            OverBudget: there is not so much; nothing was recorded.
        """
        if self.node_account is not None:
            self.ledger.reserve(self.node_account, self._wanted(drain_seconds), "node")

    def renew_drain(self, drain_seconds: float) -> None:
        """The same as far as the money goes, a little ahead: time passes, jobs end early."""
        if self.node_account is None or self._is_reserved(drain_seconds):
            return
        self.ledger.reserve_up_to(self.node_account, self._wanted(drain_seconds + AHEAD_SECONDS), "node")

    def reserve_end(self, seconds: float) -> None:
        """Reserve so much of the whole node for the session's end, as far as the money goes.

        No language model and no search job can spend it then.
        """
        if self.end_account is not None and not self.by_share:
            self.ledger.reserve_up_to(self.end_account, self.share_micro_usd(self.slots, seconds), "end")

    def charge_idle(self, running_shares_micro_usd: int, note: str, ahead_seconds: float = 0.0) -> int:
        """Charge the node time that no job has had, in full; returns how much that was."""
        if self.by_share:
            return 0
        owed = self.due_micro_usd(ahead_seconds) - self.charged() - running_shares_micro_usd
        if owed <= 0:
            return 0
        with self.journal.atomic():
            if self.node_account is not None:
                self.ledger.release(self.node_account, owed, note)
            self.ledger.idle(owed, note)
        return owed

    def release_end(self) -> None:
        """The end begins: what was set aside for it is for its jobs."""
        self._release(self.end_account, "the end begins")

    def close(self, running_shares_micro_usd: int, note: str, ahead_seconds: float) -> None:
        """The last charge of a run, a little ahead of its end; nothing stands reserved afterwards."""
        with self.journal.atomic():
            self._release(self.end_account, note)
            self.charge_idle(running_shares_micro_usd, note, ahead_seconds)
            self._release(self.node_account, note)
            self.stop(ahead_seconds)

    def seconds_left(self) -> float:
        """Node time that the money not yet spent buys; reservations are not subtracted."""
        totals = self.ledger.totals()
        if self.by_share:
            return self._seconds_for(totals.budget - totals.spent)
        elsewhere = self.ledger.spent_on("llm") + self._reserved_by("llm")
        return self._seconds_for(totals.budget - elsewhere - max(self.due_micro_usd(), self.charged()))

    def _end_of(self, meter: Meter, last_signs: Sequence[LastSign]) -> float:
        """Of the run before; after another boot nobody knows more than its last heartbeat."""
        seen = meter.seen or 0.0
        if meter.boot_id != self.boot_id:
            return seen
        signs = [sign.elapsed_seconds for sign in last_signs if sign.boot_id == self.boot_id]
        return min(max([seen, *signs]), max(seen, self.clock.elapsed()))

    def _wanted(self, drain_seconds: float) -> int:
        """The drain's cost that is neither charged nor held by jobs; the end pays for its own shutdown."""
        end = self.ledger.reserved(self.end_account or "")
        shutdown = node_cost_micro_usd(SHUTDOWN_SECONDS, self.price) - end
        jobs = self._reserved_by("job")
        return max(0, self.due_micro_usd(drain_seconds) + max(0, shutdown) - self.charged() - jobs)

    def _is_reserved(self, drain_seconds: float) -> bool:
        held = self.ledger.reserved(self.node_account or "")
        return self._wanted(drain_seconds) <= held <= self._wanted(drain_seconds + AHEAD_SECONDS)

    def _release(self, account: str | None, note: str) -> None:
        if account is not None:
            self.ledger.release(account, note=note)

    def _seconds_for(self, micro_usd: int) -> float:
        return max(0, micro_usd) * 3600.0 / self.price

    def charged(self) -> int:
        """Micro-dollars of node time that were charged, to jobs or as idle."""
        return self.ledger.spent_on("settle") + self.ledger.spent_on("idle")

    def _reserved_by(self, kind: AccountKind) -> int:
        held = self.ledger.reservations()
        return sum(amount for account, amount in held.items() if account_kind(account) == kind)

    def _save(self, meter: Meter) -> None:
        self._meter = meter
        save_meter(self.journal, meter)
