"""The fleet's use of resident trainers: who gets the next job, and who must leave."""

import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.fleet.fleet import Ended, Fleet
from harness.fleet.launcher import Launcher
from harness.node.slots import SlotPool, cpu_slots
from harness.node.tagged_processes import end_all, with_environment
from journal.lab_paths import LabPaths
from journal.records import JobRow
from journal.store import Journal
from tests.support.harness_lab import ROOT, eventually
from trainer.job import canonical_bytes, job_id, parse_job, spec_hash

WORKER = (sys.executable, str(ROOT / "tests" / "support" / "fakes" / "fake_worker.py"))


class Played:
    """A fleet on two slots whose trainer does what the next `word` says."""

    def __init__(self, folder: Path) -> None:
        self.lab = LabPaths.at(folder)
        self.lab.runs.mkdir(parents=True)
        self.journal = Journal.open(self.lab.journal)
        self.fleet = Fleet(
            self.journal, _Wording(self.lab, resident_command=WORKER), SlotPool(cpu_slots((), 2))
        )
        self.seeds = iter(range(100))

    def launch(self, word: str, gpus: int = 1) -> JobRow:
        row = self.row(gpus)
        _Wording.word = word
        self.fleet.launch(row, 60.0, 1.0)
        return row

    def row(self, gpus: int) -> JobRow:
        seed = next(self.seeds)
        job = parse_job(
            json.dumps({"kind": "pretrain", "tokenizer": "x", "seed": seed, "limits": {"gpus": gpus}})
        )
        row = JobRow(
            job_id=job_id(job, 1), spec_hash=spec_hash(job), kind="pretrain", purpose="manual",
            state="queued", spec=canonical_bytes(job).decode(), seed=seed, gpus=gpus, source="cli",
            created_at=1.0,
        )  # fmt: skip
        self.journal.add_job(row)
        return row

    def end_of(self, row: JobRow) -> Ended:
        ends = eventually(lambda: [end for end in self.fleet.ended() if end.row == row], "the end")
        return ends[0]

    def worker_of(self, row: JobRow) -> int:
        log = self.lab.run(row.job_id).log
        return int(eventually(lambda: log.exists() and log.read_text().split(), "the worker's word")[1])

    def living(self) -> list[int]:
        return with_environment("HARNESS_LAB", str(self.lab.folder))


class _Wording(Launcher):
    """Job files that the fake worker reads."""

    word = ""

    def fill(self, row: JobRow, paths) -> None:  # type: ignore[no-untyped-def]
        super().fill(row, paths)
        paths.job.write_text(self.word)

    def command(self, ranks, paths):  # type: ignore[no-untyped-def]
        return ["true"]


@pytest.fixture
def played(tmp_path: Path) -> Iterator[Played]:
    os.environ["PYTHONPATH"] = str(ROOT)
    made = Played(tmp_path / "lab")
    yield made
    made.fleet.end_idle()
    end_all("HARNESS_LAB", str(made.lab.folder), 0.1)


def test_the_next_job_on_a_slot_runs_in_the_same_trainer(played: Played) -> None:
    first = played.launch("work")
    played.end_of(first)
    second = played.launch("work")
    played.end_of(second)
    assert played.worker_of(first) == played.worker_of(second)


def test_jobs_side_by_side_have_trainers_of_their_own(played: Played) -> None:
    rows = [played.launch("wait"), played.launch("wait")]
    assert len({played.worker_of(row) for row in rows}) == 2
    for row in rows:
        played.fleet.stop(row.job_id)


@pytest.mark.parametrize("word", ["fail", "leave"])
def test_after_a_trainer_that_ended_the_next_job_gets_another(played: Played, word: str) -> None:
    first = played.launch(word)
    played.end_of(first)
    second = played.launch("work")
    assert played.end_of(second).exit.returncode == 0
    assert played.worker_of(first) != played.worker_of(second)


def test_a_job_on_both_slots_finds_nobody_idle_on_them(played: Played) -> None:
    first = played.launch("work")
    played.end_of(first)
    pid = played.worker_of(first)
    both = played.launch("", gpus=2)
    assert pid not in played.living()
    played.end_of(both)


def test_a_supervisor_killed_between_jobs_is_replaced(played: Played) -> None:
    first = played.launch("work")
    played.end_of(first)
    supervisors = [pid for pid in played.living() if pid != played.worker_of(first)]
    for pid in supervisors:
        os.kill(pid, signal.SIGKILL)
    second = played.launch("work")
    assert played.end_of(second).exit.returncode == 0


def test_nobody_idles_once_nothing_more_will_come(played: Played) -> None:
    played.end_of(played.launch("work"))
    assert played.living()
    played.fleet.end_idle()
    assert played.living() == []


def test_nobody_who_idles_passes_for_a_process_of_the_run_that_has_ended(played: Played) -> None:
    row = played.launch("work")
    played.end_of(row)
    run = str(played.lab.run(row.job_id).folder)
    assert played.living()
    eventually(lambda: with_environment("HARNESS_RUN", run) == [], "the end of the run's mark")
    assert len(played.living()) == 2


def test_who_lets_go_of_the_lab_leaves_no_trainer_that_waits(played: Played) -> None:
    idle, busy = played.launch("work"), played.launch("nap")
    played.end_of(idle)
    played.fleet.let_go()
    assert played.worker_of(busy) in played.living(), "a job under way goes on"
    assert played.end_of(busy).exit.returncode == 0
    eventually(lambda: played.living() == [], "the end of all", patience_seconds=15.0)
