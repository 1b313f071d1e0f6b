"""A session's plan as the journal keeps it."""

from harness.lab.session import Session
from harness.plan.plan import Plan
from journal.store.journal import Journal

_PLAN = "plan"


def load_plan(journal: Journal, session: Session) -> Plan | None:
    """The plan of this session once its rates are measured."""
    text = journal.meta(f"{_PLAN}:{session.number}")
    return None if text is None else Plan.model_validate_json(text)


def save_plan(journal: Journal, session: Session, plan: Plan) -> None:
    """Keep the plan: decisions after a crash follow the same numbers."""
    journal.set_meta(f"{_PLAN}:{session.number}", plan.model_dump_json())
