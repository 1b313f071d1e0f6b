"""The fastest of several ways to the same result on a GPU, measured at its power limit and kept.

After some tens of milliseconds of matrix products an H100 is at its power limit and lowers its clock, by how
much depends on the way. What is fastest in bursts need not be when it goes on (docs/logs/gpu_speed.md), so
the best are run until the clock has fallen. Choices are kept in `HARNESS_CACHE/kernels.json`: later
jobs start at once and round alike.
"""

import contextlib
import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import torch

from trainer.job.paths import cache_dir
from trainer.system.files import write_whole

Candidate = Callable[[], object]
Clock = Callable[[Candidate, float], float]
Result = TypeVar("Result")
Way = Callable[..., Result]
# Work that is shorter ends before its choice would pay.
LEAST_FLOP = 2e10
_TRIAL_MS, _SETTLED_MS, _FINALISTS = 6.0, 120.0, 2
# The clock wanders by 2% at the limit: in recorded times, changes for less than 3% cost more than they saved.
_CLEARLY = 0.97

_chosen: dict[tuple[int, str], tuple[int, Way[Any]]] = {}


def by_fastest(
    name: str,
    plain: Way[Result],
    others: Callable[[], Sequence[Way[Result]]],
    device: int,
    *arguments: object,
) -> Result:
    """The result for `arguments`, whose kind is `name`, by `plain` or one of `others`, which do the same.

    They are measured when a name is first seen, on these arguments.
    """
    if (device, name) not in _chosen:
        # A graph that is being captured can neither wait nor be timed, but it keeps what was chosen before.
        if torch.cuda.is_current_stream_capturing():
            return plain(*arguments)
        ways = [plain, *others()]
        path, whole_name = cache_dir() / "kernels.json", f"{torch.cuda.get_device_name(device)} {name}"
        candidates = [partial(way, *arguments) for way in ways]
        number = kept_or_fastest(path, whole_name, candidates, milliseconds)
        _chosen[device, name] = number, ways[number]
    result: Result = _chosen[device, name][1](*arguments)
    return result


def choices() -> dict[str, int]:
    """The number of what this process uses for each name, 0 where that is the plain way."""
    return {name: number for (_, name), (number, _) in _chosen.items()}


def kept_or_fastest(path: Path, name: str, candidates: Sequence[Candidate], clock: Clock) -> int:
    """The number that `path` keeps for `name`, if that still runs; else the `fastest`, kept from then on."""
    number = remembered(path).get(name, len(candidates))
    if 0 <= number < len(candidates) and _runs(candidates[number]):
        return number
    number = fastest(candidates, clock)
    remember(path, name, number)
    return number


def fastest(candidates: Sequence[Candidate], milliseconds: Clock) -> int:
    """The number of the fastest in the long run of the best in bursts; 0, where that is not clearly faster.

    All are measured twice, the second time in reverse order: steady drift favours none.
    """
    bursts = _both_ways(range(len(candidates)), candidates, milliseconds, _TRIAL_MS)
    best = sorted(bursts, key=bursts.__getitem__)[:_FINALISTS]
    contenders = [number for number in best if bursts[number] < _CLEARLY * bursts[0]]
    if not contenders:
        return 0
    settled = _both_ways([0, *contenders], candidates, milliseconds, _SETTLED_MS)
    winner = min(contenders, key=settled.__getitem__)
    return winner if settled[winner] < _CLEARLY * settled[0] else 0


def remembered(path: Path) -> dict[str, int]:
    """Choices that were kept; none where the file is none of ours."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): int(number) for name, number in kept.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def remember(path: Path, name: str, number: int) -> None:
    """Keep a choice if the disk can; of two processes that do so at once, one may have to measure again."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps({**remembered(path), name: number}, indent=1).encode())


def milliseconds(work: Candidate, span_ms: float) -> float:
    """Mean time of a call in the second half of `span_ms` of nothing else; infinite where it refuses."""
    try:
        work()  # some are compiled when they are first called
        once = _span(work, 2)
    except RuntimeError:
        return float("inf")
    calls = max(2, round(span_ms / 2 / once))
    _span(work, calls)
    return _span(work, calls)


def _runs(work: Candidate) -> bool:
    try:
        work()
    except RuntimeError:
        return False
    return True


def _both_ways(
    numbers: Sequence[int], candidates: Sequence[Candidate], clock: Clock, span_ms: float
) -> dict[int, float]:
    """Twice the time of each."""
    times = dict.fromkeys(numbers, 0.0)
    for number in (*numbers, *reversed(numbers)):
        times[number] += clock(candidates[number], span_ms)
    return times


def _span(work: Candidate, calls: int) -> float:
    begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))  # type: ignore[no-untyped-call]
    begin.record()
    for _ in range(calls):
        work()
    end.record()
    end.synchronize()
    return float(begin.elapsed_time(end)) / calls
