"""Rows for journal tests: recipes, hypotheses, and jobs that ended one way or another."""

from pathlib import Path
from typing import Any

from journal.ledger.ledger import Ledger
from journal.records import Arm, Hypothesis, JobRow, Patch, Proposal, Purpose, Recipe
from journal.store import Journal
from journal.store.rows import from_row
from trainer.job import JobResult, JobState, Provenance, canonical_bytes, job_id, spec_hash, validate_job

DOCUMENT: dict[str, object] = {"kind": "pretrain", "tokenizer": "0123456789-1", "train_tokens": 100_000}
LEARNING_RATE = "optim.matrix_lr"


def charged_to(ledger: Ledger, account: str) -> int:
    """Micro-dollars that an account was charged."""
    return sum(entry.spent_micro_usd for entry in ledger.entries() if entry.account == account)


def recorded_proposals(journal: Journal) -> list[tuple[Proposal, bool, str]]:
    """All drafts with (accepted, reason), first to last."""
    rows = journal._rows("SELECT * FROM proposals ORDER BY proposal_id")
    return [(from_row(Proposal, r, ("patch",)), bool(r["accepted"]), str(r["reason"])) for r in rows]


def new_journal(folder: Path) -> Journal:
    return Journal.open(folder / "journal.db")


def recipe(recipe_id: str = "r1", parent: str | None = None, **changes: object) -> Recipe:
    return Recipe(
        recipe_id=recipe_id,
        parent=parent,
        patch={},
        document={**DOCUMENT, **changes},
        origin="starter",
        created_at=1.0,
    )


def hypothesis(hypothesis_id: str = "h1", patch: Patch | None = None, **changes: Any) -> Hypothesis:
    values: dict[str, Any] = {
        "hypothesis_id": hypothesis_id,
        "statement": "A matrix learning rate of 0.03 lowers val_bpb.",
        "baseline_recipe": "r1",
        "patch": patch or {LEARNING_RATE: 0.03},
        "minimum_effect": 0.005,
        "replicates": 4,
        "stopping_rule": "until conclusive",
        "cost_micro_usd": 100,
        "proposer": "search",
        "prior": 0.2,
        "rung": "d4",
        "registered_at": 2.0,
    }
    return Hypothesis(**{**values, **changes})


def job_row(
    seed: int,
    patch: Patch | None = None,
    *,
    attempt: int = 1,
    base: Recipe | None = None,
    purpose: Purpose = "baseline",
    hypothesis_id: str | None = None,
    arm: Arm | None = None,
    created_at: float = 3.0,
) -> JobRow:
    """A queued pretrain job."""
    job = validate_job((base or recipe()).job_document(seed, patch))
    return JobRow(
        job_id=job_id(job, attempt),
        spec_hash=spec_hash(job),
        kind="pretrain",
        purpose=purpose,
        state="queued",
        spec=canonical_bytes(job).decode(),
        hypothesis_id=hypothesis_id,
        arm=arm,
        seed=seed,
        gpus=1,
        source="conductor",
        created_at=created_at,
    )


def result_of(row: JobRow, state: Any, val_bpb: float | None, reason: str | None, **where: Any) -> JobResult:
    provenance = Provenance(
        **{
            "git_revision": None,
            "code_hash": "code",
            "data_hash": "data",
            "tokenizer_hash": "tokenizer",
            "torch_version": "2",
            "python_version": "3",
            "device": "cpu",
            "world_size": 1,
            **where,
        }
    )
    return JobResult(
        job_id=row.job_id,
        spec_hash=row.spec_hash,
        kind=row.kind,
        state=state,
        reason=reason,
        metrics={} if val_bpb is None else {"val_bpb": val_bpb},
        provenance=provenance,
        started_at=3.0,
        finished_at=4.0,
        wall_seconds=1.0,
    )


def add_ended(
    journal: Journal,
    seed: int,
    val_bpb: float | None,
    patch: Patch | None = None,
    *,
    state: JobState = "succeeded",
    reason: str | None = None,
    at: float = 4.0,
    where: dict[str, Any] | None = None,
    **row: Any,
) -> str:
    """Record a job from queue to end; returns its id."""
    attempt = journal.next_attempt(job_row(seed, patch, base=row.get("base")).spec_hash)
    queued = job_row(seed, patch, attempt=attempt, **row)
    journal.add_job(queued)
    journal.mark_running(queued.job_id, at - 1.0)
    result = result_of(queued, state, val_bpb, reason, **(where or {}))
    journal.finish_job(queued.job_id, state, reason, None, result, 10, at)
    return queued.job_id


def add_arms(
    journal: Journal, baseline: list[float], treatment: list[float], hypothesis_id: str = "h1", **row: Any
) -> None:
    """Baseline seeds of r1 and treatment seeds of a registered hypothesis."""
    for seed, value in enumerate(baseline):
        add_ended(journal, seed, value, purpose="baseline", arm="baseline", **row)
    patch = journal.hypothesis(hypothesis_id).patch
    for seed, value in enumerate(treatment):
        add_ended(
            journal, seed, value, patch,
            purpose="hypothesis", hypothesis_id=hypothesis_id, arm="treatment", **row,
        )  # fmt: skip
