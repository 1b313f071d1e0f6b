"""A lab's files and processes against its journal. Looks, never touches."""

import time
from pathlib import Path

from harness.doctor.run_checks import (
    checkpoints_there,
    curves_readable,
    folders_have_rows,
    jobs_start_after_registration,
    results_agree,
)
from harness.lab.lock import lock_holder
from harness.lab.running_server import running_server
from harness.node.tagged_processes import values_of
from journal.audit.audit import audit
from journal.audit.checks import Check, check_of, listed
from journal.errors import JournalError
from journal.lab_paths import LabPaths
from journal.records import JobRow
from journal.store import Journal
from trainer.job import TERMINAL_STATES, RunPaths, SupervisorRecord
from trainer.system.processes import RUN_VARIABLE, ProcessIdentity, is_alive, start_time_ticks

REPAIR = "harness doctor --lab --repair"
# Between exit record and exit a supervisor lives on for a moment: an orphan is one seen twice.
_SECOND_LOOK_SECONDS = 1.0


def examine_lab(lab: LabPaths) -> list[Check]:
    """All findings about a lab."""
    try:
        journal = Journal.read_only(lab.journal)
    except JournalError as error:
        return [Check("database", "failed", f"{error}; if it is damaged, restore it from a copy")]
    with journal:
        rows = journal.jobs()
        return [
            *audit(journal),
            lock_is_sound(lab),
            server_is_sound(lab),
            processes_belong(lab, rows),
            folders_have_rows(lab, rows),
            results_agree(lab, rows),
            curves_readable(lab, rows),
            checkpoints_there(lab, journal),
            jobs_start_after_registration(lab, journal),
            nothing_left_over(lab),
        ]


def lock_is_sound(lab: LabPaths) -> Check:
    """Who holds the lab lives."""
    holder = lock_holder(lab)
    if holder is None:
        return Check("lock", "ok", "nobody holds the lab")
    pid = holder.get("pid")
    if not isinstance(pid, int) or start_time_ticks(pid) is None:
        said = f"held, but the process it names ({pid}) is gone"
        return Check("lock", "failed", f"{said}: a child of it lives on; harness stop --now")
    return Check("lock", "ok", f"held by {holder.get('role')} (pid {pid})")


def server_is_sound(lab: LabPaths) -> Check:
    """`server.json` names a living process."""
    if not lab.server.exists():
        return Check("server", "ok", "no server runs")
    server = running_server(lab)
    if server is None:
        return Check("server", "note", f"server.json names a process that is gone; {REPAIR} removes it")
    return Check("server", "ok", f"listens on {server.url} (pid {server.identity.pid})")


def processes_belong(lab: LabPaths, rows: list[JobRow]) -> Check:
    """Every process of a job has a supervisor, and a job that has not ended."""
    found = orphans(lab, rows)
    if found:
        time.sleep(_SECOND_LOOK_SECONDS)
        again = orphans(lab, rows)
        found = {pid: why for pid, why in found.items() if pid in again}
    faults = [f"pid {pid}: {why}" for pid, why in found.items()]
    running = [row for row in rows if row.state not in TERMINAL_STATES and row.launched_at is not None]
    fine = f"{len(running)} jobs under way, no process of any other"
    return check_of("processes", faults, fine, f"{REPAIR} ends them")


def orphans(lab: LabPaths, rows: list[JobRow]) -> dict[int, str]:
    """Processes of this lab's jobs that nobody waits for, each with the reason."""
    by_id = {row.job_id: row for row in rows}
    found: dict[int, str] = {}
    for pid, value in values_of(RUN_VARIABLE).items():
        run = RunPaths(Path(value))
        if run.folder.parent == lab.runs and (why := _why_orphan(run, by_id.get(run.job_id))) is not None:
            found[pid] = why
    return found


def nothing_left_over(lab: LabPaths) -> Check:
    """No half-written files or folders of processes that are gone."""
    names = [str(path.relative_to(lab.folder)) for path in leftovers(lab)]
    if not names:
        return Check("leftovers", "ok", "no temporary files of processes that are gone")
    return Check("leftovers", "note", f"{listed(names)}; {REPAIR} removes them")


def leftovers(lab: LabPaths) -> list[Path]:
    """Temporary files and folders that no living process writes."""
    busy = {Path(value) for value in values_of(RUN_VARIABLE).values()}
    folders = [run for run in _folders(lab.runs) if run not in busy]
    return sorted(path for folder in (lab.folder, *folders) for path in folder.iterdir() if _is_left(path))


def _is_left(path: Path) -> bool:
    if path.name in ("checkpoint.saving", "checkpoint.links", "checkpoint.previous", ".checkpoint.linking"):
        return True
    if path.name == ".exit.json.room":
        return True
    # `.name.<pid>`: written by that process until it is renamed.
    _, dot, pid = path.name.rpartition(".")
    return path.name.startswith(".") and bool(dot) and pid.isdigit() and start_time_ticks(int(pid)) is None


def _why_orphan(run: RunPaths, row: JobRow | None) -> str | None:
    if row is None:
        return f"of {run.job_id}, which is no job of this lab"
    if row.state in TERMINAL_STATES:
        return f"of {row.job_id}, which has ended ({row.state})"
    record = read_supervisor(run)
    if record is not None and not is_alive(
        ProcessIdentity(record.pid, record.start_time_ticks, record.boot_id)
    ):
        return f"of {row.job_id}, whose supervisor is gone"
    return None


def read_supervisor(run: RunPaths) -> SupervisorRecord | None:
    """Who watches (or watched) a run."""
    try:
        return SupervisorRecord.model_validate_json(run.supervisor.read_bytes())
    except (OSError, ValueError):
        return None


def _folders(parent: Path) -> list[Path]:
    return [path for path in parent.iterdir() if path.is_dir()] if parent.is_dir() else []
