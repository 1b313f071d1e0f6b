"""Summaries of a journal for the CLI, the report and the lab pages."""

from collections import Counter

from journal.ledger.ledger import Ledger
from journal.records import (
    Arm,
    JobRow,
    Patch,
    Proposer,
    Purpose,
    Recipe,
    VerdictName,
)
from journal.science.core_guard import finding_guards
from journal.science.evidence import rung_key
from journal.science.recipe_seeds import is_scored, recipe_jobs
from journal.science.screen import one_seed_difference
from journal.science.transfer import Label, labels
from journal.store import Journal
from trainer.job import Contract

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


class Champion(Contract):
    """The recipe in front, and its best trained job (None before one has finished)."""

    recipe: Recipe
    job_id: str | None
    val_bpb: float | None


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
    scored = [(row.metrics["val_bpb"], row.job_id) for row in recipe_jobs(journal, recipe) if is_scored(row)]
    best, job_id = min(scored, default=(None, None))
    return Champion(recipe=recipe, job_id=job_id, val_bpb=best)


def progress_series(journal: Journal) -> list[ProgressPoint]:
    """Every scored pretrain job by the time it ended, with the best of its rung so far."""
    points: list[ProgressPoint] = []
    best: dict[str, float] = {}
    for row in sorted(journal.jobs(kind="pretrain", state="succeeded"), key=_finished_at):
        if is_scored(row):
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


def _finished_at(row: JobRow) -> float:
    return row.finished_at if row.finished_at is not None else row.created_at
