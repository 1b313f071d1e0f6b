"""The journal seen from asyncio: one connection, in one thread of its own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from journal.store import Journal

T = TypeVar("T")


class JournalThread:
    """Runs short pieces of work on the journal, one after the other (SQLite objects stay in their thread)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._journal: Journal | None = None

    async def run(self, work: Callable[[Journal], T]) -> T:
        """The result of `work`, or its exception."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, self._work, work)

    def _work(self, work: Callable[[Journal], T]) -> T:
        if self._journal is None:
            self._journal = Journal.open(self._path)
        return work(self._journal)

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._executor, self._close)
        self._executor.shutdown(wait=False)

    def _close(self) -> None:
        if self._journal is not None:
            self._journal.close()
            self._journal = None
