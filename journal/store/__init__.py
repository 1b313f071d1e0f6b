"""The one durable truth of a lab: a SQLite file that many processes may open."""

from journal.store.journal import Journal, LabEvent

__all__ = ["Journal", "LabEvent"]
