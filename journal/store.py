"""`Journal`: the one durable truth of a lab, a SQLite file that many processes may open."""

from journal.deployments import Deployments
from journal.jobs import Jobs
from journal.log import LabEvent, Log
from journal.science import Science

__all__ = ["Journal", "LabEvent"]


class Journal(Jobs, Science, Deployments, Log):
    """All nouns of one journal file; open it with `Journal.open(path)` or `Journal.read_only(path)`."""
