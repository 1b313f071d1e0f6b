"""CUDA graphs: work that the host hands over in one call, and host memory that its inputs come from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

_SLOTS = 4


class Replay:
    """One captured run of `work`, whose result lies in the graph's own memory, `pool`.

    Capturing runs nothing. Graphs may share a pool that are replayed one after the other and leave nothing in
    it for each other but what is referred to when the later one is captured.
    """

    def __init__(self, work: Callable[[], Any], pool: Any = None) -> None:
        self._graph = torch.cuda.CUDAGraph()
        # Another thread may watch over collectives meanwhile: only this thread's calls are captured.
        stream = _side_streams(torch.cuda.current_device(), 1)[0]
        with torch.cuda.graph(self._graph, pool, stream=stream, capture_error_mode="thread_local"):
            self._result = work()
        self.pool = self._graph.pool()

    def __call__(self) -> Any:
        self._graph.replay()
        return self._result


def rehearse(work: Callable[[], Any], times: int) -> None:
    """Run `work` beside the current stream: whatever is built at a first call cannot be captured."""
    stream = _side_streams(torch.cuda.current_device(), 1)[0]
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(times):
            work()
    torch.cuda.current_stream().wait_stream(stream)
    torch.cuda.synchronize()


def side_by_side(works: Sequence[Callable[[], Any]], device: torch.device) -> None:
    """Queue each on a stream of its own, so that small kernels share the GPU; what follows waits for all.

    None may read what another writes. On a CPU they run one after the other.
    """
    if device.type != "cuda":
        for work in works:
            work()
        return
    current = torch.cuda.current_stream(device)
    # The first of the side streams is the one that captures.
    streams = _side_streams(torch.cuda.current_device(), len(works))[1:]
    for work, stream in zip(works[1:], streams, strict=True):
        stream.wait_stream(current)
        with torch.cuda.stream(stream):
            work()
    works[0]()
    for stream in streams:
        current.wait_stream(stream)


def _side_streams(device: int, count: int) -> list[torch.cuda.Stream]:
    """The same ones each time: cuBLAS keeps 32 MiB for every stream that it has worked on."""
    return [_side_stream(device, index) for index in range(count)]


@lru_cache(maxsize=64)
def _side_stream(device: int, index: int) -> torch.cuda.Stream:
    return torch.cuda.Stream(device)  # type: ignore[no-untyped-call]


class PinnedRing:
    """Pinned host memory, a few times the size of `target`, which it is copied to without waiting.

    No slot is written before the copy from it has run. `new_slot` and `new_event` make its parts.
    """

    def __init__(
        self,
        target: Tensor,
        new_slot: Callable[[Tensor], Tensor] | None = None,
        new_event: Callable[[], Any] = torch.cuda.Event,
    ) -> None:
        new_slot = new_slot or _pinned
        self._target = target
        self._slots = [(new_slot(target), new_event()) for _ in range(_SLOTS)]
        self._sent = 0

    def send(self, write: Callable[[Tensor], object]) -> None:
        """`write` fills a host tensor like `target` entirely; its copy to `target` is queued."""
        host, copied = self._slots[self._sent % _SLOTS]
        self._sent += 1
        copied.synchronize()
        write(host)
        self._target.copy_(host, non_blocking=True)
        copied.record()


def _pinned(like: Tensor) -> Tensor:
    return torch.zeros(like.shape, dtype=like.dtype, pin_memory=True)
