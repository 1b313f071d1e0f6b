"""What the page of one job shows: its settings, its numbers, its curves."""

import json
from pathlib import Path

from pydantic import ValidationError

from journal.records import JobRow
from journal.store import Journal
from server.documents import Document
from server.plot import Line, Plot, Point, render
from trainer.job import JobResult, RunPaths
from trainer.job.events import Evaluated, Step, event_adapter

MAX_EVENTS_BYTES = 64 << 20
LOG_TAIL_BYTES = 4000


def job_page(journal: Journal, row: JobRow, runs: Path) -> Document:
    """The template's variables."""
    paths = RunPaths(runs / row.job_id)
    losses, evaluations = _curves(journal, row, paths)
    result = None if row.result is None else JobResult.model_validate_json(row.result)
    return {
        "job": row,
        "spec": json.dumps(json.loads(row.spec), indent=2),
        "result": result,
        "loss_plot": render(Plot("step", "train loss", "training loss by step", [Line(losses, "loss")])),
        "eval_plot": render(Plot("step", "val_bpb", "val_bpb by step", [Line(evaluations, "best")])),
        "log_tail": _log_tail(paths) if row.state == "failed" else "",
    }


def _curves(journal: Journal, row: JobRow, paths: RunPaths) -> tuple[list[Point], list[Point]]:
    """(step, train loss) and (step, val_bpb): from the run folder, or what the journal keeps of them."""
    losses, evaluations = read_curves(paths.events)
    if not losses:
        losses = [(float(step), value) for step, value in journal.points(row.job_id, "train_loss")]
    if not evaluations:
        evaluations = [(float(step), value) for step, value in journal.points(row.job_id, "val_bpb")]
    return losses, evaluations


def read_curves(events: Path) -> tuple[list[Point], list[Point]]:
    """The curves in an `events.jsonl`; lines that are no events (one still being written) are left out."""
    losses: list[Point] = []
    evaluations: list[Point] = []
    if not events.is_file() or events.stat().st_size > MAX_EVENTS_BYTES:
        return losses, evaluations
    adapter = event_adapter()
    for line in events.read_bytes().splitlines():
        try:
            event = adapter.validate_json(line)
        except ValidationError:
            continue
        if isinstance(event, Step):
            losses.append((event.step, event.train_loss))
        if isinstance(event, Evaluated) and "val_bpb" in event.metrics:
            evaluations.append((event.step, event.metrics["val_bpb"]))
    return losses, evaluations


def _log_tail(paths: RunPaths) -> str:
    try:
        with paths.log.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - LOG_TAIL_BYTES))
            return file.read().decode(errors="replace")
    except OSError:
        return ""
