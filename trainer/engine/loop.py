"""The engine's one model thread: takes messages from connections, runs the batcher, sends replies."""

import queue
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from trainer.engine.batching import Batcher
from trainer.engine.generation import Generation
from trainer.engine.replies import Advance, Finish
from trainer.engine.requests import ContextLengthExceeded, build_generation
from trainer.engine.scheduler import Key
from trainer.job.engine import (
    CanaryReport,
    CanaryRequest,
    CancelRequest,
    ChatRequest,
    CompletionRequest,
    Delta,
    Done,
    EngineError,
)
from trainer.tokenizer import Tokenizer

Request = ChatRequest | CompletionRequest | CancelRequest | CanaryRequest
Answer = Delta | Done | EngineError | CanaryReport


class Sink(Protocol):
    """Where the replies of one connection go; may be called from any thread."""

    id: int

    def send(self, reply: Answer) -> None:
        """Send one message; a no-op once the connection is closed."""


@dataclass(frozen=True)
class Arrived:
    """A request on a connection."""

    sink: Sink
    request: Request


@dataclass(frozen=True)
class Disconnected:
    """A connection closed: nobody waits for its replies."""

    connection_id: int


class EngineLoop:
    """Owns the model: nothing else runs it."""

    def __init__(
        self,
        batcher_of: Callable[[Callable[[Generation, Advance], None]], Batcher],
        tokenizer: Tokenizer,
        sequence_len: int,
        canary: Callable[[str], CanaryReport],
    ) -> None:
        self._batcher = batcher_of(self._report)
        self._tokenizer = tokenizer
        self._sequence_len = sequence_len
        self._canary = canary
        self._inbox: queue.SimpleQueue[Arrived | Disconnected | None] = queue.SimpleQueue()
        self._sinks: dict[Key, Sink] = {}

    def put(self, message: Arrived | Disconnected | None) -> None:
        """Hand over a message, from any thread; None ends the loop."""
        self._inbox.put(message)

    def run(self) -> None:
        """Serve until None arrives. A failing forward pass ends the loop: the process is to be replaced."""
        try:
            while self._take_messages():
                if len(self._batcher.scheduler):
                    self._batcher.step()
        except Exception as error:
            for generation in self._batcher.scheduler:
                self._refuse(generation.key, "internal", f"the engine failed: {error}")
            raise

    def _take_messages(self) -> bool:
        """Handle all messages that wait; when there is nothing else to do, wait for one."""
        while not self._inbox.empty() or not len(self._batcher.scheduler):
            message = self._inbox.get()
            if message is None:
                return False
            if isinstance(message, Disconnected):
                self._forget(message.connection_id)
            else:
                self._handle(message.sink, message.request)
        return True

    def _handle(self, sink: Sink, request: Request) -> None:
        key = (sink.id, request.request_id)
        if isinstance(request, CancelRequest):
            self._cancel(key)
        elif isinstance(request, CanaryRequest):
            sink.send(self._canary(request.request_id))
        elif key in self._sinks:
            sink.send(_error(key, "invalid_request", f"request_id: {key[1]!r}; already in flight"))
        else:
            self._sinks[key] = sink
            self._start(key, request)

    def _start(self, key: Key, request: ChatRequest | CompletionRequest) -> None:
        try:
            generation = build_generation(request, key, self._tokenizer, self._sequence_len)
        except ContextLengthExceeded as error:
            self._refuse(key, "context_length_exceeded", str(error))
        except ValueError as error:
            self._refuse(key, "invalid_request", str(error))
        except Exception as error:
            traceback.print_exc()
            self._refuse(key, "internal", f"{type(error).__name__}: {error}")
        else:
            self._batcher.add(generation)

    def _refuse(self, key: Key, code: str, message: str) -> None:
        self._sinks.pop(key).send(_error(key, code, message))

    def _cancel(self, key: Key) -> None:
        generation = self._batcher.remove(key)
        if generation is not None:
            self._finish(generation, Advance(), "cancelled")

    def _forget(self, connection_id: int) -> None:
        for key in [key for key in self._sinks if key[0] == connection_id]:
            self._batcher.remove(key)
            del self._sinks[key]

    def _report(self, generation: Generation, advance: Advance) -> None:
        if advance.finish is not None:
            self._finish(generation, advance, advance.finish)
        elif advance.text:
            self._sinks[generation.key].send(Delta(request_id=generation.key[1], text=advance.text))

    def _finish(self, generation: Generation, advance: Advance, reason: Finish) -> None:
        sink, request_id = self._sinks.pop(generation.key), generation.key[1]
        if advance.text:
            sink.send(Delta(request_id=request_id, text=advance.text))
        sink.send(
            Done(
                request_id=request_id,
                finish_reason=reason,
                prompt_tokens=generation.prompt_tokens,
                completion_tokens=generation.sampled_tokens,
                tool_calls=advance.tool_calls,
            )
        )


def _error(key: Key, code: str, message: str) -> EngineError:
    return EngineError.model_validate({"request_id": key[1], "code": code, "message": message})
