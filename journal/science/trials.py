"""What was tried and what came of it, as the proposers see it."""

from journal.records import Hypothesis, VerdictName
from journal.science.evidence import outcome_of
from journal.store import Journal
from trainer.job import Contract


class Trial(Contract):
    """One hypothesis: what was tried, on what, with which values."""

    hypothesis: Hypothesis
    values: tuple[float, ...]
    failed: str | None
    verdict: VerdictName | None
    effect: float | None


def trials(journal: Journal) -> list[Trial]:
    """Every hypothesis with the values its treatment seeds gave."""
    latest = journal.latest_verdicts()
    found = []
    for h in journal.hypotheses():
        rows = [r for r in journal.jobs(hypothesis_id=h.hypothesis_id) if r.arm == "treatment"]
        verdict = latest.get(h.hypothesis_id)
        outcomes = [outcome_of(row) for row in rows]
        failures = [row.reason or "failed" for row in rows if row.state == "failed"]
        values = tuple(value for value in outcomes if isinstance(value, float))
        found.append(
            Trial(
                hypothesis=h,
                values=values,
                failed=failures[0] if failures and not values else None,
                verdict=verdict.verdict if verdict else None,
                effect=verdict.effect if verdict and verdict.lower is not None else None,
            )
        )
    return found
