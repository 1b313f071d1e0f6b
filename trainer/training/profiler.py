"""A trace of a few steady steps: `trace.json.gz`, and where their time went."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import torch
from torch.profiler import ProfilerActivity, profile

from trainer.training.trace import breakdown

PROFILED_STEPS = 3
# The first steps allocate, and on a GPU find their speed.
_SKIPPED_STEPS = 2


class StepProfiler:
    """Opens before step `first` and closes `PROFILED_STEPS` later; every rank keeps to it, one records.

    Steps in between are not timed: being traced takes time.
    """

    def __init__(self, begin: int, total: int | None, path: Path | None, device: torch.device) -> None:
        last = total - PROFILED_STEPS if total is not None else begin + _SKIPPED_STEPS
        self._first = max(begin, min(begin + _SKIPPED_STEPS, last))
        self._path, self._device = path, device
        self._profile: profile | None = None
        self.is_open = False

    def edge(self, launched: int) -> bool:
        """Whether to open or close before the next step; all that was launched must be settled then."""
        return launched in (self._first, self._first + PROFILED_STEPS)

    def open(self) -> None:
        self.is_open = True
        if self._path is None:
            return
        # Else the tracer writes errors about GPUs into the log of a machine that has none.
        os.environ.setdefault("KINETO_LOG_LEVEL", "99")
        activities = [ProfilerActivity.CPU]
        activities += [ProfilerActivity.CUDA] if self._device.type == "cuda" else []
        self._profile = profile(activities=activities)
        self._profile.start()

    def close(self, launched: int) -> dict[str, float]:
        """Write the trace; milliseconds a step by category, on the rank that recorded."""
        self.is_open = False
        recorded, self._profile = self._profile, None
        if recorded is None or self._path is None:
            return {}
        recorded.stop()
        recorded.export_chrome_trace(str(self._path))
        with gzip.open(self._path, "rt", encoding="utf-8") as file:
            events = json.load(file)["traceEvents"]
        return breakdown(events, launched - self._first)

    def abandon(self) -> None:
        """Stop without a trace."""
        self.is_open = False
        recorded, self._profile = self._profile, None
        if recorded is not None:
            recorded.stop()
