"""Summaries of a journal for the CLI, the report and the lab pages."""

from collections import Counter
from collections.abc import Sequence

from journal.ledger.ledger import Ledger
from journal.records import (
    Arm,
    Hypothesis,
    JobRow,
    Patch,
    Proposer,
    Purpose,
    Recipe,
    VerdictName,
)
from journal.science.core_guard import finding_guards
from journal.science.evidence import arm_key, conditions, outcome_of, rung_key
from journal.science.screen import one_seed_difference
from journal.science.statistics import mean, pooled_noise
from journal.science.transfer import Label, labels
from journal.store.journal import Journal
from trainer.job import Contract, JobState, canonical_bytes, validate_job

CHAMPION_RECIPE = "champion_recipe"


class BudgetSummary(Contract):
    """Where the money is; all in micro-dollars."""

    budget_micro_usd: int
    spent_micro_usd: int
    reserved_micro_usd: int
    free_micro_usd: int
    jobs_micro_usd: int
    idle_micro_usd: int
    llm_micro_usd: int
    reservations: dict[str, int]


class JobsSummary(Contract):
    """How many jobs there are, by state and by purpose."""

    total: int
    by_state: dict[str, int]
    by_purpose: dict[str, int]


class ProgressPoint(Contract):
    """One finished pretrain job on the way down."""

    finished_at: float
    job_id: str
    val_bpb: float
    best_val_bpb: float
    purpose: Purpose
    arm: Arm | None
    hypothesis_id: str | None
    recipe_id: str | None
    rung: str


class HypothesisRow(Contract):
    """A hypothesis with its latest verdict; `label` is a finding's, None of what is no finding.

    `one_seed_difference`: treatment - baseline in val_bpb where no second seed was run; positive is worse.
    """

    hypothesis_id: str
    statement: str
    proposer: Proposer
    patch: Patch
    baseline_recipe: str
    minimum_effect: float
    rung: str
    sha256: str
    registered_at: float
    verdict: VerdictName | None
    final: bool
    effect: float | None
    lower: float | None
    upper: float | None
    shrunken_effect: float | None
    p_value: float | None
    alpha: float | None
    look: int
    baseline_seeds: int
    treatment_seeds: int
    diverged_seeds: int
    label: Label | None = None
    guard: str | None = None
    is_held: bool = False
    one_seed_difference: float | None = None


class NoiseSummary(Contract):
    """Seeds of a recipe: their val_bpb and the spread within them."""

    recipe_id: str
    values: tuple[float, ...]
    mean: float | None
    sd: float | None
    degrees_of_freedom: int


class Champion(Contract):
    """The recipe in front, and its best trained job (None before one has finished)."""

    recipe: Recipe
    job_id: str | None
    val_bpb: float | None


class Trial(Contract):
    """One hypothesis as the proposers see it: what was tried, on what, with which values."""

    hypothesis: Hypothesis
    values: tuple[float, ...]
    failed: str | None
    verdict: VerdictName | None
    effect: float | None


def budget_summary(journal: Journal) -> BudgetSummary:
    """The ledger in one line."""
    ledger = Ledger(journal)
    totals = ledger.totals()
    return BudgetSummary(
        budget_micro_usd=totals.budget,
        spent_micro_usd=totals.spent,
        reserved_micro_usd=totals.reserved,
        free_micro_usd=totals.free,
        jobs_micro_usd=ledger.spent_on("settle"),
        idle_micro_usd=ledger.spent_on("idle"),
        llm_micro_usd=ledger.spent_on("llm"),
        reservations=ledger.reservations(),
    )


def jobs_summary(journal: Journal) -> JobsSummary:
    """Counts of jobs."""
    rows = journal.jobs()
    return JobsSummary(
        total=len(rows),
        by_state=dict(Counter(row.state for row in rows)),
        by_purpose=dict(Counter(row.purpose for row in rows)),
    )


def recorded_champion(journal: Journal) -> Recipe | None:
    """The recipe that `meta` names as champion, else the last one recorded."""
    named = journal.meta(CHAMPION_RECIPE)
    if named is not None:
        return journal.recipe(named)
    recipes = journal.recipes()
    return recipes[-1] if recipes else None


def champion(journal: Journal) -> Champion | None:
    """The recipe in front with its best job."""
    recipe = recorded_champion(journal)
    if recipe is None:
        return None
    scored = [(row.metrics["val_bpb"], row.job_id) for row in recipe_jobs(journal, recipe) if _scored(row)]
    best, job_id = min(scored, default=(None, None))
    return Champion(recipe=recipe, job_id=job_id, val_bpb=best)


def recipe_jobs(journal: Journal, recipe: Recipe, states: Sequence[JobState] | None = None) -> list[JobRow]:
    """All pretrain jobs that are seeds of a recipe, however they came about."""
    key = arm_key(canonical_bytes(validate_job(recipe.job_document(0))))
    return [row for row in journal.jobs(kind="pretrain", states=states) if arm_key(row.spec) == key]


def recipe_noise(journal: Journal, recipe_id: str) -> NoiseSummary:
    """Baseline seeds of a recipe under the conditions of the latest, one value a seed.

    Raises:
        NotFound: no such recipe.
    """
    rows = [row for row in recipe_jobs(journal, journal.recipe(recipe_id), ("succeeded",)) if _scored(row)]
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


def progress_series(journal: Journal) -> list[ProgressPoint]:
    """Every scored pretrain job by the time it ended, with the best of its rung so far."""
    points: list[ProgressPoint] = []
    best: dict[str, float] = {}
    for row in sorted(journal.jobs(kind="pretrain", state="succeeded"), key=_finished_at):
        if _scored(row):
            rung, value = rung_key(row.spec), row.metrics["val_bpb"]
            best[rung] = min(value, best.get(rung, value))
            points.append(
                ProgressPoint(
                    finished_at=_finished_at(row),
                    job_id=row.job_id,
                    val_bpb=value,
                    best_val_bpb=best[rung],
                    purpose=row.purpose,
                    arm=row.arm,
                    hypothesis_id=row.hypothesis_id,
                    recipe_id=row.recipe_id,
                    rung=rung,
                )
            )
    return points


def hypotheses_table(journal: Journal) -> list[HypothesisRow]:
    """All hypotheses with their latest verdicts, in the order of registration."""
    latest, hypotheses = journal.latest_verdicts(), journal.hypotheses()
    recipes = journal.recipes()
    labelled = labels(recipes, hypotheses, latest)
    guards = finding_guards(recipes, hypotheses, latest, journal.jobs())
    table = []
    for h in hypotheses:
        v = latest.get(h.hypothesis_id)
        guard = guards.get(h.hypothesis_id)
        baselines = set(v.baseline_jobs) if v else set()
        diverged = [job for job in v.diverged_jobs if job not in baselines] if v else []
        table.append(
            HypothesisRow(
                hypothesis_id=h.hypothesis_id,
                statement=h.statement,
                proposer=h.proposer,
                patch=h.patch,
                baseline_recipe=h.baseline_recipe,
                minimum_effect=h.minimum_effect,
                rung=h.rung,
                sha256=journal.hash_of(h.hypothesis_id),
                registered_at=h.registered_at,
                verdict=v.verdict if v else None,
                final=v.final if v else False,
                effect=v.effect if v and v.lower is not None else None,
                lower=v.lower if v else None,
                upper=v.upper if v else None,
                shrunken_effect=v.shrunken_effect if v and v.lower is not None else None,
                p_value=v.p_value if v else None,
                alpha=v.alpha if v else None,
                look=v.look if v else 0,
                baseline_seeds=len(baselines),
                treatment_seeds=len(v.treatment_jobs) if v else 0,
                diverged_seeds=len(diverged),
                label=labelled.get(h.hypothesis_id),
                guard=guard.words if guard else None,
                is_held=guard is not None and guard.is_held,
                one_seed_difference=one_seed_difference(journal, v) if v and v.final else None,
            )
        )
    return table


def trials(journal: Journal) -> list[Trial]:
    """Every hypothesis with the values its treatment seeds gave, for the proposers."""
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


def _scored(row: JobRow) -> bool:
    return row.state == "succeeded" and "val_bpb" in row.metrics


def _finished_at(row: JobRow) -> float:
    return row.finished_at if row.finished_at is not None else row.created_at
