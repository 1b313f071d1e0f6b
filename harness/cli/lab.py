"""Commands that act on a lab."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from harness.cli.groups import LAB, Json, Lab, app


@app.command()
def start(
    budget: Annotated[str, typer.Option(help="what may be spent, e.g. 100usd")],
    price: Annotated[str | None, typer.Option(help="the node's price an hour, e.g. 24usd")] = None,
    hours: Annotated[float | None, typer.Option(help="end after so many hours too")] = None,
    bill: Annotated[str, typer.Option(help="wall (the node is rented) or share (it is not)")] = "wall",
    data: Annotated[
        str | None, typer.Option(help="starter (what a CPU gets), default, a fetched set, a folder")
    ] = None,
    proposer: Annotated[str, typer.Option(help="random, search, llm or mixed")] = "search",
    slots: Annotated[int | None, typer.Option(help="jobs at once (default: GPUs, or cores)")] = None,
    port: Annotated[int, typer.Option(help="the server's port")] = 8000,
    max_hypotheses: Annotated[int | None, typer.Option(help="at most so many hypotheses")] = None,
    seed: Annotated[int, typer.Option(help="seed of the session")] = 0,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="print the plan and end")] = False,
    keep_serving: Annotated[bool, typer.Option("--keep-serving", help="leave the server running")] = False,
    plateau: Annotated[bool, typer.Option(help="end early once nothing new is learnt")] = True,
    simulate: Annotated[
        str | None, typer.Option(help="play it on a node that is not there, e.g. 8xh100")
    ] = None,
    on_finish: Annotated[
        str | None, typer.Option(help="run this command after the session's end, e.g. to give the node back")
    ] = None,
    detach: Annotated[bool, typer.Option("--detach", help="go on without this terminal")] = False,
    lab: Annotated[Path | None, typer.Option(help="the lab's folder (lab, or lab-simulated)")] = None,
) -> int:
    """Run the lab until the budget's work is done; the same command goes on after an interruption.

    Example: harness start --budget 0.06usd

    Example: harness start --budget 100usd --simulate 8xh100
    """
    from harness.reports.live import Output
    from harness.start.detach import start_detached
    from harness.start.options import default_lab, options_of
    from harness.start.start import start_lab
    from journal.lab_paths import LabPaths

    options = options_of(
        budget, price, hours, bill, data, proposer, slots, port, keep_serving, seed, max_hypotheses,
        simulate, plateau, on_finish,
    )  # fmt: skip
    paths = LabPaths.at(lab or default_lab(simulate))
    if detach and not dry_run:
        return start_detached(paths, [word for word in sys.argv[1:] if word != "--detach"])
    return start_lab(paths, options, Output(), dry_run)


@app.command()
def stop(
    now: Annotated[bool, typer.Option("--now", help="end jobs at once, without their checkpoints")] = False,
    lab: Lab = LAB,
) -> None:
    """Stop what runs in the lab; jobs save their checkpoints first.

    Example: harness stop
    """
    from harness.steering.stop import stop_lab
    from journal.lab_paths import LabPaths

    print(f"stopped (pid {stop_lab(LabPaths.at(lab), now)})")


@app.command()
def serve(port: Annotated[int, typer.Option(help="0 picks a free one")] = 8000, lab: Lab = LAB) -> int:
    """Serve chat, lab pages and the job API in the foreground, and run submitted jobs.

    Example: harness serve --port 8000
    """
    from harness.reports.live import Output
    from harness.service.foreground_server import ForegroundServer
    from journal.lab_paths import LabPaths

    return ForegroundServer(LabPaths.at(lab), port, Output().say).run()


@app.command()
def submit(
    job: Annotated[Path, typer.Argument(help="a job as JSON; - reads standard input")],
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="wait for the result")] = True,
    again: Annotated[bool, typer.Option("--again", help="run it even if its result is known")] = False,
    lab: Lab = LAB,
    as_json: Json = False,
) -> int:
    """Run one job: in the running lab, or right here when none runs.

    Example: harness submit examples/tokenizer.json
    """
    from harness.lab.lock import lock_holder
    from harness.reports import record
    from harness.reports.tables import print_json
    from harness.service.submission import read_job, submit_job
    from journal.documents import job_document
    from journal.lab_paths import LabPaths

    paths = LabPaths.at(lab)
    row = submit_job(paths, read_job(job, paths), wait, again)
    document = job_document(row)
    print_json(document) if as_json else record.print_jobs([document])
    if not wait and lock_holder(paths) is None and not as_json:
        print("nothing runs in this lab: it waits for harness serve or harness start")
    if row.state in ("failed", "cancelled") and row.message and not as_json:
        print(row.message, file=sys.stderr)
    return 0 if row.state in ("succeeded", "queued", "running") else 1


@app.command()
def deploy(
    job_id: Annotated[str | None, typer.Argument(help="a finished pretrain or sft job")] = None,
    rollback: Annotated[bool, typer.Option("--rollback", help="go back to the one before")] = False,
    lab: Lab = LAB,
    as_json: Json = False,
) -> int:
    """Serve a job's checkpoint, after its canary; --rollback goes back.

    Example: harness deploy 0123456789-1
    """
    from harness.reports.tables import print_json
    from harness.service.deploy import await_decision, request
    from journal.lab_paths import LabPaths

    paths = LabPaths.at(lab)
    decided = await_decision(paths, request(paths, job_id, rollback))
    if as_json:
        print_json(decided.model_dump(mode="json"))
    else:
        waiting = " (until a server runs: harness serve)" if decided.state == "requested" else ""
        print(f"{decided.job_id}: {decided.state}{waiting}{f' ({decided.reason})' if decided.reason else ''}")
    return 1 if decided.state == "failed" else 0


@app.command()
def chat(
    question: Annotated[str | None, typer.Argument(help="one question; without it a conversation")] = None,
    temperature: Annotated[float, typer.Option(min=0.0, max=2.0)] = 0.0,
    max_tokens: Annotated[int, typer.Option(min=1)] = 256,
    lab: Lab = LAB,
) -> None:
    """Talk to the deployed model; a temporary server is started when none runs.

    Example: harness chat "What is 12 * 7?"
    """
    from harness.service.chat_client import chat_with_model
    from journal.lab_paths import LabPaths

    chat_with_model(LabPaths.at(lab), question, temperature, max_tokens)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def data(context: typer.Context) -> int:
    """List, fetch, build and import data sets (python -m trainer data).

    Example: harness data list
    """
    from trainer.system.python import module_command

    return subprocess.run(module_command("trainer", "data", *context.args), check=False).returncode


class _LabOption(TyperCommand):
    """`--lab` alone stands for the usual folder."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        for place, name in reversed(list(enumerate(args))):
            if name == "--lab" and (place + 1 == len(args) or args[place + 1].startswith("-")):
                args.insert(place + 1, str(LAB))
        return super().parse_args(ctx, args)


@app.command(cls=_LabOption)
def doctor(
    port: Annotated[int, typer.Option(help="the server's port")] = 8000,
    lab: Annotated[Path | None, typer.Option("--lab", help="check this lab [of --lab alone: lab]")] = None,
    repair: Annotated[bool, typer.Option("--repair", help="put right what can be, in a lab at rest")] = False,
    as_json: Json = False,
) -> int:
    """Check the machine (torch, GPUs, disk, data, key, port); with --lab every invariant of a lab.

    Example: harness doctor --lab
    """
    from dataclasses import asdict

    from harness.doctor.diagnosis import diagnose
    from harness.reports.tables import print_json, print_table
    from journal.lab_paths import LabPaths

    checks = diagnose(LabPaths.at(lab or LAB), lab is not None, repair, port)
    if as_json:
        print_json([asdict(check) for check in checks])
    else:
        print_table(("check", "", "found"), [(c.name, c.state, c.detail) for c in checks])
    return 1 if any(check.state == "failed" for check in checks) else 0
