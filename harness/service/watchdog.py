"""Keeps the lab's server up while the conductor runs, and says where its engines may run."""

import subprocess
from collections.abc import Callable

from harness.lab.clock import SYSTEM_CLOCK, Clock
from harness.lab.running_server import running_server
from harness.service.server_failure import ServerFailure, save_server_failure
from harness.service.server_process import START_SECONDS, free_port, start_server
from journal.engine_place import EnginePlace, set_engine_place
from journal.lab_paths import LabPaths, ServerRecord
from journal.store import Journal
from trainer.system.logs import last_words

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 120.0
# A server that has served for so long is well: its next end is the first again.
WELL_SECONDS = 60.0


class ServerWatchdog:
    """Starts it, says loudly when it cannot start, and tries again, ever later, as long as the session lasts.

    Never blocks the conductor. `spare_gpus` are those on which no job of the session runs.
    """

    def __init__(
        self,
        lab: LabPaths,
        journal: Journal,
        port: int,
        spare_gpus: tuple[int, ...],
        say: Callable[[str, str | None], None],
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self.lab = lab
        self.journal = journal
        self.port = port
        self.spare_gpus = spare_gpus
        self.say = say
        self.clock = clock
        self._process: subprocess.Popen[bytes] | None = None
        self._log_start = 0
        self._began = 0.0
        self._announced: ServerRecord | None = None
        self._failures = 0
        self._next_start = 0.0

    def poll(self) -> None:
        """Start it, announce it once it listens, start it again when it has ended or does not listen."""
        server = running_server(self.lab)
        if server is not None:
            self._announce(server)
        elif self._process is not None and self._process.poll() is None:
            if self.clock.elapsed() - self._began > START_SECONDS:
                self._process.kill()
        elif self._process is not None:
            self._note_end()
        elif self.clock.elapsed() >= self._next_start:
            self._start()

    def allow_gpus(self, allowed: bool) -> None:
        """Engines may run on every GPU, or else on spare ones alone and where there is none on the CPU."""
        set_engine_place(self.journal, EnginePlace(gpus=None if allowed else self.spare_gpus))

    def _start(self) -> None:
        log = self.lab.server_log
        self._log_start = log.stat().st_size if log.exists() else 0
        self._began = self.clock.elapsed()
        self._process = start_server(self.lab, free_port(self.port), "conductor", wait=False)

    def _announce(self, server: ServerRecord) -> None:
        if self.clock.elapsed() - self._began > WELL_SECONDS:
            self._failures = 0
        if server != self._announced:
            self._announced = server
            save_server_failure(self.journal, None)
            self.say(f"chat page and lab pages: {server.url}", None)

    def _note_end(self) -> None:
        """Say why, and when the next start is due."""
        what = "could not start" if self._announced is None else "ended"
        pause = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2.0**self._failures)
        self._failures += 1
        self._next_start = self.clock.elapsed() + pause
        self._process = self._announced = None
        failure = ServerFailure(
            what=what,
            words=last_words(self.lab.server_log, self._log_start),
            log=str(self.lab.server_log),
            tries=self._failures,
            next_try_at=self.clock.now() + pause,
        )
        save_server_failure(self.journal, failure)
        self.say(f"the server {failure.line}; next try in {pause:.0f} s", "red")
