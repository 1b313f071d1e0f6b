"""A session's bill as the journal tells it, for readers: nothing is started or charged."""

from harness.lab.clock import FixedClock
from harness.lab.session import Session
from harness.money.billing import Billing
from harness.money.meter import load_meter
from journal.ledger.ledger import Ledger
from journal.store import Journal


def billing_as_recorded(journal: Journal, session: Session) -> Billing:
    """The session's bill as of the meter's last heartbeat, without starting it."""
    still = FixedClock(load_meter(journal).seen or 0.0)
    price, by_share = session.price_micro_usd_per_hour, session.bill == "share"
    return Billing(journal, Ledger(journal), price, session.slots, by_share, still, session=session.number)


def used_seconds(journal: Journal, session: Session) -> float:
    """Node time of the session up to the last heartbeat."""
    return load_meter(journal).total_seconds() - session.node_seconds_before
