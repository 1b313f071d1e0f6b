"""A server that cannot start: said at once with its last words, and tried again for as long as it takes."""

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from harness.lab.clock import SYSTEM_CLOCK
from harness.lab.folder import create_lab
from harness.lab.running_server import running_server
from harness.node.machine import Machine
from harness.reports.live import Output
from harness.reports.status import print_status, status_document
from harness.service.server_failure import load_server_failure
from harness.service.server_process import SERVER_VARIABLE, stop_server
from harness.service.watchdog import LONGEST_PAUSE_SECONDS, ServerWatchdog
from harness.start.runtime import make_runtime
from journal.engine_place import EnginePlace, engine_place
from journal.lab_paths import LabPaths
from journal.store import Journal
from tests.support.harness_lab import eventually
from trainer.job.gpus import Gpu

BROKEN = [sys.executable, "-c", "import a_package_that_is_missing"]


@dataclass
class HandClock:
    """A clock that is moved by hand."""

    seconds: float = 1000.0

    def now(self) -> float:
        return self.seconds

    def elapsed(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


@dataclass
class Watched:
    lab: LabPaths
    journal: Journal
    clock: HandClock = field(default_factory=HandClock)
    said: list[tuple[str, str | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.watchdog = ServerWatchdog(
            self.lab, self.journal, 0, (2, 3), lambda *line: self.said.append(line), self.clock
        )

    def wait_for_lines(self, count: int) -> None:
        def probe() -> bool:
            self.watchdog.poll()
            return len(self.said) >= count

        eventually(probe, f"{count} lines")


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    lab = LabPaths.at(tmp_path / "lab")
    create_lab(lab)
    with Journal.open(lab.journal) as journal:
        yield Watched(lab, journal)
    stop_server(lab, "conductor")


def test_it_is_said_at_once_and_tried_again_ever_later_and_for_ever(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SERVER_VARIABLE, json.dumps(BROKEN))
    pauses = []
    for tries in range(1, 10):
        watched.wait_for_lines(tries)
        line, style = watched.said[-1]
        assert "could not start" in line and "No module named 'a_package_that_is_missing'" in line
        assert style == "red" and str(watched.lab.server_log) in line
        failure = load_server_failure(watched.journal)
        assert failure is not None and failure.tries == tries
        pauses.append(failure.next_try_at - watched.clock.now())
        watched.clock.sleep(pauses[-1] - 0.5)
        watched.watchdog.poll()
        assert len(watched.said) == tries, "not before its time"
        watched.clock.sleep(0.5)
    assert pauses[:4] == [1.0, 2.0, 4.0, 8.0] and pauses[-1] == LONGEST_PAUSE_SECONDS


def test_status_says_why_and_a_server_that_comes_up_ends_it(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(SERVER_VARIABLE, json.dumps(BROKEN))
    watched.wait_for_lines(1)
    document = status_document(watched.lab)
    assert document["server"] is None and document["server_failure"]["tries"] == 1
    print_status(document)
    shown = " ".join(capsys.readouterr().out.split())
    assert "does not run: could not start: ModuleNotFoundError" in shown
    monkeypatch.delenv(SERVER_VARIABLE)
    watched.clock.sleep(2.0)
    watched.wait_for_lines(2)
    assert "chat page and lab pages: http://" in watched.said[-1][0]
    assert status_document(watched.lab)["server_failure"] is None


def test_one_that_never_listens_is_ended(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SERVER_VARIABLE, json.dumps([sys.executable, "-c", "import time; time.sleep(600)"]))
    watched.watchdog.poll()
    time.sleep(0.1)
    watched.watchdog.poll()
    assert watched.said == [] and running_server(watched.lab) is None
    watched.clock.sleep(61.0)
    watched.wait_for_lines(1)
    assert "could not start: it printed nothing" in watched.said[0][0]


def test_engines_get_the_spare_gpus_until_all_are_free(watched: Watched) -> None:
    watched.watchdog.allow_gpus(False)
    assert engine_place(watched.journal) == EnginePlace(gpus=(2, 3))
    watched.watchdog.allow_gpus(True)
    assert engine_place(watched.journal) == EnginePlace()


def test_gpus_beyond_the_slots_are_spare(watched: Watched) -> None:
    machine = Machine(tuple(Gpu(index, "NVIDIA H200", 143_771) for index in (4, 5, 7)), (0, 1))
    clock, output = SYSTEM_CLOCK, Output(Console(file=StringIO()))
    for slots, spare in ((2, (7,)), (3, ())):
        runtime = make_runtime(watched.lab, watched.journal, machine, clock, slots, 0, output)
        runtime.server.allow_gpus(False)
        assert engine_place(watched.journal) == EnginePlace(gpus=spare)
