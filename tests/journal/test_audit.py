"""The journal's audit: a sound one passes, and each invariant that is broken behind its back is named."""

import random
import sqlite3
from pathlib import Path

import pytest

from journal.audit.audit import audit
from journal.audit.checks import Check
from journal.ledger.ledger import Ledger
from journal.science.evidence import judge_hypothesis
from journal.store import Journal
from tests.support.journal_support import add_arms, hypothesis, job_row, new_journal, recipe


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """Budget, a settled job, evidence and a verdict, a live deployment."""
    opened = new_journal(tmp_path)
    ledger = Ledger(opened, clock=lambda: 1.0)
    ledger.add_budget(1000)
    opened.add_recipe(recipe())
    opened.register(hypothesis())
    add_arms(opened, [2.0, 2.01], [1.9, 1.91])
    for row in opened.jobs():
        ledger.reserve(row.job_id, 50, row.purpose)
        ledger.settle(row.job_id, 10, row.purpose)
    opened.add_verdict(judge_hypothesis(opened, "h1", 5.0))
    first = opened.jobs()[0].job_id
    deployment = opened.request_deployment(first, "/somewhere", 1.0)
    for state in ("loading", "canary", "live"):
        opened.set_deployment(deployment, state, None, 2.0)
    return opened


def findings(journal: Journal) -> dict[str, Check]:
    with Journal.read_only(journal.path) as reader:
        return {check.name: check for check in audit(reader)}


def failed(journal: Journal) -> set[str]:
    return {name for name, check in findings(journal).items() if check.state == "failed"}


def meddle(journal: Journal, *statements: str) -> None:
    """Change the file as no code of ours can: without triggers, indexes and foreign keys."""
    with sqlite3.connect(journal.path) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        names = "SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'index') AND sql NOT NULL"
        for kind, name in connection.execute(names).fetchall():
            connection.execute(f"DROP {kind} {name}")
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_a_sound_journal_passes(journal: Journal) -> None:
    checks = findings(journal)
    assert {check.state for check in checks.values()} == {"ok"}, checks
    assert "1 verdicts" in checks["verdicts"].detail and "10 entries" not in checks["budget"].detail


FIRST = "(SELECT job_id FROM jobs ORDER BY sequence LIMIT 1)"
LEDGER = (
    "INSERT INTO ledger (at, kind, account, purpose, "
    "spent_micro_usd, reserved_micro_usd, budget_micro_usd, note)"
)
BREAKS = {
    "budget": f"{LEDGER} VALUES (1, 'idle', NULL, 'idle', 5000, 0, 0, '')",
    "settled": f"{LEDGER} VALUES (1, 'settle', {FIRST}, 'job', 10, 0, 0, '')",
    "reservations": f"{LEDGER} VALUES (1, 'reserve', {FIRST}, 'job', 0, 5, 0, '')",
    "llm calls": f"{LEDGER} VALUES (1, 'llm', 'llm-1', 'llm', 3, 0, 0, '')",
    "jobs": "UPDATE jobs SET spec = replace(spec, '\"seed\": 0', '\"seed\": 9')",
    "hypotheses": "UPDATE hypotheses SET minimum_effect = 0.001",
    "verdicts": "UPDATE verdicts SET record = replace(record, '\"effect\":', '\"effect\":1')",
    "deployments": "INSERT INTO deployments SELECT 9, job_id, 'x', state, reason, 1, 1, 1 FROM deployments",
    "database": "UPDATE jobs SET recipe_id = 'r9'",
}


@pytest.mark.parametrize("name", BREAKS)
def test_each_broken_invariant_is_named(journal: Journal, name: str) -> None:
    meddle(journal, BREAKS[name])
    assert name in failed(journal)
    assert "\n" not in findings(journal)[name].detail


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (f"UPDATE jobs SET cost_micro_usd = 11 WHERE job_id = {FIRST}", "settled"),
        (f"DELETE FROM ledger WHERE kind = 'settle' AND job_id = {FIRST}", "settled"),
        (f"DELETE FROM ledger WHERE kind != 'budget' AND job_id = {FIRST}", "settled"),
        ("UPDATE jobs SET state = 'failed'", "jobs"),
        ("UPDATE jobs SET finished_at = NULL", "jobs"),
        ("UPDATE jobs SET resumed_from = 'ffffffffff-1'", "jobs"),
        ("UPDATE jobs SET result = '{}'", "jobs"),
        ("UPDATE jobs SET metrics = '{\"val_bpb\": 1.5}'", "verdicts"),
        (f"{LEDGER} VALUES (1, 'reserve', 'x', 'job', 0, 5000, 0, '')", "budget"),
        ("UPDATE jobs SET created_at = 1.5 WHERE arm = 'treatment'", "hypotheses"),
        ("DELETE FROM hypotheses", "verdicts"),
        ("UPDATE deployments SET job_id = 'ffffffffff-1'", "deployments"),
    ],
)
def test_other_ways_to_break_them(journal: Journal, change: str, name: str) -> None:
    meddle(journal, change)
    assert name in failed(journal)


def test_two_attempts_under_way_are_one_too_many(journal: Journal) -> None:
    for attempt in (1, 2):
        journal.add_job(job_row(77, attempt=attempt))
    assert failed(journal) == {"launched once"}


def test_an_overrun_in_the_middle_is_seen_though_a_raise_mended_it(journal: Journal) -> None:
    ledger = Ledger(journal)
    ledger.idle(5000)
    ledger.add_budget(100_000)
    assert failed(journal) == {"budget"}


def test_a_damaged_file_is_a_finding_not_a_crash(journal: Journal) -> None:
    """Zeros over pages in the middle of the file, under an open connection."""
    meddle(journal, "PRAGMA wal_checkpoint(TRUNCATE)")
    size = journal.path.stat().st_size
    reader = Journal.read_only(journal.path)
    with journal.path.open("r+b") as file:
        for at in range(2 * 4096, size, 4096):
            file.seek(at)
            file.write(b"\xff" * 4096)
    reader._db.conn.execute("PRAGMA shrink_memory")
    checks = audit(reader)
    assert {"database", "jobs"} <= {check.name for check in checks if check.state == "failed"}


def test_random_lives_of_a_ledger_pass(tmp_path: Path) -> None:
    """Whatever the ledger let happen, the audit accepts; the two count independently."""
    chance = random.Random(5)
    opened = new_journal(tmp_path)
    ledger = Ledger(opened)
    ledger.add_budget(500)
    for seed in range(30):
        row = job_row(seed, purpose="manual")
        opened.add_job(row)
        amount = chance.randrange(1, 60)
        if amount > ledger.totals().free:
            continue
        ledger.reserve(row.job_id, amount, "manual")
        if chance.random() < 0.7:
            cost = chance.randrange(amount + 1)
            opened.finish_job(row.job_id, "failed", "lost", None, None, cost, 9.0)
            ledger.settle(row.job_id, cost)
    assert failed(opened) == set()
