"""`harness doctor --lab`: files and processes against the journal; found, put right or explained."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.doctor.lab_checks import examine_lab
from harness.doctor.repair import repair
from harness.errors import UserError
from harness.lab.folder import create_lab
from harness.lab.lock import LabLock
from harness.node.tagged_processes import end_all, with_environment
from journal.audit.checks import Check
from journal.lab_paths import LabPaths
from journal.ledger.ledger import Ledger
from journal.store import Journal
from tests.support.harness_lab import ROOT, CliLab, eventually
from tests.support.journal_support import add_ended, charged_to, job_row, recipe
from trainer.job import RunPaths
from trainer.system.processes import RUN_VARIABLE, identity_of

STARTED = '{"time": 5.0, "event": "started", "job_id": "x"}\n'


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[LabPaths]:
    """A lab at rest: one job ended and settled, its run folder as the job left it."""
    paths = LabPaths.at(tmp_path / "lab")
    create_lab(paths)
    with Journal.open(paths.journal) as journal:
        Ledger(journal).add_budget(1000)
        journal.add_recipe(recipe())
        run = paths.run(add_ended(journal, 0, 2.0))
        Ledger(journal).reserve(run.job_id, 50, "baseline")
        Ledger(journal).settle(run.job_id, 10, "baseline")
        row = journal.job(run.job_id)
        assert row is not None and row.result is not None
        run.folder.mkdir()
        run.result.write_text(row.result)
        run.events.write_text(STARTED)
    yield paths
    for run_folder in paths.runs.iterdir():
        end_all(RUN_VARIABLE, str(run_folder), 0.1)


def job_of(lab: LabPaths) -> RunPaths:
    return RunPaths(min(lab.runs.iterdir()))


def states(checks: list[Check]) -> dict[str, str]:
    return {check.name: check.state for check in checks}


def faults(lab: LabPaths) -> dict[str, str]:
    """What is not ok, by name."""
    return {check.name: check.detail for check in examine_lab(lab) if check.state != "ok"}


def sleeper(run: Path) -> "subprocess.Popen[bytes]":
    """A process of a job, as its ranks are."""
    process = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(600)"],
        env={**os.environ, RUN_VARIABLE: str(run)},
        start_new_session=True,
    )
    # For a moment of its exec a process shows no environment.
    eventually(lambda: process.pid in with_environment(RUN_VARIABLE, str(run)), "the process")
    return process


def add_running(lab: LabPaths, seed: int) -> RunPaths:
    with Journal.open(lab.journal) as journal:
        row = job_row(seed)
        Ledger(journal).reserve(row.job_id, 50, "baseline")
        journal.add_job(row)
        journal.mark_launched(row.job_id, 6.0)
        journal.mark_running(row.job_id, 6.0)
    run = lab.run(row.job_id)
    run.folder.mkdir()
    return run


def write_supervisor(run: RunPaths, pid: int, ticks: int | None = None) -> None:
    identity = identity_of(pid)
    record = {
        "job_id": run.job_id, "pid": pid, "start_time_ticks": ticks or identity.start_time_ticks,
        "boot_id": identity.boot_id, "started_at": time.time(), "started_elapsed_seconds": 1.0,
        "deadline_seconds": 60.0,
    }  # fmt: skip
    run.supervisor.write_text(json.dumps(record))


def test_a_lab_at_rest_is_sound_and_left_as_it_was(lab: LabPaths) -> None:
    files = [path for path in lab.folder.rglob("*") if path.is_file() and "-" not in path.name]
    before = {path: path.read_bytes() for path in files}
    assert faults(lab) == {}
    assert {p: p.read_bytes() for p in before} == before


def test_an_orphan_of_an_ended_job_is_found_and_ended(lab: LabPaths) -> None:
    process = sleeper(job_of(lab).folder)
    assert "has ended" in faults(lab)["processes"]
    assert states(repair(lab))["processes"] == "ok"
    assert process.wait(10) != 0 and faults(lab) == {}


def test_an_orphan_without_a_supervisor_is_found_and_ended(lab: LabPaths) -> None:
    run = add_running(lab, 5)
    process = sleeper(run.folder)
    write_supervisor(run, os.getpid(), ticks=1)
    assert "whose supervisor is gone" in faults(lab)["processes"]
    repair(lab)
    assert process.wait(10) != 0


def test_a_job_under_way_is_left_alone(lab: LabPaths) -> None:
    """Its supervisor outlived the conductor: the next start takes it over."""
    run = add_running(lab, 6)
    process = sleeper(run.folder)
    write_supervisor(run, process.pid)
    (run.folder / "checkpoint.saving").mkdir()
    assert faults(lab) == {}
    repair(lab)
    assert process.poll() is None and (run.folder / "checkpoint.saving").is_dir()


def test_what_an_ended_job_still_holds_is_settled_once(lab: LabPaths) -> None:
    with Journal.open(lab.journal) as journal:
        row = job_row(8)
        Ledger(journal).reserve(row.job_id, 50, "baseline")
        journal.add_job(row)
        journal.finish_job(row.job_id, "failed", "lost", None, None, 20, 9.0)
    assert {"settled", "reservations"} <= set(faults(lab))
    assert Check("reservations", "repaired", f"{row.job_id} settled at 20 micro-dollars") in repair(lab)
    with Journal.open(lab.journal) as journal:
        assert (charged_to(Ledger(journal), row.job_id), Ledger(journal).totals().reserved) == (20, 0)
    assert faults(lab) == {}
    repair(lab)
    with Journal.open(lab.journal) as journal:
        assert Ledger(journal).totals().spent == 30


def test_leftovers_go_and_a_checkpoint_set_aside_comes_back(lab: LabPaths) -> None:
    run = job_of(lab)
    for name in ("checkpoint.saving", "checkpoint.previous", ".checkpoint.linking"):
        (run.folder / name).mkdir()
        (run.folder / name / "model.safetensors").write_text(name)
    (run.folder / ".result.json.4194305").write_text("{")
    (run.folder / f".job.json.{os.getpid()}").write_text("{")  # its writer lives
    assert "leftovers" in faults(lab)
    assert states(repair(lab))["leftovers"] == "ok"
    names = {path.name for path in run.folder.iterdir()}
    assert names == {"checkpoint", "events.jsonl", "result.json", f".job.json.{os.getpid()}"}
    assert (run.checkpoint / "model.safetensors").read_text() == "checkpoint.previous"


def test_an_older_checkpoint_beside_the_new_one_goes(lab: LabPaths) -> None:
    run = job_of(lab)
    for name in ("checkpoint", "checkpoint.previous"):
        (run.folder / name).mkdir()
        (run.folder / name / "model.safetensors").write_text(name)
    repair(lab)
    assert (run.checkpoint / "model.safetensors").read_text() == "checkpoint"
    assert not (run.folder / "checkpoint.previous").exists()


def test_a_servers_file_without_a_server_is_removed(lab: LabPaths) -> None:
    record = {"pid": 1, "start_time_ticks": 1, "boot_id": "x", "port": 1, "host": "h"}
    lab.server.write_text(json.dumps(record))
    assert "server" in faults(lab)
    assert Check("server", "repaired", "removed a server.json whose process is gone") in repair(lab)
    assert not lab.server.exists() and faults(lab) == {}


def test_a_torn_tail_is_a_note_and_a_broken_line_before_it_a_fault(lab: LabPaths) -> None:
    run = job_of(lab)
    run.events.write_text(STARTED + '{"time": 6.0, "event": "st')
    (check,) = [check for check in examine_lab(lab) if check.name == "events"]
    assert check.state == "note" and run.job_id in check.detail
    run.events.write_text(STARTED + "\0\0\0\n" + STARTED)
    assert "line 2" in faults(lab)["events"]


def test_files_that_contradict_the_journal_are_explained_and_kept(lab: LabPaths) -> None:
    run = job_of(lab)
    run.result.write_text(run.result.read_text().replace('"val_bpb":2.0', '"val_bpb":1.0'))
    (lab.runs / "0123456789-1").mkdir()
    with Journal.open(lab.journal) as journal:
        journal.request_deployment(run.job_id, "/no/such/place", 1.0)
    repair(lab)
    found = faults(lab)
    assert "not what the journal took" in found["results"] and "no such job" in found["run folders"]
    assert "/no/such/place" in found["weights"] and (lab.runs / "0123456789-1").is_dir()


def test_a_held_lab_is_examined_but_not_repaired(lab: LabPaths) -> None:
    with LabLock(lab, "conductor"):
        assert faults(lab) == {}
        with pytest.raises(UserError, match="held by conductor"):
            repair(lab)


def test_the_lock_is_free_and_empty_after_a_repair(lab: LabPaths) -> None:
    with LabLock(lab, "conductor"):
        pass
    repair(lab)
    assert lab.lock.read_text() == ""
    with LabLock(lab, "conductor"):
        pass


def test_a_journal_that_cannot_be_opened_is_one_finding(lab: LabPaths) -> None:
    lab.journal.write_bytes(b"no database at all" * 100)
    assert [check.state for check in examine_lab(lab)] == ["failed"]


def test_the_command(tmp_path: Path, lab: LabPaths) -> None:
    command = CliLab(lab.folder)
    done = command.run("doctor", "--json")
    assert done.returncode == 0 and {check["state"] for check in json.loads(done.stdout)} == {"ok"}
    with Journal.open(lab.journal) as journal:
        Ledger(journal).reserve(job_row(8).job_id, 50, "baseline")
        journal.add_job(job_row(8))
        journal.finish_job(job_row(8).job_id, "failed", "lost", None, None, 20, 9.0)
    done = command.run("doctor")
    assert done.returncode == 1 and "never settled" in done.stdout
    done = command.run("doctor", "--repair")
    assert done.returncode == 0 and "repaired" in done.stdout
    absent = CliLab(tmp_path / "absent").run("doctor", "--repair")
    assert absent.returncode == 2 and absent.stderr.startswith("harness: --repair") and absent.stdout == ""


def test_lab_alone_stands_for_the_usual_folder(tmp_path: Path, lab: LabPaths) -> None:
    for arguments in (["doctor", "--lab"], ["doctor", "--lab", "--json"]):
        done = subprocess.run(
            [sys.executable, "-m", "harness", *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0 and "judge() recomputes" in done.stdout, done.stderr
