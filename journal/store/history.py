"""The journal as a list that grows: what can never change again is read and parsed once.

A lab looks at its whole record several times a second, and its record only gets longer.
"""

from itertools import takewhile

from journal.records import Hypothesis, JobRow, Recipe, Verdict
from journal.store import Journal
from journal.store.claims import RECIPE_JSON
from journal.store.rows import from_row
from trainer.job import TERMINAL_STATES


class History:
    """A reader beside one connection; the same lists as the journal's own."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._ended: list[JobRow] = []
        self._ended_sequence = 0
        self._verdicts: list[Verdict] = []
        self._hypotheses: list[Hypothesis] = []
        self._recipes: list[Recipe] = []

    def jobs(self) -> list[JobRow]:
        """All attempts in the order they were recorded."""
        sql = "SELECT * FROM jobs WHERE sequence > ? ORDER BY sequence"
        found = self._journal._rows(sql, [self._ended_sequence])
        rows = [self._journal._job(row) for row in found]
        ended = list(takewhile(lambda row: row.state in TERMINAL_STATES, rows))
        if ended:
            self._ended += ended
            self._ended_sequence = int(found[len(ended) - 1]["sequence"])
        return self._ended + rows[len(ended) :]

    def verdicts(self) -> list[Verdict]:
        """All verdicts, first to last."""
        sql = "SELECT record FROM verdicts ORDER BY verdict_id LIMIT -1 OFFSET ?"
        new = self._journal._rows(sql, [len(self._verdicts)])
        self._verdicts += [Verdict.model_validate_json(row["record"]) for row in new]
        return list(self._verdicts)

    def hypotheses(self) -> list[Hypothesis]:
        """All hypotheses in the order of registration."""
        sql = "SELECT * FROM hypotheses ORDER BY rowid LIMIT -1 OFFSET ?"
        new = self._journal._rows(sql, [len(self._hypotheses)])
        self._hypotheses += [from_row(Hypothesis, row, ("patch",)) for row in new]
        return list(self._hypotheses)

    def recipes(self) -> list[Recipe]:
        """All recipes, first to last."""
        sql = "SELECT * FROM recipes ORDER BY rowid LIMIT -1 OFFSET ?"
        new = self._journal._rows(sql, [len(self._recipes)])
        self._recipes += [from_row(Recipe, row, RECIPE_JSON) for row in new]
        return list(self._recipes)
