"""`harness status`: session, money, jobs, champion, deployment and language model in one look."""

from agent.breaker import latest
from harness.lab.folder import require_lab
from harness.lab.lock import lock_holder
from harness.lab.running_server import running_server
from harness.lab.session import load_session
from harness.reports.tables import Document, local_time, print_table
from harness.service.server_failure import load_server_failure
from journal.documents import lab_document
from journal.lab_paths import LabPaths
from journal.prices import format_money
from journal.store import Journal


def status_document(lab: LabPaths) -> Document:
    """Everything `harness status` says."""
    require_lab(lab)
    holder, server = lock_holder(lab), running_server(lab)
    with Journal.read_only(lab.journal) as journal:
        session, live = load_session(journal), journal.live_deployment()
        return {
            "lab": str(lab.folder),
            "holder": holder,
            "server_failure": _server_failure(journal),
            "server": None if server is None else {"url": server.url, "pid": server.identity.pid},
            "session": None if session is None else session.model_dump(mode="json"),
            **lab_document(journal),
            "deployment": None if live is None else live.model_dump(mode="json"),
            "language_model": _language_model(journal),
        }


def _server_failure(journal: Journal) -> Document | None:
    found = load_server_failure(journal)
    return None if found is None else {**found.model_dump(mode="json"), "line": found.line}


def _server_line(server: Document | None, failure: Document | None, runs: bool) -> str:
    if server is not None:
        return str(server["url"])
    if failure is None:
        return "does not run"
    again = f"; next try at {local_time(failure['next_try_at'])}" if runs else ""
    return f"does not run: {failure['line']}{again}"


def _language_model(journal: Journal) -> Document | None:
    found = latest(journal.llm_calls())
    if found is None:
        return None
    call, state = found
    return {
        "model": call.model,
        "failures_in_a_row": state.failures,
        "why": state.why or None,
        "left_alone_until": state.last_at + state.pause_seconds if state.is_open else None,
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
        ("server", _server_line(server, document["server_failure"], holder is not None)),
    ]
    if document["language_model"] is not None:
        rows.append(("language model", _language_model_line(document["language_model"])))
    print_table(("", ""), rows)


def _language_model_line(model: Document) -> str:
    if not model["failures_in_a_row"]:
        return f"{model['model']}: answers"
    failed = f"{model['model']}: {model['failures_in_a_row']} failures in a row ({model['why']})"
    if model["left_alone_until"] is None:
        return failed
    until = local_time(model["left_alone_until"])
    return f"{failed}, left alone until {until}"


def _session_line(session: Document) -> str:
    mark = ", simulated" if session["simulated"] else ""
    return f"{session['number']}, {session['state']}{mark}"
