"""Large matrix products by the fastest algorithm, measured when a shape is first seen.

In bursts another algorithm is up to a fifth faster than torch's, the library's first guess. Of a training
step at the power limit that saves less than a hundredth at depth 12, about two at depth 24 in fp8
(docs/measurements.md). What was chosen is kept in `HARNESS_CACHE/products.json`: later jobs start at once and
round alike.
"""

import contextlib
import json
import statistics
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from trainer.cublaslt import Factors, Product, library, version
from trainer.job.paths import cache_dir
from trainer.run_folder import write_whole

Candidate = Callable[[], object]
Way = Callable[[Factors], Tensor]
# A smaller product ends before its choice would pay.
_LEAST_FLOP = 2e10
_TRIAL_MS, _FINALISTS, _TURNS = 10.0, 4, 4

_chosen: dict[tuple[int, str], Way] = {}


def mm(a_MK: Tensor, b_KN: Tensor) -> Tensor:
    """a b [M, N] of bf16; each is contiguous or the transpose of what is."""
    return _multiply(Factors(a_MK, b_KN))


def scaled_mm(a_MK: Tensor, b_KN: Tensor, scale_a: Tensor, scale_b: Tensor, rough: bool) -> Tensor:
    """a b · scales [M, N] in bf16, of fp8; a is contiguous and b the transpose of what is."""
    return _multiply(Factors(a_MK, b_KN, (scale_a, scale_b), rough))


def fastest(candidates: Sequence[Candidate], milliseconds: Callable[[Candidate], float]) -> int:
    """The number of the fastest: all are tried once, then the best in turns.

    Every other turn goes backwards, and there are an even number: steady drift favours none.
    """
    trial = [milliseconds(candidate) for candidate in candidates]
    best = sorted(range(len(candidates)), key=trial.__getitem__)[:_FINALISTS]
    times: dict[int, list[float]] = {number: [] for number in best}
    for turn in range(_TURNS):
        for number in best if turn % 2 == 0 else reversed(best):
            times[number].append(milliseconds(candidates[number]))
    return min(best, key=lambda number: statistics.median(times[number]))


def remembered(path: Path) -> dict[str, int]:
    """Choices that were kept; none where the file is none of ours."""
    try:
        kept = json.loads(path.read_text())
        return {str(name): int(number) for name, number in kept.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def remember(path: Path, name: str, number: int) -> None:
    """Keep a choice if the disk can; of two processes that do so at once, one may have to measure again."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps({**remembered(path), name: number}, indent=1).encode())


def _multiply(factors: Factors) -> Tensor:
    # A graph that is being captured can neither wait nor be timed, but it keeps what was chosen before.
    if factors.flop < _LEAST_FLOP or not factors.are_taken() or library() is None:
        return factors.by_torch()
    key = factors.a_MK.get_device(), factors.kind
    if key not in _chosen:
        if torch.cuda.is_current_stream_capturing():
            return factors.by_torch()
        _chosen[key] = _choose(factors)
    return _chosen[key](factors)


def _choose(factors: Factors) -> Way:
    """torch's own way is number 0, the library's algorithms follow."""
    try:
        product = Product(factors)
    except RuntimeError:
        return Factors.by_torch
    path, name = cache_dir() / "products.json", f"{torch.cuda.get_device_name()} {version()} {factors.kind}"
    ways: list[Way] = [Factors.by_torch, *(partial(product.run, number) for number in range(product.count))]
    number = remembered(path).get(name, len(ways))
    if not 0 <= number < len(ways):
        number = fastest([partial(way, factors) for way in ways], _milliseconds)
        remember(path, name, number)
    return ways[number]


def _milliseconds(work: Candidate) -> float:
    """Mean time of a call, over as many as take `_TRIAL_MS`; infinite where an algorithm refuses."""
    try:
        once = _span(work, 2)
    except RuntimeError:
        return float("inf")
    return _span(work, max(2, round(_TRIAL_MS / once)))


def _span(work: Candidate, calls: int) -> float:
    begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))  # type: ignore[no-untyped-call]
    begin.record()
    for _ in range(calls):
        work()
    end.record()
    end.synchronize()
    return float(begin.elapsed_time(end)) / calls
