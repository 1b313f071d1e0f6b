"""The budget: integer micro-dollars, append-only, `spent + reserved ≤ budget` enforced in SQL.

Reserve the worst case before a launch, settle the actual cost after. A reservation is made under
a key: a job id, the key of an LLM call, or a name such as `finish` (money carved out for the end).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from journal.errors import OverBudget, Refused
from journal.ledger.sums import LedgerReader
from journal.records import LedgerEntry, LedgerKind
from journal.store.journal import Journal
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

    def reserve(self, key: str, micro_usd: int, purpose: str, note: str = "") -> None:
        """Set money aside under `key`, on top of what it holds already. Nothing to do for 0.

        Raises:
            OverBudget: spent + reserved + amount would exceed the budget; nothing was recorded.
            Refused: the job is settled already, or the amount is negative.
        """
        _refuse_negative(micro_usd)
        if micro_usd == 0:
            return
        with self._journal.atomic():
            free = self.totals().free
            if micro_usd > free:
                raise OverBudget(micro_usd, free)
            self._add("reserve", key, purpose, reserved=micro_usd, note=note)

    def release(self, key: str, micro_usd: int | None = None, note: str = "") -> int:
        """Give back what `key` holds, or a part of it; returns how much that was."""
        with self._journal.atomic():
            held = self.reserved(key)
            amount = held if micro_usd is None else min(micro_usd, held)
            if amount > 0:
                self._add("release", key, "release", reserved=-amount, note=note)
            return max(amount, 0)

    def hold(self, key: str, micro_usd: int, purpose: str, note: str = "") -> None:
        """Make what `key` holds exactly so much.

        Raises:
            OverBudget: there is not so much; nothing was recorded.
        """
        with self._journal.atomic():
            held = self.reserved(key)
            self.reserve(key, max(0, micro_usd - held), purpose, note)
            self.release(key, max(0, held - micro_usd), note)

    def transfer(self, from_key: str, to_key: str, micro_usd: int, purpose: str) -> None:
        """Move a part of a reservation to another key, all or nothing.

        Raises:
            OverBudget: `from_key` holds less than that, or the ledger is overrun.
        """
        _refuse_negative(micro_usd)
        with self._journal.atomic():
            held = self.reserved(from_key)
            if held < micro_usd:
                raise OverBudget(micro_usd, held)
            self.release(from_key, micro_usd, note=f"to {to_key}")
            self.reserve(to_key, micro_usd, purpose, note=f"from {from_key}")

    def settle(self, job_id: str, micro_usd: int, purpose: str = "job", note: str = "") -> bool:
        """Charge what a job really cost and release what it had reserved, once.

        An overrun is charged in full. Returns False, changing nothing, when it was settled before.
        """
        return self._settle("settle", job_id, micro_usd, purpose, note)

    def idle(self, micro_usd: int, note: str = "", key: str | None = None) -> bool:
        """Charge node time that no job had; with a `key` at most once for that key."""
        _refuse_negative(micro_usd)
        with self._journal.atomic():
            if key is not None and self._has("idle", key):
                return False
            self._add("idle", key, "idle", spent=micro_usd, note=note)
            return True

    def llm_reserve(self, key: str, micro_usd: int) -> None:
        """Set aside the most an LLM call can cost.

        Raises:
            OverBudget: the budget does not cover it.
        """
        self.reserve(key, micro_usd, "llm")

    def llm_settle(self, key: str, micro_usd: int, note: str = "") -> bool:
        """Charge an LLM call once and release its reservation; False when it was settled before."""
        return self._settle("llm", key, micro_usd, "llm", note)

    def is_settled(self, key: str) -> bool:
        """Whether this job or call has been charged."""
        return self._has("settle", key) or self._has("llm", key)

    def reserved(self, key: str) -> int:
        """What `key` holds now."""
        return self._reader.sums().held.get(key, 0)

    def spent(self, key: str) -> int:
        """What was charged to `key`."""
        sql = "SELECT COALESCE(SUM(spent_micro_usd), 0) AS total FROM ledger WHERE job_id = ?"
        return int(self._journal._rows(sql, [key])[0]["total"])

    def spent_on(self, kind: LedgerKind) -> int:
        """What was charged by entries of this kind."""
        return self._reader.sums().spent_by_kind.get(kind, 0)

    def reservations(self) -> dict[str, int]:
        """Every key that holds money now."""
        return dict(self._reader.sums().held)

    def totals(self) -> Totals:
        """Sums over all entries."""
        sums = self._reader.sums()
        return Totals(sums.budget, sums.spent, sums.reserved)

    def entries(self) -> list[LedgerEntry]:
        """All lines, first to last."""
        rows = self._journal._rows("SELECT * FROM ledger ORDER BY entry_id")
        return [from_row(LedgerEntry, row) for row in rows]

    def _settle(self, kind: LedgerKind, key: str, micro_usd: int, purpose: str, note: str) -> bool:
        _refuse_negative(micro_usd)
        with self._journal.atomic():
            if self.is_settled(key):
                return False
            self._add(kind, key, purpose, spent=micro_usd, reserved=-self.reserved(key), note=note)
            return True

    def _add(
        self,
        kind: LedgerKind,
        key: str | None,
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
            job_id=key,
            purpose=purpose,
            spent_micro_usd=spent,
            reserved_micro_usd=reserved,
            budget_micro_usd=budget,
            note=note,
        )
        self._journal._insert("ledger", entry.model_dump(exclude={"entry_id"}))

    def _has(self, kind: LedgerKind, key: str) -> bool:
        sql = "SELECT 1 FROM ledger WHERE kind = ? AND job_id = ? LIMIT 1"
        return self._journal._row(sql, [kind, key]) is not None


def _refuse_negative(micro_usd: int) -> None:
    if micro_usd < 0:
        raise Refused(f"{micro_usd} micro-dollars; allowed: at least 0")
