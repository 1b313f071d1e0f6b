"""An iterator that a thread runs ahead of its reader."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from typing import Generic, TypeVar

from trainer.batches.packing import ROWS_PER_WINDOW

T = TypeVar("T")
LEAST_DEPTH = 4


def depth_of(rows_per_step: int) -> int:
    """Steps to prepare ahead: those of a window of rows, which is packed at once."""
    return max(LEAST_DEPTH, ROWS_PER_WINDOW // rows_per_step + 1)


class Prefetch(Generic[T]):
    """Iterates over `items`, prepared at most `depth` ahead; an error is raised where it would be read."""

    def __init__(self, items: Iterator[T], depth: int = LEAST_DEPTH) -> None:
        self._ready: queue.Queue[tuple[T | None, BaseException | None]] = queue.Queue(depth)
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._fill, args=(items,), daemon=True)
        self._thread.start()

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        item, error = self._ready.get()
        if error is not None:
            self._ready.put((None, error))
            raise error
        assert item is not None
        return item

    def close(self) -> None:
        """Stop the thread; items not read are dropped."""
        self._closed.set()
        self._thread.join(timeout=60)

    def _fill(self, items: Iterator[T]) -> None:
        try:
            for item in items:
                if not self._offer(item, None):
                    return
            self._offer(None, StopIteration())
        except Exception as error:
            self._offer(None, error)

    def _offer(self, item: T | None, error: BaseException | None) -> bool:
        while not self._closed.is_set():
            try:
                self._ready.put((item, error), timeout=0.2)
                return True
            except queue.Full:
                continue
        return False
