"""A time limit for asynchronous work that never loses a cancellation. stdlib only."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def within(seconds: float, work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, which is cancelled when the time is over.

    Not `asyncio.wait_for`: until Python 3.12 it returns the result of work that has just ended to a task that
    was cancelled at that moment, and the task goes on for good (bpo-37658, mended by gh-96764).

    Raises:
        asyncio.TimeoutError: it has not ended.
    """
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait({task}, timeout=seconds)
        if task.done():
            return task.result()
    finally:
        if not task.done():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
    raise asyncio.TimeoutError
