"""Where the time of traced steps went, from the events of a Chrome trace.

On a GPU the device's own events count, each moment once: computation first, communication only where nothing
else runs beside it. On a CPU each operation counts for the time that none of its parts takes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

CATEGORIES = (
    "attention", "matmul", "elementwise", "optimizer", "communication", "data_wait", "idle",
)  # fmt: skip
OPTIMIZER, DATA_WAIT, STEP = "optimizer", "data_wait", "training_step"
_DEVICE = ("kernel", "gpu_memcpy", "gpu_memset")
_HOST = ("cpu_op", "user_annotation")
_PATTERNS = (
    (re.compile(r"nccl|gloo|c10d"), "communication"),
    # Of a CPU's operations only attention multiplies in batches; Muon, which does, is the optimizer's.
    (re.compile(r"sdpa|attention|flash|fmha|::_softmax|::(badd)?bmm$"), "attention"),
    (re.compile(r"gemm|nvjet|cutlass|cublas|splitk|_product|triton_\w*mm|(^|::)_?(add|badd)?b?mm$|matmul|linear$"),
     "matmul"),
)  # fmt: skip
Interval = tuple[float, float]
Event = dict[str, Any]


def category_of(name: str) -> str:
    """What a kernel or an operation does, by its name."""
    lower = name.lower()
    return next((category for pattern, category in _PATTERNS if pattern.search(lower)), "elementwise")


def breakdown(events: Iterable[Event], steps: int) -> dict[str, float]:
    """Milliseconds a step by category; they add up to the time from the first step's start to the end.

    `events` are those of a trace of `steps` steps, each annotated `STEP`, with `OPTIMIZER` and `DATA_WAIT`
    inside.
    """
    complete = [event for event in events if event.get("ph") == "X"]
    begin = min(e["ts"] for e in complete if e["name"] == STEP)
    end = max(_interval(e)[1] for e in complete if e["name"] == STEP or e.get("cat") in _DEVICE)
    on_device = [event for event in complete if event.get("cat") in _DEVICE]
    totals = _device_totals(complete, on_device) if on_device else _host_totals(complete)
    waited = sum(e["dur"] for e in complete if e["name"] == DATA_WAIT and e.get("cat") == "user_annotation")
    idle = max(0.0, end - begin - sum(totals.values()))
    totals["data_wait"] = min(idle, waited)
    totals["idle"] = idle - totals["data_wait"]
    return {category: totals.get(category, 0.0) / 1e3 / steps for category in CATEGORIES}


def _device_totals(events: Sequence[Event], on_device: Sequence[Event]) -> dict[str, float]:
    stepping = [
        _interval(e) for e in events if e["name"] == OPTIMIZER and e.get("cat") == "gpu_user_annotation"
    ]
    totals: dict[str, float] = defaultdict(float)
    reached = float("-inf")
    work: list[Interval] = []
    for event in sorted(on_device, key=lambda e: float(e["ts"])):
        start, end = _interval(event)
        category = category_of(event["name"])
        if category == "communication":
            continue
        inside = any(a <= start < b for a, b in stepping)
        totals[OPTIMIZER if inside else category] += max(0.0, end - max(start, reached))
        work.append((start, end))
        reached = max(reached, end)
    sent = [_interval(e) for e in on_device if category_of(e["name"]) == "communication"]
    totals["communication"] = _length([*work, *sent]) - _length(work)
    return totals


def _host_totals(events: Sequence[Event]) -> dict[str, float]:
    """Of the thread that takes the steps: each event's time less its parts', in its own or outer category."""
    main = next(e["tid"] for e in events if e["name"] == STEP)
    own = [e for e in events if e.get("cat") in _HOST and e["tid"] == main]
    totals: dict[str, float] = defaultdict(float)
    open_events: list[tuple[float, str | None]] = []  # end, claimed category
    for event in sorted(own, key=lambda e: (float(e["ts"]), -float(e["dur"]))):
        start, end = _interval(event)
        while open_events and open_events[-1][0] <= start:
            open_events.pop()
        outer = open_events[-1][1] if open_events else None
        claimed = _claim(event, outer)
        if outer is not None:
            totals[outer] -= event["dur"]
        if claimed is not None:
            totals[claimed] += event["dur"]
        open_events.append((end, claimed))
    return {category: total for category, total in totals.items() if category in CATEGORIES}


def _claim(event: Event, outer: str | None) -> str | None:
    """The category of an event inside one of category `outer`; None: the host's own time."""
    if event["name"] == OPTIMIZER:
        return OPTIMIZER
    if outer not in (None, "elementwise"):
        return outer
    return None if event["cat"] == "user_annotation" else category_of(event["name"])


def _interval(event: Event) -> Interval:
    return float(event["ts"]), float(event["ts"]) + float(event["dur"])


def _length(intervals: Sequence[Interval]) -> float:
    """Of the union."""
    total, reached = 0.0, float("-inf")
    for start, end in sorted(intervals):
        total += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return total
