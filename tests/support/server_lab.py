"""A lab in a temporary folder with a real server process on it, its models played by fake_engine.py."""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx

from journal.records import JobRow
from journal.store import Journal
from tests.support.paths import ROOT
from trainer.job import canonical_bytes, job_id, parse_job, spec_hash

FAKE_ENGINE = (sys.executable, str(ROOT / "tests" / "support" / "fakes" / "fake_engine.py"))
PATIENCE_SECONDS = 60.0
T = TypeVar("T")


def eventually(probe: Callable[[], T], what: str = "the condition") -> T:
    """The first true value of `probe`; fails when none comes in a generous time."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if value := probe():
            return value
        time.sleep(0.02)
    raise AssertionError(f"{what} did not come about")


class Lab:
    """The lab's folder and its journal."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "runs").mkdir(parents=True, exist_ok=True)
        self.journal = Journal.open(folder / "journal.db")

    def add_model(self, seed: int = 0, **script: object) -> str:
        """A finished job with a checkpoint the fake engine can play; its id."""
        job = parse_job(json.dumps({"kind": "tokenizer", "seed": seed}))
        name = job_id(job, self.journal.next_attempt(spec_hash(job)))
        checkpoint = self.folder / "runs" / name / "checkpoint"
        checkpoint.mkdir(parents=True)
        (checkpoint / "model.safetensors").write_bytes(b"")
        (checkpoint / "script.json").write_text(json.dumps(script))
        self.journal.add_job(
            JobRow(
                job_id=name, spec_hash=spec_hash(job), kind="sft", purpose="manual", state="succeeded",
                spec=canonical_bytes(job).decode(), seed=seed, gpus=1, source="conductor",
                created_at=time.time(), finished_at=time.time(),
            )
        )  # fmt: skip
        return name

    def deploy(self, name: str) -> int:
        """Ask for a deployment, as the conductor does."""
        return self.journal.request_deployment(
            name, str(self.folder / "runs" / name / "checkpoint"), time.time()
        )

    def state(self, deployment_id: int) -> str:
        return self.journal.deployment(deployment_id).state

    def received(self, name: str, kind: str) -> list[dict[str, Any]]:
        """What the engine of a model was asked, of one type."""
        log = self.folder / "runs" / name / "checkpoint" / "received.jsonl"
        lines = log.read_text().splitlines() if log.exists() else []
        return [request for request in map(json.loads, lines) if request["type"] == kind]

    def engine_pids(self, name: str) -> list[int]:
        """Pids of all engines that were ever started for a model."""
        log = self.folder / "runs" / name / "checkpoint" / "pids.txt"
        return [int(line) for line in log.read_text().split()] if log.exists() else []


class RunningServer:
    """`python -m server` on a lab, on a port of its own."""

    def __init__(
        self, lab: Lab, *extra: str, environment: dict[str, str] | None = None, real_engine: bool = False
    ) -> None:
        self.lab = lab
        self.log = lab.folder.parent / f"server-{time.monotonic_ns()}.log"
        command = [sys.executable, "-m", "server", "--lab", str(lab.folder), "--port", "0"]
        command += ["--deploy-pause", "0.05"]
        command += [*extra] if real_engine else ["--engine-command", shlex.join(FAKE_ENGINE), *extra]
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                command, cwd=ROOT, stdout=output, stderr=output, env=os.environ | (environment or {})
            )
        eventually(self._published_or_ended, "the start of the server")
        assert self.process.poll() is None, self.log.read_text()
        self.record = json.loads((lab.folder / "server.json").read_text())
        self.url = f"http://127.0.0.1:{self.record['port']}"
        self.http = httpx.Client(base_url=self.url, timeout=PATIENCE_SECONDS)

    def _published_or_ended(self) -> bool:
        try:
            record = json.loads((self.lab.folder / "server.json").read_text())
        except (OSError, ValueError):
            return self.process.poll() is not None
        return record["pid"] == self.process.pid or self.process.poll() is not None

    def wait_live(self, name: str) -> None:
        """Wait until a model answers."""
        eventually(
            lambda: (self.http.get("/health").json()["live"] or {}).get("job_id") == name, f"{name} live"
        )

    def say(self, words: str, **more: object) -> httpx.Response:
        """One chat message, not streamed."""
        document = {"model": "best", "messages": [{"role": "user", "content": words}], **more}
        return self.http.post("/v1/chat/completions", json=document)

    def answer(self, words: str) -> str:
        return str(self.say(words).json()["choices"][0]["message"]["content"])

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; the exit status."""
        self.http.close()
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(PATIENCE_SECONDS)


@contextmanager
def serving(
    lab: Lab, *extra: str, environment: dict[str, str] | None = None, real_engine: bool = False
) -> Iterator[RunningServer]:
    """A server that is ended at the end of the block."""
    server = RunningServer(lab, *extra, environment=environment, real_engine=real_engine)
    try:
        yield server
    finally:
        server.stop()
