"""What can be put right in a lab that nobody holds."""

import shutil
from pathlib import Path

from harness.doctor.lab_checks import examine_lab, leftovers, orphans
from harness.lab.lock import LabLock
from harness.lab.running_server import running_server
from harness.node.tagged_processes import end_all, values_of
from journal.audit.checks import Check, listed
from journal.lab_paths import LabPaths
from journal.ledger.ledger import Ledger
from journal.store import Journal
from trainer.job import TERMINAL_STATES
from trainer.system.processes import RUN_VARIABLE

_GRACE_SECONDS = 5.0
_NOTE = "put right by harness doctor"


def repair(lab: LabPaths) -> list[Check]:
    """Put right what can be, one line each, and examine the lab again.

    Raises:
        UserError: somebody holds the lab.
        JournalError: the journal cannot be opened.
    """
    with LabLock(lab, "doctor"):
        with Journal.open(lab.journal) as journal:
            done = [end_orphans(lab, journal), settle_ended(journal)]
        done += [remove_leftovers(lab), remove_stale_server(lab)]
        # Emptied, not removed: a process that has the file open would lock a file nobody else sees.
        lab.lock.write_text("", encoding="utf-8")
    return [*(check for check in done if check is not None), *examine_lab(lab)]


def end_orphans(lab: LabPaths, journal: Journal) -> Check | None:
    """SIGTERM, a moment, SIGKILL for processes that nobody waits for."""
    found = orphans(lab, journal.jobs())
    runs = {value for pid, value in values_of(RUN_VARIABLE).items() if pid in found}
    left = [run for run in sorted(runs) if not end_all(RUN_VARIABLE, run, _GRACE_SECONDS)]
    if left:
        return Check("processes", "failed", f"cannot be ended: {listed(left)}; see ps and kill -9, or reboot")
    return Check("processes", "repaired", f"ended: {listed(list(found.values()))}") if found else None


def settle_ended(journal: Journal) -> Check | None:
    """Charge ended jobs that were never settled, and give back what they still hold."""
    ledger = Ledger(journal)
    changed = []
    with journal.atomic():
        held = ledger.reservations()
        for row in (row for row in journal.jobs(states=TERMINAL_STATES) if row.job_id in held):
            cost = held[row.job_id] if row.cost_micro_usd is None else row.cost_micro_usd
            if ledger.settle(row.job_id, cost, row.purpose, _NOTE):
                changed.append(f"{row.job_id} settled at {cost} micro-dollars")
            else:
                released = ledger.release(row.job_id, note=_NOTE)
                changed.append(f"{row.job_id}: {released} micro-dollars released")
    return Check("reservations", "repaired", listed(changed)) if changed else None


def remove_leftovers(lab: LabPaths) -> Check | None:
    """Delete what was being written when its writer died; a checkpoint set aside goes back to its place."""
    found = leftovers(lab)
    for path in found:
        _remove(path)
    names = [str(path.relative_to(lab.folder)) for path in found]
    return Check("leftovers", "repaired", f"removed: {listed(names)}") if names else None


def remove_stale_server(lab: LabPaths) -> Check | None:
    """Delete a `server.json` whose process is gone."""
    if not lab.server.exists() or running_server(lab) is not None:
        return None
    lab.server.unlink()
    return Check("server", "repaired", "removed a server.json whose process is gone")


def _remove(path: Path) -> None:
    place = path.with_name("checkpoint")
    if path.name == "checkpoint.previous" and not place.exists():
        path.rename(place)  # its replacement was killed between two renames: this is the checkpoint
    elif path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
