"""`harness status`, `jobs`, `journal`: the record as tables for people and JSON for programs."""

import json
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from agent.insights import INSIGHT_EVENT
from harness.errors import UserError
from harness.lab import LabPaths, lock_holder
from harness.serving import running_server
from harness.session import load_session
from journal.evidence import recompute
from journal.ledger import Ledger
from journal.prices import format_money
from journal.records import JobRow
from journal.store import Journal
from journal.views import budget_summary, champion, hypotheses_table, jobs_summary

Document = dict[str, Any]


def print_json(document: object) -> None:
    """One JSON document on standard output."""
    print(json.dumps(document, indent=1))


def print_table(head: Iterable[str], rows: Iterable[Iterable[str]], title: str | None = None) -> None:
    """A plain table."""
    table = Table(title=title, title_justify="left", box=None, padding=(0, 2, 0, 0))
    for name in head:
        table.add_column(name, overflow="fold")
    for row in rows:
        # Claims are strangers' words: as text, their brackets are no markup.
        table.add_row(*map(Text, row))
    Console(highlight=False).print(table)


def is_simulated(lab: LabPaths) -> bool:
    """Whether the lab was played on a node that is not there."""
    with Journal.read_only(lab.journal) as journal:
        session = load_session(journal)
    return session is not None and session.simulated


def status_document(lab: LabPaths) -> Document:
    """Everything `harness status` says."""
    lab.require()
    holder, server = lock_holder(lab), running_server(lab)
    with Journal.read_only(lab.journal) as journal:
        session, best, live = load_session(journal), champion(journal), journal.live_deployment()
        table = hypotheses_table(journal)
        names = ("supported", "refuted", "inconclusive")
        return {
            "lab": str(lab.folder),
            "holder": holder,
            "server": None if server is None else {"url": server.url, "pid": server.identity.pid},
            "session": None if session is None else session.model_dump(mode="json"),
            "budget": budget_summary(journal).model_dump(mode="json"),
            "jobs": jobs_summary(journal).model_dump(mode="json"),
            "hypotheses": {
                "total": len(table),
                **{n: sum(row.final and row.verdict == n for row in table) for n in names},
            },
            "champion": None
            if best is None
            else {"recipe_id": best.recipe.recipe_id, "job_id": best.job_id, "val_bpb": best.val_bpb},
            "deployment": None if live is None else live.model_dump(mode="json"),
        }


def print_status(document: Document) -> None:
    """The status for people."""
    money, session = document["budget"], document["session"]
    holder, server = document["holder"], document["server"]
    runs = "nothing runs" if holder is None else f"{holder.get('role')} (pid {holder.get('pid')}) runs"
    spent, budget = format_money(money["spent_micro_usd"]), format_money(money["budget_micro_usd"])
    jobs = ", ".join(f"{count} {state}" for state, count in sorted(document["jobs"]["by_state"].items()))
    counts = document["hypotheses"]
    best, live = document["champion"], document["deployment"]
    rows = [
        ("lab", f"{document['lab']}: {runs}"),
        ("session", "none" if session is None else _session_line(session)),
        ("money", f"{spent} of {budget} spent, {format_money(money['reserved_micro_usd'])} reserved"),
        ("jobs", jobs or "none"),
        (
            "hypotheses",
            f"{counts['total']}: {counts['supported']} supported, {counts['refuted']} refuted, "
            f"{counts['inconclusive']} inconclusive",
        ),
        ("champion", "none" if best is None else f"{best['recipe_id']}, val_bpb {best['val_bpb']}"),
        ("deployed", "nothing" if live is None else live["job_id"]),
        ("server", "does not run" if server is None else server["url"]),
    ]
    print_table(("", ""), rows)


def _session_line(session: Document) -> str:
    mark = ", simulated" if session["simulated"] else ""
    return f"{session['number']}, {session['state']}{mark}"


def job_documents(
    lab: LabPaths, job_id: str | None, state: str | None, purpose: str | None
) -> list[Document]:
    """Rows of jobs, filtered.

    Raises:
        UserError: no such job.
    """
    lab.require()
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
    lab.require()
    if job_id is None:
        raise UserError("--cancel: allowed: with a JOB_ID")
    with Journal.open(lab.journal) as journal:
        asked = journal.request_cancel(job_id)
    return f"{job_id}: {'asked to end' if asked else 'has ended already'}"


def job_document(row: JobRow) -> Document:
    """A row with its spec and result as JSON, not as text."""
    document = row.model_dump(mode="json")
    document["spec"] = json.loads(row.spec)
    document["result"] = None if row.result is None else json.loads(row.result)
    return document


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
    lab.require()
    with Journal.read_only(lab.journal) as journal:
        return [row.model_dump(mode="json") for row in hypotheses_table(journal)]


def hypothesis_document(lab: LabPaths, hypothesis_id: str) -> Document:
    """One hypothesis: registration, jobs, and each verdict beside its recomputation."""
    lab.require()
    with Journal.read_only(lab.journal) as journal:
        hypothesis = journal.hypothesis(hypothesis_id)
        verdicts = journal.verdicts(hypothesis_id)
        return {
            "hypothesis": hypothesis.model_dump(mode="json"),
            "sha256": journal.hash_of(hypothesis_id),
            "sha256_recomputed": hypothesis.sha256(),
            "jobs": [job_document(row) for row in journal.jobs(hypothesis_id=hypothesis_id)],
            "verdicts": [v.model_dump(mode="json") for v in verdicts],
            "recomputed_equal": [recompute(journal, v) == v for v in verdicts],
        }


def print_hypotheses(documents: list[Document]) -> None:
    """Hypotheses for people."""
    rows = [
        (
            row["hypothesis_id"],
            row["statement"],
            row["verdict"] or "open",
            ""
            if row["effect"] is None
            else f"{row['effect']:+.4f} [{row['lower']:+.4f}, {row['upper']:+.4f}]",
            f"{row['baseline_seeds']} vs {row['treatment_seeds']}",
            row["proposer"],
            row["label"] or "",
        )
        for row in documents
    ]
    print_table(("id", "claim", "verdict", "improvement [interval]", "seeds", "by", "at scale"), rows)


def insight_lines(lab: LabPaths) -> list[str]:
    """What the results suggested after each batch, first to last."""
    with Journal.read_only(lab.journal) as journal:
        return [str(event.detail["text"]) for event in journal.events(INSIGHT_EVENT)]


def print_insights(lines: list[str]) -> None:
    """The latest suggestion, for people."""
    if lines:
        print(f"\nsuggested by the results, not judged: {lines[-1]}")


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
    print_jobs(document["jobs"])


def ledger_documents(lab: LabPaths) -> list[Document]:
    """Every line of the ledger."""
    lab.require()
    with Journal.read_only(lab.journal) as journal:
        return [entry.model_dump(mode="json") for entry in Ledger(journal).entries()]


def print_ledger(documents: list[Document]) -> None:
    """The ledger for people."""
    rows = [
        (
            str(row["entry_id"]),
            row["kind"],
            row["job_id"] or "",
            row["purpose"],
            format_money(row["spent_micro_usd"]),
            format_money(row["reserved_micro_usd"]),
            row["note"],
        )
        for row in documents
    ]
    print_table(("", "kind", "job", "for", "spent", "reserved", "note"), rows)
