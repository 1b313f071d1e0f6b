"""Ranks that watch each other: one that dies or stays behind ends the job, and is named.

A collective only says that it waits. Here every rank tells the store which step it has come to, from a thread
that no collective can block, and looks where the others are.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta

from torch.distributed import (  # type: ignore[attr-defined]
    DistError,
    PrefixStore,
    Store,
    TCPStore,
)

from trainer.processes.ranks import Ranks
from trainer.system.processes import is_running

# Ranks compile and load alike: the first step's differences are seconds. Evaluation is not timed here:
# it and a checkpoint have the process group's own time-out.
PATIENCE_SECONDS = 300.0
BEAT_SECONDS = 1.0
STACK_CHARS = 4000
_STORE_SECONDS = 30


@dataclass(frozen=True)
class RankStatus:
    """What a rank says of itself; `stack` once others wait for it."""

    step: int
    pid: int
    host: str
    stack: str = ""


@dataclass(frozen=True)
class Lost:
    """Why the job cannot go on: a rank that died, or one behind and where it stands."""

    message: str
    stack: str | None


class RankWatch:
    """Beats and looks until closed; `on_lost` is called once, in the watching thread."""

    def __init__(
        self,
        store: Store,
        ranks: Ranks,
        on_lost: Callable[[Lost], None],
        patience_seconds: float = PATIENCE_SECONDS,
        beat_seconds: float = BEAT_SECONDS,
    ) -> None:
        self._store, self._ranks, self._on_lost = store, ranks, on_lost
        self._beat_seconds, self._patience_beats = beat_seconds, patience_seconds / beat_seconds
        self._step, self._stack, self._waited = 0, "", (0, 0)
        self._main = threading.get_ident()
        self._closed = threading.Event()
        self._beat()  # at once: a rank may die before its first second is over
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def reached(self, step: int) -> None:
        """This rank comes to where all ranks meet in `step`."""
        self._step = step

    def close(self) -> None:
        """Watch no more."""
        self._closed.set()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def dead(self, within_seconds: float) -> str | None:
        """Names of ranks that are dead, waiting a while for one to be seen."""
        deadline = time.monotonic() + within_seconds
        while True:
            dead = [rank for rank, status in self._statuses().items() if not _alive(status)]
            if dead or time.monotonic() >= deadline:
                return f"{_named(dead)} died" if dead else None
            time.sleep(min(self._beat_seconds, 0.2))

    def _watch(self) -> None:
        # A store that does not answer was torchrun's: that ends every rank by itself.
        with contextlib.suppress(DistError, RuntimeError):
            while not self._closed.wait(self._beat_seconds):
                lost = self._look(self._beat())
                if lost is not None and not self._closed.is_set():
                    self._on_lost(lost)
                    return

    def _beat(self) -> int:
        """Tell the others where this rank is."""
        own = RankStatus(self._step, os.getpid(), socket.gethostname(), self._stack)
        self._store.set(str(self._ranks.rank), json.dumps(asdict(own)))
        return own.step

    def _look(self, step: int) -> Lost | None:
        statuses = self._statuses()
        dead = [rank for rank, status in statuses.items() if not _alive(status)]
        if dead:
            return Lost(f"{_named(dead)} died, last seen at step {statuses[dead[0]].step}", None)
        behind = [rank for rank, status in statuses.items() if status.step < step]
        ahead = any(status.step > step for status in statuses.values())
        self._stack = _stack_of(self._main) if ahead else ""
        if self._waited_too_long(step, bool(behind)):
            seconds = self._patience_beats * self._beat_seconds
            message = f"{_named(behind)} did not come to step {step} within {seconds:.0f} s"
            return Lost(message, statuses[behind[0]].stack)
        return None

    def _waited_too_long(self, step: int, waiting: bool) -> bool:
        # Beats, not seconds: a suspended machine has not waited.
        before, beats = self._waited
        self._waited = (step, beats + 1 if waiting and step == before else 0)
        return waiting and self._waited[1] >= self._patience_beats

    def _statuses(self) -> dict[int, RankStatus]:
        """The other ranks' statuses; none before all have given one."""
        others = [rank for rank in range(self._ranks.world_size) if rank != self._ranks.rank]
        names = [str(rank) for rank in others]
        if not self._store.check(names):
            return {}
        texts = self._store.multi_get(names)
        return {rank: RankStatus(**json.loads(text)) for rank, text in zip(others, texts, strict=True)}


@contextlib.contextmanager
def watched(ranks: Ranks, on_lost: Callable[[Lost], None]) -> Iterator[RankWatch | None]:
    """A watch over all ranks for as long as the block runs; None for a single one."""
    if ranks.world_size == 1:
        yield None
        return
    watch = RankWatch(store_of(os.environ), ranks, on_lost)
    try:
        yield watch
    finally:
        watch.close()


def store_of(environment: Mapping[str, str]) -> Store:
    """A connection of its own to the store that the ranks met in: a waiting collective does not block it."""
    port = int(environment["MASTER_PORT"])
    store = TCPStore(
        environment["MASTER_ADDR"], port, is_master=False, timeout=timedelta(seconds=_STORE_SECONDS)
    )
    return PrefixStore("rank_watch", store)


def _alive(status: RankStatus) -> bool:
    """Whether a rank's process is there; on another host it is taken to be."""
    if status.host != socket.gethostname():
        return True
    return is_running(status.pid)


def _named(ranks: list[int]) -> str:
    return ("rank " if len(ranks) == 1 else "ranks ") + ", ".join(map(str, ranks))


def _stack_of(thread: int) -> str:
    frame = sys._current_frames().get(thread)
    return "".join(traceback.format_stack(frame))[-STACK_CHARS:] if frame else ""
