"""What the page of one job shows: its settings, its numbers, its curves."""

import json
from pathlib import Path

from pydantic import ValidationError

from journal.documents import Document
from journal.lab_paths import LabPaths
from journal.records import JobRow
from journal.store import Journal
from server.pages.plot import Line, Plot, Point, render
from trainer.job import JobResult
from trainer.job.events import Evaluated, Step, event_adapter
from trainer.system.logs import tail

MAX_EVENTS_BYTES = 64 << 20
Curves = tuple[list[Point], list[Point]]


def kept_points(journal: Journal, job_id: str) -> Curves:
    """The thinned curves that outlive the run folder."""
    series = (journal.points(job_id, name) for name in ("train_loss", "val_bpb"))
    losses, evaluations = ([(float(step), value) for step, value in points] for points in series)
    return losses, evaluations


def job_page(row: JobRow, kept: Curves, lab: LabPaths) -> Document:
    """The template's variables; the full curves of the run folder before the journal's thinned ones."""
    paths = lab.run(row.job_id)
    losses, evaluations = read_curves(paths.events)
    losses, evaluations = losses or kept[0], evaluations or kept[1]
    result = None if row.result is None else JobResult.model_validate_json(row.result)
    return {
        "job": row,
        "spec": json.dumps(json.loads(row.spec), indent=2),
        "result": result,
        "loss_plot": render(Plot("step", "train loss", "training loss by step", [Line(losses, "loss")])),
        "eval_plot": render(Plot("step", "val_bpb", "val_bpb by step", [Line(evaluations, "best")])),
        "log_tail": _log_tail(paths.log) if row.state == "failed" else "",
    }


def read_curves(events: Path) -> Curves:
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


def _log_tail(log: Path) -> str:
    return (tail(log) or b"").decode(errors="replace")
