"""A world that misbehaves: full disks, read-only folders, a lost lock, damaged files."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.fleet.ingest import ingest_points
from harness.lab.folder import create_lab
from journal.lab_paths import LabPaths
from journal.store import Journal
from tests.support.harness_lab import CliLab, eventually
from trainer.job import RunPaths
from trainer.job.events import Step
from trainer.system.files import preallocate, write_preallocated

MEGABYTE = 1 << 20


def mount(folder: Path, size_bytes: int) -> None:
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size_bytes}", "tmpfs", str(folder)]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip("a small disk of its own needs the right to mount a tmpfs")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    mount(folder, 256 * MEGABYTE)
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def lab(disk: Path) -> Iterator[CliLab]:
    found = CliLab(disk / "lab", trainer={"seconds": 0.05, "slow": {"kind": "sft"}, "slow_seconds": 60.0})
    yield found
    found.clean_up()


def fill(folder: Path, leave_bytes: int) -> Path:
    """Leave about so much of a disk that others are writing to."""
    stuffing = folder / "stuffing"
    usage = os.statvfs(folder)
    preallocate(stuffing, usage.f_bavail * usage.f_frsize - leave_bytes - MEGABYTE)
    with stuffing.open("ab", buffering=0) as file, contextlib.suppress(OSError):
        while os.statvfs(folder).f_bavail * usage.f_frsize > leave_bytes:
            file.write(b"x" * 4096)
    return stuffing


def one_line(text: str) -> str:
    lines = [line for line in text.splitlines() if "disk" in line or "make room" in line]
    assert lines and "Traceback" not in text, text
    return lines[-1]


def test_a_launch_without_room_for_its_checkpoints_waits_for_a_person(lab: CliLab, disk: Path) -> None:
    stuffing = fill(disk, 40 * MEGABYTE)
    refused = lab.run(*lab.start_arguments("--max-hypotheses", "0"))
    assert refused.returncode == 1, refused.stdout + refused.stderr
    assert "make room on this disk" in one_line(refused.stdout)
    with lab.journal() as journal:
        assert [event.kind for event in journal.events() if event.kind == "disk_refused"]
        assert not [row for row in journal.jobs() if row.state != "succeeded"], "nothing half begun"
    assert lab.processes() == []
    stuffing.unlink()
    goes_on_until(lab, "early_sft: launched")


def test_a_disk_that_fills_up_ends_the_session_and_the_same_command_goes_on(lab: CliLab, disk: Path) -> None:
    process = lab.popen(*lab.start_arguments("--max-hypotheses", "0"))
    eventually(lambda: slow_job_runs(lab), "the early SFT")
    stuffing = fill(disk, 0)
    printed, _ = process.communicate(timeout=90)
    assert process.returncode == 1, printed
    assert "the disk is full" in one_line(printed)
    assert lab.processes() == [] and lab.holder() is None
    stuffing.unlink()
    lab.trainer["slow_seconds"] = 0.05
    printed = goes_on_until(lab, "early_sft: succeeded")
    # Whichever it met first: the disk, or our asking it to leave.
    assert "early_sft: failed (disk_full" in printed or "early_sft: cancelled (interrupted" in printed


def goes_on_until(lab: CliLab, words: str) -> str:
    """The same command once more, as far as `words`, then stopped; what it printed."""
    process = lab.popen(*lab.start_arguments("--max-hypotheses", "0"))
    assert process.stdout is not None
    printed = ""
    while words not in printed and (line := process.stdout.readline()):
        printed += line
    process.terminate()
    printed += process.communicate(timeout=90)[0]
    assert words in printed and process.returncode == 130, printed
    lab.check_money()
    assert lab.processes() == []
    return printed


def slow_job_runs(lab: CliLab) -> bool:
    jobs = [path.parent / "job.json" for path in (lab.folder / "runs").glob("*/events.jsonl")]
    return any(json.loads(job.read_text())["kind"] == "sft" for job in jobs)


def test_the_exit_record_has_its_room_before_the_disk_is_full(disk: Path) -> None:
    room, target = disk / ".room", disk / "exit.json"
    preallocate(room, 4096)
    fill(disk, 0)
    with pytest.raises(OSError):
        (disk / "more").write_bytes(b"x" * 8192)
    write_preallocated(room, target, {"reason": "disk_full"})
    assert json.loads(target.read_text()) == {"reason": "disk_full"}


def test_a_read_only_lab_is_refused_in_one_line(lab: CliLab, disk: Path) -> None:
    create_lab(LabPaths.at(lab.folder))
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    try:
        done = subprocess.run(
            [*lab_command(lab)], cwd=disk.parent, env=lab.environment, capture_output=True, text=True
        )
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    assert done.returncode == 2, done.stderr
    assert "Read-only file system" in done.stderr and len(done.stderr.strip().splitlines()) == 1


def lab_command(lab: CliLab) -> list[str]:
    return [sys.executable, "-m", "harness", *lab.start_arguments(), "--lab", str(lab.folder)]


@pytest.mark.parametrize("how", ["deleted", "replaced"])
def test_a_conductor_that_lost_its_lock_lets_go_and_another_takes_over(tmp_path: Path, how: str) -> None:
    lab = CliLab(tmp_path / "lab", trainer={"seconds": 0.05, "slow": {"kind": "sft"}, "slow_seconds": 15.0})
    try:
        process = lab.popen(*lab.start_arguments("--max-hypotheses", "0"))
        eventually(lambda: lab.folder.exists() and slow_job_runs(lab), "the early SFT")
        (lab.folder / "lock").unlink()
        if how == "replaced":
            (lab.folder / "lock").write_text("{}")
        printed, _ = process.communicate(timeout=60)
        assert process.returncode == 1 and "deleted or replaced" in printed, printed
        assert "(early_sft): taken over" in goes_on_until(lab, "early_sft: succeeded")
        with lab.journal() as journal:
            assert len(journal.jobs(purpose="early_sft")) == 1, "one attempt"
    finally:
        lab.clean_up()


GOOD = [Step(time=1.0, step=n, progress=0.5, train_loss=2.0, tokens=n, tokens_per_second=9.0) for n in (1, 2)]
LINES = "".join(step.model_dump_json() + "\n" for step in GOOD).encode()


@pytest.mark.parametrize(
    ("tail", "damaged"),
    [
        (b"", 0),
        (LINES[:40], 1),
        (b"\xff\xfe\x00\x01\n\x00\n", 2),
        (GOOD[0].model_dump_json().replace('"step":1', '"step":99999999999999999999').encode() + b"\n", 1),
        (b"[" * 100_000, 1),
    ],
)
def test_good_lines_are_taken_and_damaged_ones_counted(tmp_path: Path, tail: bytes, damaged: int) -> None:
    from tests.harness.fleet.test_launcher import row_of

    row = row_of()
    paths = RunPaths(tmp_path / row.job_id)
    paths.folder.mkdir()
    paths.events.write_bytes(LINES + tail)
    with Journal.open(tmp_path / "journal.db") as journal:
        journal.add_job(row)
        assert ingest_points(journal, paths) == damaged
        assert journal.points(row.job_id, "train_loss") == [(1, 2.0), (2, 2.0)]


def test_a_job_by_hand_waits_for_room_and_says_so(lab: CliLab, disk: Path) -> None:
    job = disk / "job.json"
    job.write_text('{"kind": "tokenizer", "vocab_size": 400}')
    stuffing = fill(disk, 10 * MEGABYTE)
    waiting = lab.popen("submit", str(job))
    assert waiting.stdout is not None
    assert "make room on this disk" in waiting.stdout.readline()
    assert lab.processes() == [], "nothing was launched"
    stuffing.unlink()
    output, _ = waiting.communicate(timeout=60)
    assert waiting.returncode == 0 and "Traceback" not in output, output
