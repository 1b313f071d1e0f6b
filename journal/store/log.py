"""Calls to language models, events of the lab, and its few settings that change."""

import json

from journal.records import LlmCall
from journal.store.database import Store
from journal.store.rows import from_row, to_row
from trainer.job import Contract


class LabEvent(Contract):
    """Something that happened in the lab, with its details."""

    event_id: int
    at: float
    kind: str
    detail: dict[str, object]


class Log(Store):
    """Lines that are only ever added, and `meta`."""

    def add_llm_call(self, call: LlmCall) -> int:
        """Record one attempt at a model."""
        return self._insert("llm_calls", to_row(call))

    def llm_calls(self) -> list[LlmCall]:
        """All attempts, first to last."""
        return [from_row(LlmCall, row) for row in self._rows("SELECT * FROM llm_calls ORDER BY call_id")]

    def add_event(self, kind: str, detail: dict[str, object], at: float) -> int:
        """Record that something happened."""
        return self._insert("events", {"at": at, "kind": kind, "detail": json.dumps(detail, sort_keys=True)})

    def events(self, kind: str | None = None) -> list[LabEvent]:
        """Events first to last, of one kind or all."""
        sql = "SELECT * FROM events WHERE ? IS NULL OR kind = ? ORDER BY event_id"
        return [from_row(LabEvent, row, ("detail",)) for row in self._rows(sql, [kind, kind])]

    def set_meta(self, key: str, value: str) -> None:
        """Set one of the lab's settings."""
        self._execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", [key, value])

    def meta(self, key: str) -> str | None:
        """One of the lab's settings, if set."""
        row = self._row("SELECT value FROM meta WHERE key = ?", [key])
        return None if row is None else str(row["value"])
