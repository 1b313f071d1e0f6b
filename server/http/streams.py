"""Answers that end when their client leaves: server-sent events, and the wait for a whole answer."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping
from typing import Any, TypeVar

from fastapi import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from server.http.errors import ApiError, unavailable

T = TypeVar("T")


class ClientDisconnected(Exception):
    """The client closed its connection before the answer was ready."""


async def cancel_on_disconnect(receive: Receive, closing: asyncio.Event, work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, which is cancelled when the client goes away or the server is to end.

    Raises:
        ClientDisconnected: the client did.
        ApiError: the server is ending.
    """
    answer = asyncio.ensure_future(work)
    disconnect, end = asyncio.ensure_future(_disconnect(receive)), asyncio.ensure_future(closing.wait())
    try:
        await asyncio.wait({answer, disconnect, end}, return_when=asyncio.FIRST_COMPLETED)
        if answer.done():
            return answer.result()
        if disconnect.done():
            raise ClientDisconnected
        raise unavailable("the server is shutting down")
    finally:
        for task in (answer, disconnect, end):
            task.cancel()
        await asyncio.gather(answer, disconnect, end, return_exceptions=True)


class EventStream(Response):
    """Server-sent events; whatever ends the stream, `at_end` is called and the generator closed."""

    def __init__(
        self,
        events: AsyncGenerator[bytes, None],
        closing: asyncio.Event,
        at_end: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(media_type="text/event-stream", headers={"Cache-Control": "no-cache"})
        self._events = events
        self._closing = closing
        self._at_end = at_end
        # A stream has no length, and a proxy must not collect it first.
        del self.headers["content-length"]
        self.headers["X-Accel-Buffering"] = "no"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await cancel_on_disconnect(receive, self._closing, self._send_all(send))
            await send({"type": "http.response.body", "body": b""})
        except ApiError as error:
            await send({"type": "http.response.body", "body": event_of(error.document)})
        except (ClientDisconnected, OSError):
            pass
        finally:
            await self._events.aclose()
            self._at_end()

    async def _send_all(self, send: Send) -> None:
        async for event in self._events:
            await send({"type": "http.response.body", "body": event, "more_body": True})


def event_of(document: Mapping[str, object]) -> bytes:
    """One server-sent event."""
    return b"data: " + json.dumps(document, ensure_ascii=False).encode() + b"\n\n"


def answer_disconnected(_request: Request, _error: Exception) -> Response:
    """What to answer a client that left: nothing it will read (499, as nginx logs it)."""
    return Response(status_code=499)


async def _disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
