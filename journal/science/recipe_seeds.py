"""Runs of one recipe that differ in their seed alone, and the spread between them."""

from collections.abc import Sequence

from journal.records import JobRow, Recipe
from journal.science.evidence import arm_key, conditions
from journal.science.statistics import mean, pooled_noise
from journal.store import Journal
from trainer.job import Contract, JobState, canonical_bytes, validate_job


class NoiseSummary(Contract):
    """Seeds of a recipe: their val_bpb and the spread within them."""

    recipe_id: str
    values: tuple[float, ...]
    mean: float | None
    sd: float | None
    degrees_of_freedom: int


def is_scored(row: JobRow) -> bool:
    """Whether a run succeeded and was validated."""
    return row.state == "succeeded" and "val_bpb" in row.metrics


def recipe_jobs(journal: Journal, recipe: Recipe, states: Sequence[JobState] | None = None) -> list[JobRow]:
    """All pretrain jobs that are seeds of a recipe, however they came about."""
    key = arm_key(canonical_bytes(validate_job(recipe.job_document(0))))
    return [row for row in journal.jobs(kind="pretrain", states=states) if arm_key(row.spec) == key]


def recipe_noise(journal: Journal, recipe_id: str) -> NoiseSummary:
    """Baseline seeds of a recipe under the conditions of the latest, one value a seed.

    Raises:
        NotFound: no such recipe.
    """
    rows = [row for row in recipe_jobs(journal, journal.recipe(recipe_id), ("succeeded",)) if is_scored(row)]
    rows = [row for row in rows if row.arm != "treatment" and conditions(row) == conditions(rows[-1])]
    by_seed: dict[int, float] = {}
    for row in rows:
        by_seed.setdefault(row.seed, row.metrics["val_bpb"])
    values = tuple(by_seed.values())
    noise = pooled_noise([values])
    return NoiseSummary(
        recipe_id=recipe_id,
        values=values,
        mean=mean(values) if values else None,
        sd=noise.sd,
        degrees_of_freedom=noise.degrees_of_freedom,
    )
