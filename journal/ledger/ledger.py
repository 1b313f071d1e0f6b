"""The budget: integer micro-dollars, append-only, `spent + reserved ≤ budget` enforced in SQL.

Money of an account (`journal/ledger/account.py`) moves by three verbs. *Reserve* sets aside the most that
it can cost, before it can cost anything. *Settle* charges what it did cost, once, and frees what is left.
*Release* frees what it needs no more. `idle` charges node time that nobody had. Node time is never
reserved: plans and launches *keep* seconds (`keep_seconds`) for what comes after them.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from journal.errors import OverBudget, Refused
from journal.ledger.account import account_kind
from journal.ledger.sums import LedgerReader
from journal.records import LedgerEntry, LedgerKind
from journal.store import Journal
from journal.store.rows import from_row


@dataclass(frozen=True)
class Totals:
    """Sums over the ledger; `free` is below zero only after an overrun."""

    budget: int
    spent: int
    reserved: int

    @property
    def free(self) -> int:
        return self.budget - self.spent - self.reserved


class Ledger:
    """Every dollar of a lab; safe for several processes at once."""

    def __init__(self, journal: Journal, clock: Callable[[], float] = time.time) -> None:
        self._journal = journal
        self._clock = clock
        self._reader = LedgerReader(journal)

    def add_budget(self, micro_usd: int, note: str = "") -> None:
        """Allow so much more to be spent."""
        if micro_usd <= 0:
            raise Refused(f"budget: {micro_usd} micro-dollars; allowed: more than 0")
        self._add("budget", None, "budget", budget=micro_usd, note=note)

    def reserve(self, account: str, micro_usd: int, purpose: str, note: str = "") -> None:
        """Set exactly so much aside for `account`, more or less than it holds so far.

        Raises:
            OverBudget: there is not so much; nothing was recorded.
            Refused: the account is settled already, or the amount is negative.
        """
        _refuse_negative(micro_usd)
        with self._journal.atomic():
            more = micro_usd - self.reserved(account)
            if more <= 0:
                self.release(account, -more, note)
                return
            free = self.totals().free
            if more > free:
                raise OverBudget(more, free)
            self._add("reserve", account, purpose, reserved=more, note=note)

    def reserve_up_to(self, account: str, micro_usd: int, purpose: str) -> None:
        """The same as far as the money goes."""
        with self._journal.atomic():
            most = self.reserved(account) + max(0, self.totals().free)
            self.reserve(account, min(micro_usd, most), purpose)

    def release(self, account: str, micro_usd: int | None = None, note: str = "") -> int:
        """Free what `account` holds, or a part of it; returns how much that was."""
        with self._journal.atomic():
            held = self.reserved(account)
            amount = held if micro_usd is None else min(micro_usd, held)
            if amount > 0:
                self._add("release", account, "release", reserved=-amount, note=note)
            return max(amount, 0)

    def settle(self, account: str, micro_usd: int, purpose: str = "job", note: str = "") -> bool:
        """Charge what a job or a call really cost and free what it had reserved, once.

        An overrun is charged in full. Returns False, changing nothing, when it was settled before.
        """
        _refuse_negative(micro_usd)
        kind: LedgerKind = "llm" if account_kind(account) == "llm" else "settle"
        with self._journal.atomic():
            if self.is_settled(account):
                return False
            held = self.reserved(account)
            self._add(kind, account, purpose, spent=micro_usd, reserved=-held, note=note)
            return True

    def idle(self, micro_usd: int, note: str = "") -> None:
        """Charge node time that no job had."""
        _refuse_negative(micro_usd)
        self._add("idle", None, "idle", spent=micro_usd, note=note)

    def is_settled(self, account: str) -> bool:
        """Whether this job or call has been charged."""
        sql = "SELECT 1 FROM ledger WHERE account = ? AND kind IN ('settle', 'llm') LIMIT 1"
        return self._journal._row(sql, [account]) is not None

    def reserved(self, account: str) -> int:
        """What `account` holds now."""
        return self._reader.sums().held.get(account, 0)

    def spent_on(self, kind: LedgerKind) -> int:
        """What was charged by entries of this kind."""
        return self._reader.sums().spent_by_kind.get(kind, 0)

    def reservations(self) -> dict[str, int]:
        """Every account that holds money now."""
        return dict(self._reader.sums().held)

    def totals(self) -> Totals:
        """Sums over all entries."""
        sums = self._reader.sums()
        return Totals(sums.budget, sums.spent, sums.reserved)

    def entries(self) -> list[LedgerEntry]:
        """All lines, first to last."""
        rows = self._journal._rows("SELECT * FROM ledger ORDER BY entry_id")
        return [from_row(LedgerEntry, row) for row in rows]

    def _add(
        self,
        kind: LedgerKind,
        account: str | None,
        purpose: str,
        *,
        spent: int = 0,
        reserved: int = 0,
        budget: int = 0,
        note: str = "",
    ) -> None:
        entry = LedgerEntry(
            at=self._clock(),
            kind=kind,
            account=account,
            purpose=purpose,
            spent_micro_usd=spent,
            reserved_micro_usd=reserved,
            budget_micro_usd=budget,
            note=note,
        )
        self._journal._insert("ledger", entry.model_dump(exclude={"entry_id", "job_id"}))


def _refuse_negative(micro_usd: int) -> None:
    if micro_usd < 0:
        raise Refused(f"{micro_usd} micro-dollars; allowed: at least 0")
