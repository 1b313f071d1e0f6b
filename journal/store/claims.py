"""Recipes, hypotheses, proposals and verdicts: what was claimed, and what became of it."""

from journal.errors import NotFound
from journal.records import Hypothesis, Proposal, Recipe, Verdict
from journal.store.database import Store
from journal.store.rows import from_row, to_row

RECIPE_JSON = ("patch", "document", "findings")
_VERDICT_COLUMNS = (
    "hypothesis_id", "look", "verdict", "final", "effect", "lower", "upper", "p_value", "judged_at",
)  # fmt: skip


class Science(Store):
    """The record of the questions asked."""

    def add_recipe(self, recipe: Recipe) -> None:
        """Record a recipe, for good.

        Raises:
            Refused: its id is taken or its parent unknown.
        """
        self._insert("recipes", to_row(recipe))

    def recipes(self) -> list[Recipe]:
        """All recipes, first to last."""
        rows = self._rows("SELECT * FROM recipes ORDER BY rowid")
        return [from_row(Recipe, row, RECIPE_JSON) for row in rows]

    def recipe(self, recipe_id: str) -> Recipe:
        """The recipe with this id.

        Raises:
            NotFound: no such recipe.
        """
        row = self._row("SELECT * FROM recipes WHERE recipe_id = ?", [recipe_id])
        if row is None:
            raise NotFound(f"{recipe_id}: no such recipe in {self.path}")
        return from_row(Recipe, row, RECIPE_JSON)

    def register(self, hypothesis: Hypothesis) -> str:
        """Register a hypothesis for good and return the hash of its registration.

        Raises:
            Refused: its id is taken, or its baseline recipe unknown.
        """
        digest = hypothesis.sha256()
        self._insert("hypotheses", to_row(hypothesis) | {"sha256": digest})
        return digest

    def hypotheses(self) -> list[Hypothesis]:
        """All hypotheses in the order of registration."""
        rows = self._rows("SELECT * FROM hypotheses ORDER BY rowid")
        return [from_row(Hypothesis, row, ("patch",)) for row in rows]

    def hypothesis(self, hypothesis_id: str) -> Hypothesis:
        """The hypothesis with this id.

        Raises:
            NotFound: no such hypothesis.
        """
        return from_row(Hypothesis, self._hypothesis_row(hypothesis_id), ("patch",))

    def hash_of(self, hypothesis_id: str) -> str:
        """The hash stored at registration.

        Raises:
            NotFound: no such hypothesis.
        """
        return str(self._hypothesis_row(hypothesis_id)["sha256"])

    def next_hypothesis_id(self) -> str:
        """`h<N>` for the next registration; N is also the hypothesis's place in the error budget."""
        return f"h{1 + self._rows('SELECT COUNT(*) AS n FROM hypotheses')[0]['n']}"

    def next_recipe_id(self) -> str:
        """`r<N>` for the next recipe."""
        return f"r{1 + self._rows('SELECT COUNT(*) AS n FROM recipes')[0]['n']}"

    def add_proposal(self, proposal: Proposal, accepted: bool, reason: str, at: float) -> int:
        """Record a draft and whether it was taken up."""
        return self._insert(
            "proposals", to_row(proposal) | {"accepted": int(accepted), "reason": reason, "at": at}
        )

    def add_verdict(self, verdict: Verdict) -> int:
        """Record a verdict, for good.

        Raises:
            Refused: this look at the hypothesis has one already.
        """
        row = to_row(verdict)
        columns = {name: row[name] for name in _VERDICT_COLUMNS}
        return self._insert("verdicts", columns | {"record": verdict.model_dump_json()})

    def verdicts(self, hypothesis_id: str | None = None) -> list[Verdict]:
        """Verdicts first to last, of one hypothesis or of all."""
        rows = self._rows(
            "SELECT record FROM verdicts WHERE ? IS NULL OR hypothesis_id = ? ORDER BY verdict_id",
            [hypothesis_id, hypothesis_id],
        )
        return [Verdict.model_validate_json(row["record"]) for row in rows]

    def latest_verdicts(self) -> dict[str, Verdict]:
        """The last verdict of each hypothesis that has one."""
        return {verdict.hypothesis_id: verdict for verdict in self.verdicts()}

    def _hypothesis_row(self, hypothesis_id: str) -> dict[str, object]:
        row = self._row("SELECT * FROM hypotheses WHERE hypothesis_id = ?", [hypothesis_id])
        if row is None:
            raise NotFound(f"{hypothesis_id}: no such hypothesis in {self.path}")
        return row
