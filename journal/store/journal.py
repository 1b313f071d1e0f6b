"""`Journal`: the one durable truth of a lab, a SQLite file that many processes may open."""

from journal.store.claims import Science
from journal.store.deployments import Deployments
from journal.store.jobs import Jobs
from journal.store.log import LabEvent, Log

__all__ = ["Journal", "LabEvent"]


class Journal(Jobs, Science, Deployments, Log):
    """All nouns of one journal file; open it with `Journal.open(path)` or `Journal.read_only(path)`."""
