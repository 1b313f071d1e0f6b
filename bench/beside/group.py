"""The parent's end of a variant: one process a GPU, that train when they are told to."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from bench.beside.spec import Spec

ROOT = Path(__file__).resolve().parents[2]
TAIL_LINES = 25
# Errors that say all there is to know.
_PLAIN = ("JobError", "ValidationError", "ModuleNotFoundError")
_GRACE_SECONDS = 30.0
_OF_A_RANK = ("RANK", "LOCAL_RANK", "WORLD_SIZE", "LOCAL_WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT")


class Lost(Exception):
    """A worker that refused, died or was silent too long; `tail` is the end of its log, where it helps."""

    def __init__(self, message: str, tail: str = "") -> None:
        super().__init__(message)
        self.tail = tail


class Group:
    """`world_size` ranks of one variant; logs and compiled code are kept under `folder`."""

    def __init__(self, spec: Spec, world_size: int, folder: Path, patience: float, cold: bool) -> None:
        self.name, self._patience = f"{spec.variant} x{world_size}", patience
        self._logs = [folder / f"{spec.variant}-x{world_size}.{rank}.log" for rank in range(world_size)]
        self._answers: queue.Queue[str | None] = queue.Queue()
        spec = replace(spec, started=time.time())
        common = _environment(spec, folder / "cache" / spec.variant if cold else None)
        port = _free_port()
        self._processes: list[subprocess.Popen[str]] = []
        try:
            for rank in range(world_size):
                environment = common | _rank_environment(rank, world_size, port)
                self._processes.append(self._start(spec, environment, rank))
        except BaseException:
            self.kill()
            raise
        threading.Thread(target=self._listen, args=(self._processes[0].stdout,), daemon=True).start()

    def read(self) -> dict[str, Any]:
        """Rank 0's next answer.

        Raises:
            Lost: when a rank has died, says that it failed, or is silent for longer than the patience.
        """
        deadline = time.monotonic() + self._patience
        while time.monotonic() < deadline:
            dead = self._first_dead()
            try:
                # A dying rank 0 may have said why.
                line = self._answers.get(timeout=2.0 if dead is not None else 0.5)
            except queue.Empty:
                line = "" if dead is None else None
            if line is None:
                raise self._died()
            if line.startswith("{"):
                return self._answer(line)
        raise Lost(f"no answer in {self._patience:.0f} s", self._tail(0))

    def ask(self, question: str) -> dict[str, Any]:
        """The same, once all ranks have been told `question`."""
        for process in self._processes:
            assert process.stdin is not None
            try:
                process.stdin.write(question + "\n")
                process.stdin.flush()
            except OSError:
                raise self._died() from None
        return self.read()

    def close(self) -> None:
        """The end of their input ends them; those that stay are killed."""
        for process in self._processes:
            if process.stdin is not None and not process.stdin.closed:
                with contextlib.suppress(OSError):
                    process.stdin.close()
        deadline = time.monotonic() + _GRACE_SECONDS
        for process in self._processes:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def kill(self) -> None:
        """At once: the ranks of a group that lost one wait for it."""
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.wait()

    def _start(self, spec: Spec, environment: dict[str, str], rank: int) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "bench.beside.worker", spec.to_json()]
        with self._logs[rank].open("w") as log:
            return subprocess.Popen(
                command, env=environment, cwd=ROOT, text=True, stdin=subprocess.PIPE, stderr=log,
                stdout=subprocess.PIPE if rank == 0 else log,
            )  # fmt: skip

    def _listen(self, output: IO[str]) -> None:
        for line in output:
            self._answers.put(line)
        self._answers.put(None)

    def _answer(self, line: str) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            error = str(answer["error"])
            raise Lost(error, "" if error.startswith(_PLAIN) else self._tail(0))
        return answer

    def _first_dead(self) -> int | None:
        codes = [process.poll() for process in self._processes]
        return next((rank for rank, code in enumerate(codes) if code is not None), None)

    def _died(self) -> Lost:
        time.sleep(0.5)  # rank 0's output may end before the rank does
        rank = self._first_dead() or 0
        return Lost(f"rank {rank} ended with exit code {self._processes[rank].poll()}", self._tail(rank))

    def _tail(self, rank: int) -> str:
        lines = self._logs[rank].read_text(errors="replace").splitlines()
        return "\n".join([f"{self._logs[rank]}:", *lines[-TAIL_LINES:]])


def _environment(spec: Spec, cache: Path | None) -> dict[str, str]:
    """Of all ranks: what the variant's own launcher sets, and compiled code of its own if it starts cold."""
    environment = {name: value for name, value in os.environ.items() if name not in _OF_A_RANK}
    if spec.device == "cpu":
        environment["CUDA_VISIBLE_DEVICES"] = ""
    if cache is not None:
        environment["TORCHINDUCTOR_CACHE_DIR"] = str(cache / "inductor")
        environment["TRITON_CACHE_DIR"] = str(cache / "triton")
    if not spec.is_ours:
        environment.setdefault("PYTORCH_ALLOC_CONF", "expandable_segments:True")  # as base_train
        environment["HF_HUB_OFFLINE"] = "1"  # FA3 if it is there: without a network, asking takes minutes
    return environment


def _rank_environment(rank: int, world_size: int, port: int) -> dict[str, str]:
    """What torchrun tells a rank; nothing for a single one."""
    if world_size == 1:
        return {}
    names = {"RANK": rank, "LOCAL_RANK": rank, "WORLD_SIZE": world_size, "LOCAL_WORLD_SIZE": world_size}
    threads = {} if "OMP_NUM_THREADS" in os.environ else {"OMP_NUM_THREADS": "1"}
    master = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    return {name: str(value) for name, value in names.items()} | threads | master


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
