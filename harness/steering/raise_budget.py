"""More money or hours for a session that is not finished: one transaction, which a running lab notices."""

import time

from harness.errors import UserError
from harness.lab.folder import require_lab
from harness.lab.session import Session, load_session, save_session
from harness.money.recorded_billing import billing_as_recorded, used_seconds
from harness.plan.stored import load_plan
from journal.lab_paths import LabPaths
from journal.ledger.ledger import Ledger
from journal.store import Journal

RAISED_EVENT = "budget_raised"
MOST_HOURS = 24.0 * 366


def raise_lab(lab: LabPaths, add_micro_usd: int, hours: float | None) -> Session:
    """Give the lab's session more money, or other hours; whoever conducts it takes it up.

    Raises:
        UserError: no session to give it to, or hours that are used up.
    """
    require_lab(lab)
    with Journal.open(lab.journal) as journal, journal.atomic():
        session = load_session(journal)
        if session is None or session.state == "finished":
            raise UserError(
                f"{lab.folder}: no session is under way; harness start --budget AMOUNT begins one"
            )
        if hours is not None:
            _check_hours(journal, session, hours)
        return raise_session(journal, session, add_micro_usd, hours, time.time())


def raise_session(
    journal: Journal, session: Session, add_micro_usd: int, hours: float | None, at: float
) -> Session:
    """Record the raise in ledger, session and events; returns the session as it now is."""
    with journal.atomic():
        if add_micro_usd:
            Ledger(journal).add_budget(add_micro_usd, f"session {session.number}, more")
        raised = session.model_copy(
            update={
                "budget_micro_usd": session.budget_micro_usd + add_micro_usd,
                "hours": session.hours if hours is None else hours,
            }
        )
        raised = raised.model_copy(update={"total_seconds": _total_seconds(journal, raised)})
        save_session(journal, raised)
        detail: dict[str, object] = {
            "session": session.number,
            "added_micro_usd": add_micro_usd,
            "hours": raised.hours,
        }
        journal.add_event(RAISED_EVENT, detail, at)
    return raised


def _total_seconds(journal: Journal, session: Session) -> float:
    bought = used_seconds(journal, session) + billing_as_recorded(journal, session).seconds_left()
    return bought if session.hours is None else min(bought, session.hours * 3600.0)


def _check_hours(journal: Journal, session: Session, hours: float) -> None:
    plan = load_plan(journal, session)
    least = (used_seconds(journal, session) + (plan.final_seconds if plan else 0.0)) / 3600.0
    if not least < hours < MOST_HOURS:
        raise UserError(
            f"--hours: {hours:g}; allowed: more than {least:.2f} (what is used, and what the end needs), "
            f"less than {MOST_HOURS:g}"
        )
