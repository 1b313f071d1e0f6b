"""Commands that read the record, or add a claim to it."""

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.groups import LAB, Json, Lab, app, hypothesis_app, journal_app


@app.command()
def status(lab: Lab = LAB, as_json: Json = False) -> None:
    """Session, money, jobs, champion, deployment.

    Example: harness status --json
    """
    from harness.reports.status import print_status, status_document
    from harness.reports.tables import print_json
    from journal.lab_paths import LabPaths

    document = status_document(LabPaths.at(lab))
    print_json(document) if as_json else print_status(document)


@app.command()
def jobs(
    job_id: Annotated[str | None, typer.Argument(help="one job")] = None,
    state: Annotated[str | None, typer.Option(help="queued, running, succeeded, failed, cancelled")] = None,
    purpose: Annotated[str | None, typer.Option(help="baseline, hypothesis, champion, manual …")] = None,
    cancel: Annotated[bool, typer.Option("--cancel", help="ask for this job to be ended")] = False,
    lab: Lab = LAB,
    as_json: Json = False,
) -> None:
    """List jobs, or show or cancel one.

    Example: harness jobs --state failed
    """
    from harness.reports import record
    from harness.reports.tables import print_json
    from journal.lab_paths import LabPaths

    paths = LabPaths.at(lab)
    if cancel:
        print(record.cancel_job(paths, job_id))
        return
    documents = record.job_documents(paths, job_id, state, purpose)
    if as_json:
        print_json(documents if job_id is None else documents[0])
        return
    record.print_jobs(documents)
    if job_id is not None:
        print(f"run folder: {paths.run(job_id).folder}")
        if documents[0]["message"]:
            print(documents[0]["message"])


@journal_app.callback()
def journal(
    context: typer.Context,
    ledger: Annotated[bool, typer.Option("--ledger", help="the ledger, line by line")] = False,
    lab: Lab = LAB,
    as_json: Json = False,
) -> None:
    """Browse the journal: hypotheses with their verdicts, or the ledger.

    Example: harness journal --ledger
    """
    if context.invoked_subcommand is not None:
        return
    from harness.reports import record
    from harness.reports.tables import print_json
    from journal.lab_paths import LabPaths

    paths = LabPaths.at(lab)
    document = record.ledger_document(paths) if ledger else record.journal_document(paths)
    if as_json:
        print_json(document)
    elif ledger:
        record.print_ledger(document)
    else:
        record.print_journal(document)


@journal_app.command("show")
def journal_show(
    hypothesis_id: Annotated[str, typer.Argument(help="like h1")], lab: Lab = LAB, as_json: Json = False
) -> None:
    """One hypothesis: its registration, its jobs, its verdicts beside their recomputation.

    Example: harness journal show h1
    """
    from harness.reports import record
    from harness.reports.tables import print_json
    from journal.lab_paths import LabPaths

    document = record.hypothesis_document(LabPaths.at(lab), hypothesis_id)
    print_json(document) if as_json else record.print_hypothesis(document)


@app.command()
def report(lab: Lab = LAB) -> None:
    """Write the report (markdown, HTML, progress plot) from the journal as it is now.

    Example: harness report
    """
    from harness.lab.folder import require_lab
    from harness.lab.session import load_session
    from harness.reports.report import write_report
    from journal.lab_paths import LabPaths
    from journal.store import Journal

    paths = LabPaths.at(lab)
    require_lab(paths)
    with Journal.read_only(paths.journal) as record:
        session = load_session(record)
        print(write_report(paths, record, session, session.outcome if session else None))


@hypothesis_app.command("add")
def hypothesis_add(
    statement: Annotated[str, typer.Argument(help="the claim, in words")],
    settings: Annotated[list[str], typer.Argument(help="what to change: optim.matrix_lr=0.04 …")],
    minimum_effect: Annotated[
        float | None, typer.Option(help="smallest improvement of val_bpb worth having")
    ] = None,
    lab: Lab = LAB,
) -> None:
    """Add a hypothesis of your own; the lab tests it before its proposer's.

    Example: harness hypothesis add "a higher rate helps" optim.matrix_lr=0.04
    """
    from harness.steering.hypotheses import add_hypothesis
    from journal.lab_paths import LabPaths

    print(add_hypothesis(LabPaths.at(lab), statement, settings, minimum_effect))


@app.command()
def learn(
    earlier: Annotated[Path, typer.Argument(help="the folder of another lab")],
    lab: Lab = LAB,
) -> None:
    """Learn from an earlier lab: its findings are tested first, its trials guide the search.

    Example: harness learn ../last-week/lab
    """
    from harness.steering.earlier_lab import learn_from
    from journal.lab_paths import LabPaths

    print(learn_from(LabPaths.at(lab), LabPaths.at(earlier)))
