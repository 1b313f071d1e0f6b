"""One variant in a process of its own, one thread, that trains when it is told to."""

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

# glibc gives freed blocks of more than 128 KiB back, and faults them in again in the next step.
KEEP_MEMORY = {"MALLOC_TRIM_THRESHOLD_": str(2**40), "MALLOC_MMAP_THRESHOLD_": str(2**40)}


class Worker:
    """The parent's end. `tokens_per_cpu_second` has one entry a round."""

    def __init__(self, name: str, rows: Path, args: argparse.Namespace) -> None:
        self.name = name
        self.tokens_per_cpu_second: list[float] = []
        dtype = "bfloat16" if "bf16" in name else "float32"
        environment = os.environ | KEEP_MEMORY | {"OMP_NUM_THREADS": "1", "NANOCHAT_DTYPE": dtype}
        words = [name, args.shape, str(rows), str(args.rounds), str(args.nanochat)]
        command = [sys.executable, "-m", "bench.cpu.train", *words]
        self._process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._read()

    def step(self) -> None:
        """One optimizer step."""
        answer = self._ask("step")
        self.tokens_per_cpu_second.append(answer["tokens"] / answer["cpu_seconds"])

    def close(self) -> float:
        """Held-out loss in nats a token; the process ends."""
        loss = float(self._ask("validate")["loss"])
        self._process.communicate()
        return loss

    def _ask(self, question: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # `_read` tells how it ended
            self._process.stdin.write(question + "\n")
            self._process.stdin.flush()
        return self._read()

    def _read(self) -> dict[str, Any]:
        """The next line of JSON; whatever else the process prints is passed over."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("{"):
                answer: dict[str, Any] = json.loads(line)
                return answer
        code = self._process.wait()
        killed = ": killed, as when memory runs out; name fewer --variants" if code == -signal.SIGKILL else ""
        raise SystemExit(f"{self.name}: ended with exit code {code}{killed}")
