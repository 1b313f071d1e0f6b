"""Every invariant of a journal, checked again from its rows alone. Reads, never writes.

What files and processes must agree with it is checked by `harness doctor --lab`.
"""

import sqlite3
from collections.abc import Callable

from journal.audit.checks import Check, check_of
from journal.audit.jobs import deployments_in_order, jobs_are_what_they_say, no_job_runs_twice
from journal.audit.money import (
    budget_kept,
    jobs_settled_once,
    llm_calls_paid,
    nothing_held_by_ended_jobs,
)
from journal.audit.science import hypotheses_registered_first, verdicts_recompute
from journal.store import Journal

RESTORE = "restore journal.db from a copy (sqlite3 journal.db .recover saves what can be read)"

AUDITS: tuple[tuple[str, Callable[[Journal], Check]], ...] = (
    ("budget", budget_kept),
    ("settled", jobs_settled_once),
    ("reservations", nothing_held_by_ended_jobs),
    ("llm calls", llm_calls_paid),
    ("jobs", jobs_are_what_they_say),
    ("launched once", no_job_runs_twice),
    ("hypotheses", hypotheses_registered_first),
    ("verdicts", verdicts_recompute),
    ("deployments", deployments_in_order),
)


def audit(journal: Journal) -> list[Check]:
    """All findings, of one moment. On a connection of its own: one in use remembers what it has read."""
    with journal.snapshot():
        return [_run("database", database_whole, journal), *(_run(n, run, journal) for n, run in AUDITS)]


def database_whole(journal: Journal) -> Check:
    """SQLite's own integrity check, and its foreign keys."""
    found = [str(value) for row in journal._rows("PRAGMA integrity_check(4)") for value in row.values()]
    faults = [text.splitlines()[0] for text in found if text != "ok"]
    for row in journal._rows("PRAGMA foreign_key_check"):
        faults.append(f"{row['table']} row {row['rowid']} names a row of {row['parent']} that is not there")
    return check_of("database", faults, "SQLite finds it whole, foreign keys included", RESTORE)


def _run(name: str, check: Callable[[Journal], Check], journal: Journal) -> Check:
    try:
        return check(journal)
    except (sqlite3.DatabaseError, ValueError, KeyError) as error:
        # JournalError and pydantic's are ValueErrors: a row that cannot be read is a finding.
        return Check(name, "failed", f"cannot be checked ({' '.join(str(error).split())[:200]}); {RESTORE}")
