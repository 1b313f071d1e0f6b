"""`harness budget`: where the money is, where it went, and where it leads; pure reads of the journal."""

import time
from collections import defaultdict
from collections.abc import Iterable

from harness.lab.folder import require_lab
from harness.lab.lock import lock_holder
from harness.lab.session import Session, load_session
from harness.money.recorded_billing import billing_as_recorded, used_seconds
from harness.plan.plan import SHUTDOWN_SECONDS, phases
from harness.plan.stored import load_first_plan, load_plan
from harness.reports.tables import Document
from journal.lab_paths import LabPaths
from journal.ledger.account import account_kind
from journal.ledger.ledger import Ledger
from journal.prices import node_cost_micro_usd
from journal.records import LedgerEntry
from journal.store import Journal
from journal.views import budget_summary


def budget_document(lab: LabPaths) -> Document:
    """Everything that the command says; amounts in micro-dollars."""
    require_lab(lab)
    with Journal.read_only(lab.journal) as journal:
        session, entries = load_session(journal), Ledger(journal).entries()
        return {
            "lab": str(lab.folder),
            "is_running": lock_holder(lab) is not None,
            **budget_summary(journal).model_dump(mode="json"),
            "session": None if session is None else session.model_dump(mode="json"),
            "planned": [] if session is None else planned(journal, session),
            "by_purpose": by_purpose(journal, entries),
            "by_session": by_session(entries),
            "projected": None if session is None else projected(journal, session),
        }


def planned(journal: Journal, session: Session) -> list[Document]:
    """The session's plan by phase: as measured, else as guessed."""
    plan = load_plan(journal, session) or load_first_plan(journal, session)
    return (
        []
        if plan is None
        else [
            {"phase": p.name, "jobs": p.jobs, "seconds": p.seconds, "micro_usd": p.micro_usd}
            for p in phases(plan)
        ]
    )


def by_purpose(journal: Journal, entries: Iterable[LedgerEntry]) -> list[Document]:
    """What was charged and what is held for each purpose."""
    purposes = {row.job_id: row.purpose for row in journal.jobs()}
    lines: dict[str, Document] = defaultdict(lambda: {"jobs": 0, "spent": 0, "reserved": 0})
    for entry in entries:
        line = lines[str(purposes.get(entry.job_id or "", _name_of(entry)))]
        line["jobs"] += entry.kind == "settle"
        line["spent"] += entry.spent_micro_usd
        line["reserved"] += entry.reserved_micro_usd
    named = ({"purpose": purpose, **line} for purpose, line in lines.items())
    return [line for line in named if line["spent"] or line["reserved"] or line["jobs"]]


def by_session(entries: Iterable[LedgerEntry]) -> list[Document]:
    """Each session's money: entries belong to the session whose budget came last before them."""
    sessions: list[Document] = []
    for entry in entries:
        if entry.kind == "budget" and entry.note == f"session {len(sessions) + 1}":
            sessions.append({"session": len(sessions) + 1, "budget": 0, "jobs": 0, "idle": 0, "llm": 0})
        if sessions:
            line = sessions[-1]
            line["budget"] += entry.budget_micro_usd
            column = {"settle": "jobs", "idle": "idle", "llm": "llm"}.get(entry.kind)
            if column is not None:
                line[column] += entry.spent_micro_usd
    return [{**line, "spent": line["jobs"] + line["idle"] + line["llm"]} for line in sessions]


def projected(journal: Journal, session: Session) -> Document:
    """The session's end at the latest, if it goes on now: unix seconds and the lab's spending by then."""
    spent = Ledger(journal).totals().spent
    if session.state == "finished":
        return {"seconds_left": 0.0, "ends_at": None, "spent": spent}
    billing = billing_as_recorded(journal, session)
    left = billing.seconds_left()
    if session.hours is not None:
        left = min(left, max(0.0, session.hours * 3600.0 - used_seconds(journal, session)))
    so_far = spent if billing.by_share else max(billing.due_micro_usd(), billing.charged())
    llm = 0 if billing.by_share else Ledger(journal).spent_on("llm")
    cost = node_cost_micro_usd(left, session.price_micro_usd_per_hour)
    most = min(so_far + llm + cost, max(spent, Ledger(journal).totals().budget))
    return {"seconds_left": max(0.0, left - SHUTDOWN_SECONDS), "ends_at": time.time() + left, "spent": most}


def _name_of(entry: LedgerEntry) -> str:
    """For entries that are no job's: the kind of their account."""
    if entry.kind in ("idle", "llm"):
        return entry.kind
    return "budget" if entry.account is None else account_kind(entry.account)
