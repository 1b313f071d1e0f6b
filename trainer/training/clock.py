"""How long steps take: on a GPU by its own clock, since Python runs ahead of it and learns of an end late."""

from __future__ import annotations

import time

import torch


class StepClock:
    """Seconds from the end of one step to the end of the next; `restart` after anything in between."""

    def __init__(self, device: torch.device) -> None:
        self._on_gpu = device.type == "cuda"
        self._last_event: torch.cuda.Event | None = None
        self._last_seconds = 0.0
        self.restart()

    def restart(self) -> None:
        """The next step's time begins now; nothing may be queued."""
        self._last_event, self._last_seconds = self.step_queued(), time.perf_counter()

    def step_queued(self) -> torch.cuda.Event | None:
        """The end of a step whose work has just been handed over; None on a CPU, where it is done."""
        if not self._on_gpu:
            return None
        event = torch.cuda.Event(enable_timing=True)  # type: ignore[no-untyped-call]
        event.record()
        return event

    def seconds_until(self, done: torch.cuda.Event | None) -> float:
        """Wait for a step's end; how long it took from the end before."""
        if done is None or self._last_event is None:
            last, self._last_seconds = self._last_seconds, time.perf_counter()
            return self._last_seconds - last
        done.synchronize()
        last_event, self._last_event = self._last_event, done
        return float(last_event.elapsed_time(done)) / 1e3
