"""`harness serve`: the server in the foreground, and manual jobs while no session runs."""

import signal
import time
from collections.abc import Callable

from harness.errors import UserError
from harness.lab.folder import create_lab
from harness.lab.lock import LabLock, lock_holder
from harness.lab.running_server import running_server
from harness.lab.simulated import check_same_nature
from harness.node.machine import detect
from harness.service.server_process import start_server, stop_server, wait_for_server
from harness.service.worker import WORKER_ROLE, Worker
from journal.lab_paths import LabPaths
from journal.store import Journal

LOOK_AGAIN_SECONDS = 1.0


class ForegroundServer:
    """A server process, and this process as worker whenever the lab is free."""

    def __init__(self, lab: LabPaths, port: int, say: Callable[[str], None]) -> None:
        self.lab = lab
        self.port = port
        self.say = say
        self._stop = False
        self._leave = False

    def run(self) -> int:
        """Serve until a signal.

        Raises:
            UserError: a server runs already, or it does not come up.
        """
        server = running_server(self.lab)
        if server is not None:
            raise UserError(f"{self.lab.folder}: a server already listens on {server.url}")
        check_same_nature(self.lab, simulated=False)
        create_lab(self.lab)
        journal = Journal.open(self.lab.journal)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: setattr(self, "_stop", True))
        signal.signal(signal.SIGUSR1, lambda *_: setattr(self, "_leave", True))
        process = start_server(self.lab, self.port, "serve", wait=False)
        try:
            self.say(f"serving {self.lab.folder} on {wait_for_server(self.lab, process).url}")
            while not self._stop and process.poll() is None:
                self._work(journal)
                time.sleep(0.2)
        finally:
            stop_server(self.lab, "serve")
            process.wait()
            journal.close()
        return 0 if self._stop else 1

    def _work(self, journal: Journal) -> None:
        if lock_holder(self.lab) is not None:
            return
        lock = LabLock(self.lab, WORKER_ROLE)
        try:
            lock.acquire()
        except UserError:
            return
        self._leave = False
        worker = Worker(self.lab, journal, detect(), self.say, self.say)
        worker.take_over()
        try:
            while not self._stop and not self._leave and running_server(self.lab) is not None:
                worker.turn()
                time.sleep(0.2)
            if not self._leave:
                worker.stop()
        finally:
            worker.let_go()
            lock.release()
        if self._leave:
            self.say("a session takes the lab over")
            time.sleep(LOOK_AGAIN_SECONDS)
