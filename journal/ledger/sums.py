"""Sums over the ledger. It only grows, so what was added up once is never read again."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from journal.store import Journal
from journal.store.database import Row

_NEWER = (
    "SELECT entry_id, kind, account, spent_micro_usd, reserved_micro_usd, budget_micro_usd "
    "FROM ledger WHERE entry_id > ? ORDER BY entry_id"
)


@dataclass(frozen=True)
class Sums:
    """The ledger up to an entry, in micro-dollars; `held` has the accounts with open reservations."""

    upto: int = 0
    budget: int = 0
    spent: int = 0
    reserved: int = 0
    spent_by_kind: dict[str, int] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)

    def plus(self, rows: Sequence[Row]) -> "Sums":
        """These sums and further entries."""
        by_kind, held = dict(self.spent_by_kind), dict(self.held)
        for row in rows:
            by_kind[row["kind"]] = by_kind.get(row["kind"], 0) + row["spent_micro_usd"]
            if row["account"] is not None:
                held[row["account"]] = held.get(row["account"], 0) + row["reserved_micro_usd"]
        return Sums(
            upto=rows[-1]["entry_id"],
            budget=self.budget + sum(row["budget_micro_usd"] for row in rows),
            spent=self.spent + sum(row["spent_micro_usd"] for row in rows),
            reserved=self.reserved + sum(row["reserved_micro_usd"] for row in rows),
            spent_by_kind=by_kind,
            held={account: amount for account, amount in held.items() if amount},
        )


class LedgerReader:
    """Keeps the sums of one connection up to date."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._kept = Sums()

    def sums(self) -> Sums:
        """The sums as this connection sees the ledger now."""
        with self._journal._lock:
            rows = self._journal._rows(_NEWER, [self._kept.upto])
            sums = self._kept.plus(rows) if rows else self._kept
            # What an open transaction has added may be rolled back, and its numbers given again.
            if not self._journal._depth:
                self._kept = sums
            return sums
