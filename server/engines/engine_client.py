"""One connection to an engine process: JSON lines over a UNIX socket, many requests at once."""

import asyncio
import uuid
from pathlib import Path

from pydantic import ValidationError

from trainer.job.engine import (
    CanaryReport,
    CanaryRequest,
    CancelRequest,
    ChatRequest,
    CompletionRequest,
    Delta,
    Done,
    EngineError,
    Ready,
    reply_adapter,
)

LINE_LIMIT_BYTES = 8 << 20
Answer = Delta | Done | EngineError | CanaryReport
Question = ChatRequest | CompletionRequest | CanaryRequest


class EngineDisconnected(RuntimeError):
    """The engine's connection ended, or it spoke something other than the protocol."""


class Generation:
    """One open request: iterate over its answers; the last is a `Done`, `EngineError` or `CanaryReport`."""

    def __init__(self, client: "EngineClient", request_id: str) -> None:
        self._client = client
        self._request_id = request_id
        self._answers: asyncio.Queue[Answer | None] = asyncio.Queue()
        self._ended = False

    def __aiter__(self) -> "Generation":
        return self

    async def __anext__(self) -> Answer:
        """The next answer.

        Raises:
            EngineDisconnected: the engine ended before the request did.
        """
        if self._ended:
            raise StopAsyncIteration
        answer = await self._answers.get()
        self._ended = not isinstance(answer, Delta)
        if answer is None:
            raise EngineDisconnected("the model's process ended while it was answering")
        return answer

    def cancel(self) -> None:
        """Tell the engine to stop, if it has not yet; safe to call at any time."""
        self._client.cancel(self._request_id)

    def put(self, answer: Answer | None) -> None:
        self._answers.put_nowait(answer)


class EngineClient:
    """Multiplexes requests over one connection; `request_id` pairs answers with them."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, ready: Ready) -> None:
        self.ready = ready
        self.disconnected = asyncio.Event()
        self._reader = reader
        self._writer = writer
        self._open: dict[str, Generation] = {}
        self._idle = asyncio.Event()
        self._idle.set()
        self._reader_task = asyncio.create_task(self._read_answers())

    @classmethod
    async def connect(cls, socket_path: Path) -> "EngineClient":
        """Connect and read the engine's greeting.

        Raises:
            OSError: nothing listens there yet.
            EngineDisconnected: what listens there is not an engine.
        """
        reader, writer = await asyncio.open_unix_connection(socket_path, limit=LINE_LIMIT_BYTES)
        try:
            ready = Ready.model_validate_json(await reader.readline())
        except (ValidationError, ValueError) as error:
            writer.close()
            raise EngineDisconnected(f"the engine did not greet: {_first_line(error)}") from None
        return cls(reader, writer, ready)

    @property
    def in_flight(self) -> int:
        return len(self._open)

    def start(self, request: Question) -> Generation:
        """Send a request; its place among the engine's requests is taken before this returns.

        Raises:
            EngineDisconnected: the engine is no longer there.
        """
        if self.disconnected.is_set():
            raise EngineDisconnected("the model's process has ended")
        generation = Generation(self, request.request_id)
        self._open[request.request_id] = generation
        self._idle.clear()
        self._writer.write(request.model_dump_json().encode() + b"\n")
        return generation

    async def canary(self) -> CanaryReport:
        """Have the engine reproduce the checkpoint's stored loss.

        Raises:
            EngineDisconnected: it ended, or answered with an error.
        """
        async for answer in self.start(CanaryRequest(request_id=new_request_id())):
            if isinstance(answer, CanaryReport):
                return answer
            if isinstance(answer, EngineError):
                raise EngineDisconnected(answer.message)
        raise EngineDisconnected("the canary was not answered")

    def cancel(self, request_id: str) -> None:
        """Cancel a request that is still open."""
        if self._open.pop(request_id, None) is None:
            return
        self._note_idle()
        if not self.disconnected.is_set():
            self._writer.write(CancelRequest(request_id=request_id).model_dump_json().encode() + b"\n")

    async def drained(self) -> None:
        """Return once no request is open."""
        await self._idle.wait()

    async def close(self) -> None:
        self._reader_task.cancel()
        # So that a cancellation of who closes is not taken for the reader's.
        await asyncio.gather(self._reader_task, return_exceptions=True)
        self._writer.close()

    async def _read_answers(self) -> None:
        adapter = reply_adapter()
        try:
            while line := await self._reader.readline():
                self._deliver(adapter.validate_json(line))
        except (OSError, ValueError):
            pass  # the end of the stream and an unreadable line mean the same: this engine is over
        finally:
            self._end()

    def _deliver(self, reply: Ready | Answer) -> None:
        if isinstance(reply, Ready) or reply.request_id is None:
            return
        generation = self._open.get(reply.request_id)
        if generation is None:
            return
        generation.put(reply)
        if not isinstance(reply, Delta):
            del self._open[reply.request_id]
            self._note_idle()

    def _note_idle(self) -> None:
        if not self._open:
            self._idle.set()

    def _end(self) -> None:
        self.disconnected.set()
        for generation in self._open.values():
            generation.put(None)
        self._open.clear()
        self._note_idle()


def new_request_id() -> str:
    """A fresh id for one request."""
    return uuid.uuid4().hex


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
