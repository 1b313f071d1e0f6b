"""The ledger's rules one by one: reserve, settle once, release, transfer, overrun."""

import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from journal.errors import OverBudget, Refused
from journal.ledger.ledger import Ledger, Totals
from journal.store import Journal
from journal.store.schema import APPLICATION_ID, m001_first_tables, m002_ledger_amounts, m003_pairing
from tests.support.journal_support import new_journal
from trainer.job import is_job_id


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    opened = Ledger(new_journal(tmp_path), clock=lambda: 1.0)
    opened.add_budget(100, "first")
    return opened


def test_a_job_is_reserved_then_settled(ledger: Ledger) -> None:
    ledger.reserve("a", 60, "baseline")
    assert ledger.totals() == Totals(budget=100, spent=0, reserved=60)
    assert ledger.settle("a", 25) is True
    assert ledger.totals() == Totals(budget=100, spent=25, reserved=0)
    assert (ledger.reserved("a"), ledger.spent_on("settle")) == (0, 25)


def test_over_budget_is_refused_and_leaves_no_trace(ledger: Ledger) -> None:
    ledger.reserve("a", 60, "baseline")
    before = ledger.entries()
    with pytest.raises(OverBudget) as caught:
        ledger.reserve("b", 41, "baseline")
    assert (caught.value.asked_micro_usd, caught.value.free_micro_usd) == (41, 40)
    assert ledger.entries() == before
    ledger.reserve("b", 40, "baseline")
    assert ledger.totals().free == 0


def test_settling_twice_charges_once(ledger: Ledger) -> None:
    ledger.reserve("a", 60, "baseline")
    assert [ledger.settle("a", 25), ledger.settle("a", 25), ledger.settle("a", 99)] == [True, False, False]
    assert ledger.totals().spent == 25


def test_a_settled_job_reserves_nothing_more(ledger: Ledger) -> None:
    ledger.settle("a", 5)
    with pytest.raises(Refused, match="already settled"):
        ledger.reserve("a", 1, "baseline")


def test_overrun_is_charged_in_full(ledger: Ledger) -> None:
    ledger.reserve("a", 60, "baseline")
    ledger.settle("a", 130)
    assert ledger.totals() == Totals(budget=100, spent=130, reserved=0)
    assert ledger.totals().free == -30
    with pytest.raises(OverBudget):
        ledger.reserve("b", 1, "baseline")


def test_release_and_partial_release(ledger: Ledger) -> None:
    ledger.reserve("finish", 50, "finish")
    assert ledger.release("finish", 20) == 20
    assert ledger.reservations() == {"finish": 30}
    assert ledger.release("finish") == 30
    assert ledger.release("finish") == 0
    assert ledger.totals().reserved == 0


def test_idle_time_is_charged_to_nobody(ledger: Ledger) -> None:
    ledger.idle(10, "night")
    ledger.idle(15)
    assert ledger.spent_on("idle") == 25
    assert [entry.account for entry in ledger.entries()] == [None, None, None]


def test_llm_calls_settle_once(ledger: Ledger) -> None:
    ledger.reserve("llm-1", 30, "llm")
    assert [ledger.settle("llm-1", 12, "llm"), ledger.settle("llm-1", 12, "llm")] == [True, False]
    assert ledger.is_settled("llm-1") and not ledger.is_settled("llm-2")
    assert ledger.totals() == Totals(budget=100, spent=12, reserved=0)
    assert (ledger.spent_on("llm"), ledger.spent_on("settle")) == (12, 0)


def test_a_reservation_is_exact(ledger: Ledger) -> None:
    ledger.reserve("node-1", 70, "node")
    ledger.reserve("node-1", 20, "node")
    ledger.reserve("node-1", 20, "node")
    assert ledger.reservations() == {"node-1": 20} and len(ledger.entries()) == 3
    with pytest.raises(OverBudget) as caught:
        ledger.reserve("node-1", 101, "node")
    assert (caught.value.asked_micro_usd, caught.value.free_micro_usd) == (81, 80)
    assert ledger.reserved("node-1") == 20


def test_a_reservation_as_far_as_the_money_goes(ledger: Ledger) -> None:
    ledger.reserve("a", 60, "baseline")
    ledger.reserve("end-1", 10, "end")
    ledger.reserve_up_to("end-1", 90, "end")
    assert ledger.reservations() == {"a": 60, "end-1": 40}
    ledger.settle("a", 130)
    ledger.reserve_up_to("end-1", 50, "end")
    assert ledger.reserved("end-1") == 40, "an overrun takes nothing away, and gives nothing"


@pytest.mark.parametrize(
    ("account", "is_job"),
    [("0123456789-1", True), ("abcdef0123-12", True), ("end-1", False), ("node-12", False),
     ("llm-0123456789abcdef", False), ("0123456789-0", False), ("0123456789-1x", False),
     ("0123456789-", False), ("0123456789-1\n", False)],
)  # fmt: skip
def test_an_entry_names_a_job_where_its_account_is_one(ledger: Ledger, account: str, is_job: bool) -> None:
    assert is_job_id(account) == is_job
    ledger.reserve(account, 10, "x")
    entry = ledger.entries()[-1]
    assert (entry.account, entry.job_id) == (account, account if is_job else None)


def test_only_a_budget_entry_raises_the_budget(ledger: Ledger, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "journal.db")
    with pytest.raises(sqlite3.IntegrityError, match="only a budget entry"):
        other.execute("INSERT INTO ledger VALUES (NULL, 1, 'settle', 'b', 'x', 1, 0, 1000, '')")
    other.close()


def test_a_journal_of_the_first_version_gets_the_later_rules(tmp_path: Path) -> None:
    db = Database(sqlite3.connect(tmp_path / "old.db", isolation_level=None))
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute("CREATE TABLE migrations (name TEXT PRIMARY KEY, applied_at REAL NOT NULL)")
    m001_first_tables(db)
    db.execute("INSERT INTO migrations VALUES ('m001_first_tables', 1.0)")
    db.execute("INSERT INTO ledger VALUES (NULL, 1, 'budget', NULL, 'budget', 0, 0, 100, '')")
    db.conn.close()
    with Journal.open(tmp_path / "old.db") as journal:
        Ledger(journal).reserve("a", 60, "x")
        assert Ledger(journal).totals() == Totals(budget=100, spent=0, reserved=60)
        with pytest.raises(Refused, match="only a budget entry"):
            journal._execute("INSERT INTO ledger VALUES (NULL, 1, 'idle', NULL, 'x', 1, 0, 9, '')")


def test_a_ledger_keyed_by_job_goes_on_by_account(tmp_path: Path) -> None:
    job = "0123456789-1"
    db = Database(sqlite3.connect(tmp_path / "old.db", isolation_level=None))
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute("CREATE TABLE migrations (name TEXT PRIMARY KEY, applied_at REAL NOT NULL)")
    for step in (m001_first_tables, m002_ledger_amounts, m003_pairing):
        step(db)
        db.execute("INSERT INTO migrations VALUES (?, 1.0)", [step.__name__])
    columns = "at, kind, job_id, purpose, spent_micro_usd, reserved_micro_usd, budget_micro_usd, note"
    for kind, key, spent, reserved, budget in (
        ("budget", None, 0, 0, 100), ("reserve", job, 0, 60, 0), ("reserve", "node-1", 0, 20, 0),
        ("settle", job, 25, -60, 0), ("llm", "llm-1", 5, 0, 0),
    ):  # fmt: skip
        values = [kind, key, spent, reserved, budget]
        db.execute(f"INSERT INTO ledger ({columns}) VALUES (1, ?, ?, 'x', ?, ?, ?, '')", values)
    db.conn.close()
    with Journal.open(tmp_path / "old.db") as journal:
        ledger = Ledger(journal)
        named = [(entry.account, entry.job_id) for entry in ledger.entries()]
        assert named == [(None, None), (job, job), ("node-1", None), (job, job), ("llm-1", None)]
        assert ledger.totals() == Totals(budget=100, spent=30, reserved=20)
        assert (ledger.settle(job, 1), ledger.settle("llm-1", 1)) == (False, False)
        with pytest.raises(Refused, match="already settled"):
            ledger.reserve("llm-1", 1, "llm")
        assert ledger.release("node-1", 30) == 20
        for sql, why in (
            ("UPDATE ledger SET account = 'b'", "append-only"),
            (f"INSERT INTO ledger VALUES (NULL, 1, 'settle', '{job}', 'x', 1, 0, 0, '')", "UNIQUE"),
            ("INSERT INTO ledger VALUES (NULL, 1, 'release', 'node-1', 'x', 0, -1, 0, '')", "releases more"),
        ):
            with pytest.raises(Refused, match=why):
                journal._execute(sql)


def test_new_budget_adds(ledger: Ledger) -> None:
    ledger.add_budget(50, "second")
    assert ledger.totals().budget == 150
    with pytest.raises(Refused, match="more than 0"):
        ledger.add_budget(0)


@pytest.mark.parametrize("amount", [-1])
def test_negative_amounts_are_refused(ledger: Ledger, amount: int) -> None:
    for call in (
        lambda: ledger.reserve("a", amount, "x"),
        lambda: ledger.settle("a", amount),
        lambda: ledger.idle(amount),
    ):
        with pytest.raises(Refused):
            call()
    assert len(ledger.entries()) == 1


@pytest.mark.parametrize(
    ("kind", "key", "spent", "reserved", "why"),
    [
        ("reserve", "'b'", 0, 101, "over budget"),
        ("settle", "'b'", 0, 1, "only a reserve entry"),
        ("reserve", "'b'", 0, -1, "only a reserve entry|releases more"),
        ("release", "'b'", 0, -1, "releases more"),
        ("idle", "NULL", -1, 0, "CHECK"),
        ("settle", "'a'", 1, 0, "UNIQUE"),
        ("llm", "'a'", 1, 0, "UNIQUE"),
        ("reserve", "'b'", 1, 1, "only a charge"),
        ("budget", "NULL", 0, 0, "only a budget entry"),
    ],
)
def test_the_rules_hold_for_any_writer(
    ledger: Ledger, tmp_path: Path, kind: str, key: str, spent: int, reserved: int, why: str
) -> None:
    ledger.settle("a", 0)
    other = sqlite3.connect(tmp_path / "journal.db")
    sql = f"INSERT INTO ledger VALUES (NULL, 1, '{kind}', {key}, 'x', {spent}, {reserved}, 0, '')"
    with pytest.raises(sqlite3.IntegrityError, match=why):
        other.execute(sql)
    other.close()
