"""Work within a time limit: its result, its end at the limit, and no lost cancellation."""

import asyncio

import pytest

from trainer.system.time_limit import within


async def _after(seconds: float, ended: list[str]) -> str:
    try:
        await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        ended.append("cancelled")
        raise
    return "done"


def test_the_result_is_that_of_the_work() -> None:
    assert asyncio.run(within(60.0, _after(0.0, []))) == "done"


def test_an_exception_is_that_of_the_work() -> None:
    async def failing() -> None:
        raise ValueError("why")

    with pytest.raises(ValueError, match="why"):
        asyncio.run(within(60.0, failing()))


def test_at_the_limit_the_work_is_cancelled() -> None:
    ended: list[str] = []
    with pytest.raises(asyncio.TimeoutError):
        asyncio.run(within(0.01, _after(60.0, ended)))
    assert ended == ["cancelled"]


def test_who_is_cancelled_cancels_the_work() -> None:
    async def run(ended: list[str]) -> None:
        task = asyncio.create_task(within(60.0, _after(60.0, ended)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    ended: list[str] = []
    asyncio.run(run(ended))
    assert ended == ["cancelled"]


def test_a_cancellation_at_the_moment_of_the_result_is_not_lost() -> None:
    async def run() -> None:
        over = asyncio.Event()

        async def work() -> None:
            await over.wait()

        task = asyncio.create_task(within(60.0, work()))
        for _ in range(3):
            await asyncio.sleep(0)
        over.set()
        await asyncio.sleep(0)  # the work ends; its waiter does not know yet
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
