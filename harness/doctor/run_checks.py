"""Run folders against the journal's rows."""

from pathlib import Path

from harness.fleet.ingest import read_result
from harness.lab.simulated import MARKER
from journal.audit.checks import Check, check_of, listed
from journal.audit.science import CLOCK_JUMPED
from journal.lab_paths import LabPaths
from journal.records import JobRow
from journal.store import Journal
from trainer.job import TERMINAL_STATES, CheckpointPaths, JobResult, RunPaths, is_job_id
from trainer.job.events import event_adapter

_NOT_YET_SERVED = ("requested", "loading", "canary", "live")


def folders_have_rows(lab: LabPaths, rows: list[JobRow]) -> Check:
    """Every run folder belongs to a row, every launched job has its folder."""
    known = {row.job_id for row in rows}
    present = {path.name for path in lab.runs.iterdir()} if lab.runs.is_dir() else set()
    strange = sorted(name for name in present - known if is_job_id(name))
    faults = [f"runs/{name}: no such job in the journal" for name in strange]
    for row in rows:
        if row.state == "succeeded" and row.job_id not in present and not row.simulated:
            faults.append(f"{row.job_id}: succeeded, its run folder is gone")
    advice = "what no row knows is never deleted here: look into it, then move it away"
    return check_of("run folders", faults, f"{len(present & known)} run folders, each of a job", advice)


def results_agree(lab: LabPaths, rows: list[JobRow]) -> Check:
    """`result.json` of an ended job is what its row holds."""
    faults = [fault for row in rows if (fault := _result_fault(lab.run(row.job_id), row)) is not None]
    ended = sum(row.state in TERMINAL_STATES for row in rows)
    fine = f"{ended} ended jobs agree with their result.json"
    return check_of("results", faults, fine, "the journal counts: its rows never change")


def curves_readable(lab: LabPaths, rows: list[JobRow]) -> Check:
    """Lines of `events.jsonl`; only the last one of a job that was killed may be torn."""
    torn, broken = [], []
    for row in rows:
        bad, count = _bad_lines(lab.run(row.job_id).events)
        if bad == [count]:
            torn.append(row.job_id)
        elif bad:
            broken.append(f"{row.job_id}: line {bad[0]} of events.jsonl is no event")
    if not broken and torn:
        return Check("events", "note", f"last line torn by a kill, and skipped: {listed(torn)}")
    fine = "every line of every events.jsonl is an event"
    return check_of("events", broken, fine, "readers skip such lines; the job's numbers are in the journal")


def checkpoints_there(lab: LabPaths, journal: Journal) -> Check:
    """What is deployed, or shall be, has its weights."""
    wanted = [d for d in journal.deployments() if d.state in _NOT_YET_SERVED]
    faults = [
        f"deployment {d.deployment_id} ({d.state}): no weights in {d.checkpoint}"
        for d in wanted
        if not _holds_model(lab.located(d.checkpoint))
    ]
    fine = f"{len(wanted)} deployments that serve or shall have their weights"
    return check_of("weights", faults, fine, "deploy another: harness deploy")


def jobs_start_after_registration(lab: LabPaths, journal: Journal) -> Check:
    """By the jobs' own logs, too, each hypothesis was there before its first job started."""
    faults, seen = [], 0
    for hypothesis in journal.hypotheses():
        jobs = journal.jobs(hypothesis_id=hypothesis.hypothesis_id)
        starts = [at for job in jobs if (at := _started_at(lab.run(job.job_id))) is not None]
        seen += len(starts)
        if starts and min(starts) <= hypothesis.registered_at:
            faults.append(f"{hypothesis.hypothesis_id}: a job of it started before it was registered")
    if faults and journal.events(CLOCK_JUMPED):
        return Check("starts", "note", f"{listed(faults)}: the clock was set meanwhile")
    return check_of("starts", faults, f"{seen} jobs of hypotheses started after their registration")


def _holds_model(checkpoint: Path) -> bool:
    return CheckpointPaths(checkpoint).model.is_file() or (checkpoint / MARKER).is_file()


def _result_fault(paths: RunPaths, row: JobRow) -> str | None:
    if row.state not in TERMINAL_STATES:
        return None
    lies_there = read_result(paths)
    if row.result is None:
        return f"{row.job_id}: {row.state} without a result, but result.json is there" if lies_there else None
    if lies_there is None:
        return f"{row.job_id}: result.json is gone or unreadable" if paths.folder.is_dir() else None
    if lies_there != JobResult.model_validate_json(row.result):
        return f"{row.job_id}: result.json is not what the journal took"
    return None


def _started_at(paths: RunPaths) -> float | None:
    try:
        with paths.events.open("rb") as file:
            return event_adapter().validate_json(file.readline()).time
    except (OSError, ValueError):
        return None


def _bad_lines(path: Path) -> tuple[list[int], int]:
    """Numbers of the lines that are no events, and how many lines there are."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError:
        return [], 0
    adapter = event_adapter()
    if lines[-1] == b"":
        lines.pop()
    bad = []
    for number, line in enumerate(lines, 1):
        try:
            adapter.validate_json(line)
        except ValueError:
            bad.append(number)
    return bad, len(lines)
