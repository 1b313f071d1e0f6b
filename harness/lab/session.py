"""One `harness start` from its budget to its report, kept in the journal's `meta`."""

from typing import Literal

from journal.store import Journal
from trainer.job import Contract

_SESSION = "session"


class Session(Contract):
    """What a start asked for; a later start goes on with it until it is finished."""

    number: int
    state: Literal["running", "finished"]
    started_at: float
    budget_micro_usd: int
    price_micro_usd_per_hour: int
    bill: Literal["wall", "share"]
    hours: float | None
    total_seconds: float
    data: str
    proposer: str
    slots: int
    seed: int
    max_hypotheses: int | None
    machine: str
    machine_kind: Literal["cpu", "gpu"]
    node_seconds_before: float
    # Rows of earlier sessions, by count: a clock that was set back would mix sessions up.
    jobs_before: int = 0
    hypotheses_before: int = 0
    outcome: str | None = None
    simulated: bool = False
    stops_at_plateau: bool = True


def load_session(journal: Journal) -> Session | None:
    """The latest session of the lab."""
    text = journal.meta(_SESSION)
    return None if text is None else Session.model_validate_json(text)


def save_session(journal: Journal, session: Session) -> None:
    """Record the session as it now is."""
    journal.set_meta(_SESSION, session.model_dump_json())
