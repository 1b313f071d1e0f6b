"""The journal's tables: append-only migrations, and triggers that keep history as it was."""

import json
import sqlite3
import time
from collections.abc import Callable

from sqlite_utils import Database

from journal.store.recipe_reasons import read_reason

APPLICATION_ID = 0x4C4A524E  # "LJRN": tells a journal from any other SQLite file.

APPEND_ONLY = ("recipes", "hypotheses", "proposals", "verdicts", "ledger", "llm_calls", "events")
TERMINAL = "('succeeded', 'failed', 'cancelled')"

TABLES_M001 = """
CREATE TABLE recipes (
    recipe_id TEXT PRIMARY KEY, parent TEXT REFERENCES recipes(recipe_id), patch TEXT NOT NULL,
    document TEXT NOT NULL, reason TEXT NOT NULL, created_at REAL NOT NULL);
CREATE TABLE hypotheses (
    hypothesis_id TEXT PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, statement TEXT NOT NULL,
    baseline_recipe TEXT NOT NULL REFERENCES recipes(recipe_id), patch TEXT NOT NULL,
    metric TEXT NOT NULL, direction TEXT NOT NULL, minimum_effect REAL NOT NULL,
    replicates INTEGER NOT NULL, stopping_rule TEXT NOT NULL, cost_micro_usd INTEGER NOT NULL,
    proposer TEXT NOT NULL, prior REAL NOT NULL, rung TEXT NOT NULL, registered_at REAL NOT NULL);
CREATE TABLE jobs (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, job_id TEXT NOT NULL UNIQUE, spec_hash TEXT NOT NULL,
    kind TEXT NOT NULL, purpose TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    reason TEXT, message TEXT, spec TEXT NOT NULL,
    hypothesis_id TEXT REFERENCES hypotheses(hypothesis_id), recipe_id TEXT REFERENCES recipes(recipe_id),
    arm TEXT, seed INTEGER NOT NULL, gpus INTEGER NOT NULL, source TEXT NOT NULL,
    resumed_from TEXT, simulated INTEGER NOT NULL, created_at REAL NOT NULL, launched_at REAL,
    started_at REAL, finished_at REAL, metrics TEXT NOT NULL, result TEXT, cost_micro_usd INTEGER,
    cancel_requested INTEGER NOT NULL);
CREATE INDEX jobs_by_spec ON jobs(spec_hash);
CREATE INDEX jobs_by_state ON jobs(state);
CREATE INDEX jobs_by_hypothesis ON jobs(hypothesis_id);
CREATE TABLE metrics (
    job_id TEXT NOT NULL REFERENCES jobs(job_id), series TEXT NOT NULL, step INTEGER NOT NULL,
    value REAL NOT NULL, PRIMARY KEY (job_id, series, step)) WITHOUT ROWID;
CREATE TABLE proposals (
    proposal_id INTEGER PRIMARY KEY AUTOINCREMENT, statement TEXT NOT NULL, patch TEXT NOT NULL,
    minimum_effect REAL, prior REAL NOT NULL, proposer TEXT NOT NULL, accepted INTEGER NOT NULL,
    reason TEXT NOT NULL, at REAL NOT NULL);
CREATE TABLE verdicts (
    verdict_id INTEGER PRIMARY KEY AUTOINCREMENT,
    hypothesis_id TEXT NOT NULL REFERENCES hypotheses(hypothesis_id), look INTEGER NOT NULL,
    verdict TEXT NOT NULL, final INTEGER NOT NULL, effect REAL NOT NULL, lower REAL, upper REAL,
    p_value REAL NOT NULL, judged_at REAL NOT NULL, record TEXT NOT NULL,
    UNIQUE (hypothesis_id, look));
CREATE TABLE ledger (
    entry_id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('budget', 'reserve', 'release', 'settle', 'idle', 'llm')),
    job_id TEXT, purpose TEXT NOT NULL, spent_micro_usd INTEGER NOT NULL CHECK (spent_micro_usd >= 0),
    reserved_micro_usd INTEGER NOT NULL, budget_micro_usd INTEGER NOT NULL CHECK (budget_micro_usd >= 0),
    note TEXT NOT NULL);
CREATE UNIQUE INDEX settled_once ON ledger(job_id) WHERE kind IN ('settle', 'llm');
CREATE UNIQUE INDEX idle_once ON ledger(job_id) WHERE kind = 'idle' AND job_id IS NOT NULL;
CREATE INDEX ledger_by_job ON ledger(job_id);
CREATE TABLE deployments (
    deployment_id INTEGER PRIMARY KEY AUTOINCREMENT, job_id TEXT NOT NULL, checkpoint TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('requested', 'loading', 'canary', 'live', 'draining',
        'retired', 'failed', 'rolled_back')),
    reason TEXT, was_live INTEGER NOT NULL DEFAULT 0, requested_at REAL NOT NULL, updated_at REAL NOT NULL);
CREATE UNIQUE INDEX one_live ON deployments(state) WHERE state = 'live';
CREATE TABLE llm_calls (
    call_id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, model TEXT NOT NULL,
    base_url TEXT NOT NULL, purpose TEXT NOT NULL, prompt_tokens INTEGER, completion_tokens INTEGER,
    cost_micro_usd INTEGER NOT NULL, outcome TEXT NOT NULL, detail TEXT NOT NULL);
CREATE TABLE events (
    event_id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, kind TEXT NOT NULL, detail TEXT NOT NULL);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

# The budget rule lives in SQL: it holds for every writer, whatever code it runs.
LEDGER_RULES_M001 = """
CREATE TRIGGER ledger_within_budget BEFORE INSERT ON ledger
WHEN NEW.kind = 'reserve' AND NEW.reserved_micro_usd > (
    SELECT COALESCE(SUM(budget_micro_usd - spent_micro_usd - reserved_micro_usd), 0) FROM ledger)
BEGIN SELECT RAISE(ABORT, 'over budget'); END;
CREATE TRIGGER ledger_reserves_forward BEFORE INSERT ON ledger
WHEN (NEW.kind = 'reserve') != (NEW.reserved_micro_usd > 0)
    OR (NEW.kind IN ('budget', 'idle') AND NEW.reserved_micro_usd != 0)
BEGIN SELECT RAISE(ABORT, 'only a reserve entry adds to what is reserved'); END;
CREATE TRIGGER ledger_no_reserve_after_settle BEFORE INSERT ON ledger
WHEN NEW.kind = 'reserve' AND EXISTS (
    SELECT 1 FROM ledger WHERE job_id = NEW.job_id AND kind IN ('settle', 'llm'))
BEGIN SELECT RAISE(ABORT, 'already settled'); END;
CREATE TRIGGER ledger_releases_what_is_reserved BEFORE INSERT ON ledger
WHEN NEW.reserved_micro_usd < 0 AND -NEW.reserved_micro_usd > (
    SELECT COALESCE(SUM(reserved_micro_usd), 0) FROM ledger WHERE job_id = NEW.job_id)
BEGIN SELECT RAISE(ABORT, 'releases more than is reserved'); END;
"""

JOB_RULES_M001 = f"""
CREATE TRIGGER jobs_terminal_never_change BEFORE UPDATE ON jobs WHEN OLD.state IN {TERMINAL}
BEGIN SELECT RAISE(ABORT, 'a finished job never changes'); END;
CREATE TRIGGER jobs_never_deleted BEFORE DELETE ON jobs
BEGIN SELECT RAISE(ABORT, 'jobs are never deleted'); END;
CREATE TRIGGER jobs_identity_never_changes BEFORE UPDATE OF
    sequence, job_id, spec_hash, kind, purpose, spec, hypothesis_id, recipe_id, arm, seed, gpus, source,
    resumed_from, simulated, created_at ON jobs
BEGIN SELECT RAISE(ABORT, 'what a job is never changes'); END;
CREATE TRIGGER jobs_never_step_back BEFORE UPDATE OF state ON jobs
WHEN NEW.state = 'queued' AND OLD.state != 'queued'
BEGIN SELECT RAISE(ABORT, 'a running job is not queued again'); END;
CREATE TRIGGER deployments_ended_never_change BEFORE UPDATE ON deployments
WHEN OLD.state IN ('retired', 'failed', 'rolled_back')
BEGIN SELECT RAISE(ABORT, 'an ended deployment never changes'); END;
CREATE TRIGGER deployments_never_deleted BEFORE DELETE ON deployments
BEGIN SELECT RAISE(ABORT, 'deployments are never deleted'); END;
"""


def m001_first_tables(db: Database) -> None:
    """Tables, the ledger's rules, and what never changes."""
    _script(db, TABLES_M001)
    for block in (LEDGER_RULES_M001, JOB_RULES_M001):
        _script(db, block)
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            _forbid(db, table, verb)


# The rules of m001 sum over the ledger at every entry: these indexes hold all that they read.
LEDGER_RULES_M002 = """
CREATE INDEX ledger_amounts ON ledger(budget_micro_usd, spent_micro_usd, reserved_micro_usd);
CREATE INDEX ledger_holds ON ledger(job_id, reserved_micro_usd);
CREATE TRIGGER ledger_one_kind_one_amount BEFORE INSERT ON ledger
WHEN (NEW.kind = 'budget') != (NEW.budget_micro_usd > 0)
    OR (NEW.kind IN ('budget', 'reserve', 'release') AND NEW.spent_micro_usd != 0)
BEGIN SELECT RAISE(ABORT, 'only a budget entry adds to the budget, and only a charge to what is spent'); END;
"""


def m002_ledger_amounts(db: Database) -> None:
    """Each kind of ledger entry moves its own amount; sums are read from indexes."""
    _script(db, LEDGER_RULES_M002)


def m003_pairing(db: Database) -> None:
    """Whether a hypothesis is judged by pairs; NULL for those registered before arms shared seeds."""
    _script(db, "ALTER TABLE hypotheses ADD COLUMN pairing INTEGER;")


def m004_typed_recipes(db: Database) -> None:
    """What made a recipe in columns of its own, read from the sentence that told it; that one goes."""
    _script(
        db,
        """
        ALTER TABLE recipes ADD COLUMN origin TEXT CHECK (origin IN
            ('starter', 'rebased', 'reverted', 'rung', 'transferred', 'supported'));
        ALTER TABLE recipes ADD COLUMN findings TEXT NOT NULL DEFAULT '[]';
        ALTER TABLE recipes ADD COLUMN session INTEGER;
        DROP TRIGGER recipes_no_update;
        """,
    )
    for row in list(db.query("SELECT recipe_id, reason FROM recipes")):
        origin, findings, session = read_reason(str(row["reason"]))
        db.execute(
            "UPDATE recipes SET origin = ?, findings = ?, session = ? WHERE recipe_id = ?",
            [origin, json.dumps(findings), session, row["recipe_id"]],
        )
    db.execute("ALTER TABLE recipes DROP COLUMN reason")
    _forbid(db, "recipes", "UPDATE")


# The rules and indexes of m001 and m002 follow the new name. A job's id is told by its form, as
# `trainer.job.is_job_id` does: a reservation is entered before the row of its job.
ACCOUNTS_M005 = f"""
ALTER TABLE ledger RENAME COLUMN job_id TO account;
ALTER TABLE ledger ADD COLUMN job_id TEXT GENERATED ALWAYS AS (CASE
    WHEN account GLOB '{"[0-9a-f]" * 10}-[1-9]*' AND substr(account, 12) NOT GLOB '*[^0-9]*' THEN account
    END) VIRTUAL;
"""


def m005_ledger_accounts(db: Database) -> None:
    """An entry names the account it moves; `job_id` is that account where it is a job."""
    _script(db, ACCOUNTS_M005)


# An ended deployment never changes: its rule is set aside for this one step.
CHECKPOINTS_M006 = """
DROP TRIGGER deployments_ended_never_change;
UPDATE deployments SET checkpoint = 'runs/' || job_id || '/checkpoint'
WHERE checkpoint LIKE '/%/runs/' || job_id || '/checkpoint';
CREATE TRIGGER deployments_ended_never_change BEFORE UPDATE ON deployments
WHEN OLD.state IN ('retired', 'failed', 'rolled_back')
BEGIN SELECT RAISE(ABORT, 'an ended deployment never changes'); END;
"""


def m006_checkpoints_within_the_lab(db: Database) -> None:
    """Deployments name checkpoints from the lab's folder, wherever the lab lay and lies."""
    _script(db, CHECKPOINTS_M006)


# A column's rule cannot be changed: a new column takes its place.
ADOPTED_M007 = """
DROP TRIGGER recipes_no_update;
ALTER TABLE recipes RENAME COLUMN origin TO origin_before;
ALTER TABLE recipes ADD COLUMN origin TEXT CHECK (origin IN
    ('starter', 'rebased', 'reverted', 'rung', 'transferred', 'supported', 'adopted'));
UPDATE recipes SET origin = origin_before;
ALTER TABLE recipes DROP COLUMN origin_before;
"""


def m007_adopted_recipes(db: Database) -> None:
    """A recipe may be one that the final run takes up without proof."""
    _script(db, ADOPTED_M007)
    _forbid(db, "recipes", "UPDATE")


# Append only: a released migration is never edited.
MIGRATIONS: tuple[Callable[[Database], None], ...] = (
    m001_first_tables,
    m002_ledger_amounts,
    m003_pairing,
    m004_typed_recipes,
    m005_ledger_accounts,
    m006_checkpoints_within_the_lab,
    m007_adopted_recipes,
)


def applied_migrations(db: Database) -> list[str]:
    """Names of the migrations this file has had, in order; none for an empty file."""
    tables = {row["name"] for row in db.query("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "migrations" not in tables:
        return []
    return [str(row["name"]) for row in db.query("SELECT name FROM migrations ORDER BY rowid")]


def migrate(db: Database) -> None:
    """Apply what is missing; call inside an immediate transaction."""
    applied = applied_migrations(db)
    if not applied:
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, applied_at REAL NOT NULL)")
    for step in MIGRATIONS:
        if step.__name__ not in applied:
            step(db)
            db.execute("INSERT INTO migrations VALUES (?, ?)", [step.__name__, time.time()])


def _forbid(db: Database, table: str, verb: str) -> None:
    db.execute(
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def _script(db: Database, text: str) -> None:
    # executescript() would commit the surrounding transaction.
    statement = ""
    for line in text.strip().splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""
