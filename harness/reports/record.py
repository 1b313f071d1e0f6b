"""`harness jobs`, `journal`: the record as tables for people and JSON for programs."""

import json

from agent.knowledge.insights import INSIGHT_EVENT
from harness.errors import UserError
from harness.lab.folder import require_lab
from harness.lab.session import load_session
from harness.reports.tables import Document, print_table
from journal.documents import job_document
from journal.lab_paths import LabPaths
from journal.ledger.ledger import Ledger
from journal.prices import format_money
from journal.science.evidence import recompute
from journal.store import Journal
from journal.views import hypotheses_table


def is_simulated(lab: LabPaths) -> bool:
    """Whether the lab was played on a node that is not there."""
    require_lab(lab)
    with Journal.read_only(lab.journal) as journal:
        session = load_session(journal)
    return session is not None and session.simulated


def job_documents(
    lab: LabPaths, job_id: str | None, state: str | None, purpose: str | None
) -> list[Document]:
    """Rows of jobs, filtered.

    Raises:
        UserError: no such job.
    """
    require_lab(lab)
    with Journal.read_only(lab.journal) as journal:
        rows = journal.jobs()
    if job_id is not None and all(row.job_id != job_id for row in rows):
        raise UserError(f"{job_id}: no such job; see: harness jobs")
    kept = [
        row
        for row in rows
        if job_id in (None, row.job_id) and state in (None, row.state) and purpose in (None, row.purpose)
    ]
    return [job_document(row) for row in kept]


def cancel_job(lab: LabPaths, job_id: str | None) -> str:
    """Ask for a job to be ended; whoever runs it acts on the request.

    Raises:
        UserError: no job is named. NotFound: no such job.
    """
    require_lab(lab)
    if job_id is None:
        raise UserError("--cancel: allowed: with a JOB_ID")
    with Journal.open(lab.journal) as journal:
        asked = journal.request_cancel(job_id)
    return f"{job_id}: {'asked to end' if asked else 'has ended already'}"


def print_jobs(documents: list[Document]) -> None:
    """Jobs for people, or everything about one."""
    rows = []
    for row in documents:
        cost = row["cost_micro_usd"]
        bpb = row["metrics"].get("val_bpb")
        rows.append(
            (
                row["job_id"],
                row["kind"] + (" (simulated)" if row["simulated"] else ""),
                row["purpose"] if row["hypothesis_id"] is None else row["hypothesis_id"],
                row["state"] + (f" ({row['reason']})" if row["reason"] else ""),
                "" if bpb is None else f"{bpb:.4f}",
                "" if cost is None else format_money(cost),
            )
        )
    print_table(("job", "kind", "for", "state", "val_bpb", "cost"), rows)


def hypothesis_documents(lab: LabPaths) -> list[Document]:
    """All hypotheses with their verdicts."""
    require_lab(lab)
    with Journal.read_only(lab.journal) as journal:
        return [row.model_dump(mode="json") for row in hypotheses_table(journal)]


def hypothesis_document(lab: LabPaths, hypothesis_id: str) -> Document:
    """One hypothesis: registration, jobs, and each verdict beside its recomputation."""
    require_lab(lab)
    with Journal.read_only(lab.journal) as journal:
        hypothesis = journal.hypothesis(hypothesis_id)
        verdicts = journal.verdicts(hypothesis_id)
        row = next(row for row in hypotheses_table(journal) if row.hypothesis_id == hypothesis_id)
        return {
            "hypothesis": hypothesis.model_dump(mode="json"),
            "sha256": journal.hash_of(hypothesis_id),
            "sha256_recomputed": hypothesis.sha256(),
            "jobs": [job_document(row) for row in journal.jobs(hypothesis_id=hypothesis_id)],
            "verdicts": [v.model_dump(mode="json") for v in verdicts],
            "recomputed_equal": [recompute(journal, v) == v for v in verdicts],
            "guard": row.guard,
            "is_held": row.is_held,
        }


def print_hypotheses(documents: list[Document]) -> None:
    """Hypotheses for people."""
    any_held = any(row["is_held"] for row in documents)  # else the column would only narrow the others
    rows = [
        (
            row["hypothesis_id"],
            row["statement"],
            row["verdict"] or "open",
            _interval(row),
            f"{row['baseline_seeds']} vs {row['treatment_seeds']}",
            row["proposer"],
            row["label"] or "",
            *([row["guard"] if row["is_held"] else ""] if any_held else []),
        )
        for row in documents
    ]
    head = ("id", "claim", "verdict", "improvement [interval]", "seeds", "by", "at scale")
    print_table((*head, "guard") if any_held else head, rows)


def _interval(row: Document) -> str:
    if row["effect"] is not None:
        return f"{row['effect']:+.4f} [{row['lower']:+.4f}, {row['upper']:+.4f}]"
    one = row["one_seed_difference"]
    return "" if one is None else f"one seed: {-one:+.4f}"


def journal_document(lab: LabPaths) -> Document:
    """Everything `harness journal` says: hypotheses, and the insights after each batch, first to last."""
    return {
        "simulated": is_simulated(lab),
        "hypotheses": hypothesis_documents(lab),
        "insights": insight_documents(lab),
    }


def insight_documents(lab: LabPaths) -> list[Document]:
    """What the results suggested after each batch, with the rows and numbers it rests on."""
    with Journal.read_only(lab.journal) as journal:
        return [{"at": event.at, **event.detail} for event in journal.events(INSIGHT_EVENT)]


def print_journal(document: Document) -> None:
    """Hypotheses and the latest suggestion, for people."""
    _print_mark(document)
    print_hypotheses(document["hypotheses"])
    if document["insights"]:
        print(f"\nsuggested by the results, not judged: {document['insights'][-1]['text']}")


def _print_mark(document: Document) -> None:
    if document["simulated"]:
        print("simulated: nothing here was trained")


def print_hypothesis(document: Document) -> None:
    """One hypothesis for people."""
    hypothesis = document["hypothesis"]
    intact = "intact" if document["sha256"] == document["sha256_recomputed"] else "CHANGED SINCE"
    print(f"{hypothesis['hypothesis_id']}: {hypothesis['statement']}")
    print(f"patch {json.dumps(hypothesis['patch'])} on {hypothesis['baseline_recipe']}, {hypothesis['rung']}")
    print(f"registered {document['sha256']} ({intact}); smallest effect {hypothesis['minimum_effect']}")
    print(f"stopping rule: {hypothesis['stopping_rule']}")
    for verdict, equal in zip(document["verdicts"], document["recomputed_equal"], strict=True):
        print(
            f"look {verdict['look']}: {verdict['verdict']}, improvement {verdict['effect']:+.5f} "
            f"[{verdict['lower']}, {verdict['upper']}], "
            f"p {verdict['p_value']:.4f} (needs {verdict['alpha']:.4f}); "
            f"recomputed {'the same' if equal else 'DIFFERENTLY'}"
        )
    if document["guard"] is not None:
        print(f"guard: {document['guard']}")
    print_jobs(document["jobs"])


def ledger_document(lab: LabPaths) -> Document:
    """Every line of the ledger."""
    require_lab(lab)
    with Journal.read_only(lab.journal) as journal:
        entries = [entry.model_dump(mode="json") for entry in Ledger(journal).entries()]
    return {"simulated": is_simulated(lab), "entries": entries}


def print_ledger(document: Document) -> None:
    """The ledger for people."""
    _print_mark(document)
    rows = [
        (
            str(row["entry_id"]),
            row["kind"],
            row["account"] or "",
            row["purpose"],
            format_money(row["spent_micro_usd"]),
            format_money(row["reserved_micro_usd"]),
            row["note"],
        )
        for row in document["entries"]
    ]
    print_table(("", "kind", "job", "for", "spent", "reserved", "note"), rows)
