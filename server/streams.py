"""Answers that end when their client leaves: server-sent events, and the wait for a whole answer."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any, TypeVar

from fastapi import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

T = TypeVar("T")


class ClientLeft(Exception):
    """The client closed its connection before the answer was ready."""


async def unless_disconnected(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, which is cancelled when the client goes away.

    Raises:
        ClientLeft: it did.
    """
    answer = asyncio.ensure_future(work)
    departure = asyncio.ensure_future(_departure(receive))
    try:
        await asyncio.wait({answer, departure}, return_when=asyncio.FIRST_COMPLETED)
        if answer.done():
            return answer.result()
        raise ClientLeft
    finally:
        answer.cancel()
        departure.cancel()
        await asyncio.gather(answer, departure, return_exceptions=True)


class EventStream(Response):
    """Server-sent events; whatever ends the stream, `at_end` is called and the generator closed."""

    def __init__(self, events: AsyncGenerator[bytes, None], at_end: Callable[[], None] | None = None) -> None:
        super().__init__(media_type="text/event-stream", headers={"Cache-Control": "no-cache"})
        self._events = events
        self._at_end = at_end
        # A stream has no length, and a proxy must not collect it first.
        del self.headers["content-length"]
        self.headers["X-Accel-Buffering"] = "no"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await unless_disconnected(receive, self._send_all(send))
        except (ClientLeft, OSError):
            pass
        finally:
            await self._events.aclose()
            if self._at_end is not None:
                self._at_end()

    async def _send_all(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        async for event in self._events:
            await send({"type": "http.response.body", "body": event, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def gone(_request: Request, _error: Exception) -> Response:
    """What to answer a client that left: nothing it will read (499, as nginx logs it)."""
    return Response(status_code=499)


async def _departure(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
