"""Whatever is done in whatever order: spent + reserved ≤ budget, and every job is charged once."""

import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from journal.errors import OverBudget, Refused
from journal.ledger.ledger import Ledger
from tests.support.journal_support import new_journal

KEYS = st.sampled_from(["a", "b", "llm-1", "llm-2", "end-1"])
AMOUNTS = st.integers(0, 70)


class LedgerMachine(RuleBasedStateMachine):
    """Two connections to one ledger against plain dictionaries; charges may exceed what was reserved."""

    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.ledgers = [Ledger(new_journal(self.folder)) for _ in range(2)]
        self.turns = 0
        self.budget = 0
        self.idle_time = 0
        self.held: dict[str, int] = {}
        self.charged: dict[str, int] = {}

    @property
    def ledger(self) -> Ledger:
        """Now the one, now the other connection."""
        self.turns += 1
        return self.ledgers[(self.turns * 7919 >> 3) % 2]

    def free(self) -> int:
        return self.budget - sum(self.held.values()) - sum(self.charged.values()) - self.idle_time

    @rule(amount=st.integers(1, 100))
    def add_budget(self, amount: int) -> None:
        self.ledger.add_budget(amount)
        self.budget += amount

    @rule(key=KEYS, amount=AMOUNTS)
    def reserve(self, key: str, amount: int) -> None:
        more = amount - self.held.get(key, 0)
        allowed = more <= 0 or (more <= self.free() and key not in self.charged)
        try:
            self.ledger.reserve(key, amount, "x")
            assert allowed
            self.held[key] = amount
        except (OverBudget, Refused):
            assert not allowed

    @rule(key=KEYS, amount=AMOUNTS)
    def reserve_up_to(self, key: str, amount: int) -> None:
        held = self.held.get(key, 0)
        amount_held = min(amount, held + max(0, self.free()))
        allowed = amount_held <= held or key not in self.charged
        try:
            self.ledger.reserve_up_to(key, amount, "x")
            assert allowed
            self.held[key] = amount_held
        except Refused:
            assert not allowed

    @rule(amount=AMOUNTS)
    def charge_idle(self, amount: int) -> None:
        self.ledger.idle(amount)
        self.idle_time += amount

    @rule(key=KEYS, amount=AMOUNTS)
    def roll_back(self, key: str, amount: int) -> None:
        """What a transaction that failed had reserved was never there."""
        ledger = self.ledger
        with suppress(OverBudget, Refused, KeyError), ledger._journal.atomic():
            ledger.reserve(key, amount, "x")
            ledger.totals()
            raise KeyError

    @rule(key=KEYS, share=st.floats(0, 1.5))
    def settle(self, key: str, share: float) -> None:
        cost = int(share * self.held.get(key, 0))
        settled = self.ledgers[0].settle(key, cost)
        assert self.ledgers[1].settle(key, cost + 1) is False
        assert settled == (key not in self.charged)
        if settled:
            self.charged[key] = cost
            self.held.pop(key, None)

    @rule(key=KEYS, amount=st.none() | AMOUNTS)
    def release(self, key: str, amount: int | None) -> None:
        held = self.held.get(key, 0)
        given = held if amount is None else min(held, amount)
        assert self.ledger.release(key, amount) == given
        self.held[key] = held - given

    @rule()
    def reopen(self) -> None:
        self.ledgers[0]._journal.close()
        self.ledgers[0] = Ledger(new_journal(self.folder))

    @invariant()
    def money_adds_up(self) -> None:
        for ledger in self.ledgers:
            totals = ledger.totals()
            assert totals.budget - totals.free == totals.spent + totals.reserved
            assert totals.free == self.free()
            assert totals.spent == sum(self.charged.values()) + self.idle_time
            assert ledger.spent_on("idle") == self.idle_time
            assert ledger.spent_on("llm") == sum(v for k, v in self.charged.items() if k.startswith("llm"))
            assert ledger.reservations() == {k: v for k, v in self.held.items() if v}
            assert totals.reserved == sum(self.held.values())

    @invariant()
    def no_reservation_was_beyond_the_budget(self) -> None:
        free = 0
        for entry in self.ledgers[0].entries():
            free += entry.budget_micro_usd - entry.spent_micro_usd - entry.reserved_micro_usd
            assert free >= 0 or entry.kind != "reserve"

    def teardown(self) -> None:
        for ledger in self.ledgers:
            ledger._journal.close()
        shutil.rmtree(self.folder)


LedgerMachine.TestCase.settings = settings(
    max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestLedgerMachine = LedgerMachine.TestCase


def test_processes_together_never_exceed_the_budget(tmp_path: Path) -> None:
    with new_journal(tmp_path) as journal:
        ledger = Ledger(journal)
        ledger.add_budget(1000)
        code = (
            "import sys; from pathlib import Path; from journal.store import Journal\n"
            "from journal.ledger.ledger import Ledger, OverBudget\n"
            "ledger = Ledger(Journal.open(Path(sys.argv[1]))); won = 0\n"
            "for n in range(40):\n"
            "    try: ledger.reserve(f'{sys.argv[2]}-{n}', 17, 'x'); won += 1\n"
            "    except OverBudget: pass\n"
            "    ledger.settle(f'shared-{n}', 0)\n"
            "print(won)\n"
        )
        processes = [
            subprocess.Popen([sys.executable, "-c", code, str(journal.path), str(w)], stdout=subprocess.PIPE)
            for w in range(3)
        ]
        won = [int(process.communicate()[0]) for process in processes]
        assert sum(won) == 1000 // 17
        assert ledger.totals().reserved == 17 * (1000 // 17)
        assert sum(entry.kind == "settle" for entry in ledger.entries()) == 40
