"""From an OpenAI request to an engine's answers, and from those to OpenAI's documents."""

import time
import uuid
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from server.api.protocol import ChatCompletionBody, ChatMessage, CompletionBody
from server.engines.engine_client import EngineDisconnected, Generation, new_request_id
from server.engines.process import Engine
from server.http.errors import ApiError, bad_request, unavailable
from trainer.job.engine import (
    CanaryReport,
    ChatRequest,
    CompletionRequest,
    Delta,
    Done,
    EngineError,
    Message,
    Sampling,
    ToolCall,
)

Document = dict[str, object]


@dataclass
class PendingAnswer:
    """One request being answered by one engine; `param` holds what the model is to continue."""

    engine: Engine
    generation: Generation
    prefix: str
    param: str
    answer_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    created: int = field(default_factory=lambda: int(time.time()))
    _first: Delta | Done | None = None

    def document(self, kind: str) -> Document:
        """The fields common to answers and chunks."""
        return {
            "id": f"{self.prefix}-{self.answer_id}",
            "object": kind,
            "created": self.created,
            "model": self.engine.job_id,
            "system_fingerprint": self.engine.job_id,
        }

    async def peek(self) -> None:
        """Wait for the first event, so that a refusal still finds a status line to stand in.

        Raises:
            ApiError: the engine refused the request, or ended.
        """
        self._first = await self._next()

    async def events(self) -> AsyncGenerator[Delta | Done, None]:
        """The engine's answers, `Done` at the end; leaving early cancels the generation.

        Raises:
            ApiError: the engine refused the request, or ended.
        """
        try:
            event = self._first or await self._next()
            while isinstance(event, Delta):
                yield event
                event = await self._next()
            yield event
        finally:
            self.generation.cancel()

    async def _next(self) -> Delta | Done:
        try:
            answer = await anext(self.generation)
        except EngineDisconnected as error:
            raise unavailable(f"{error}; it is being started again") from None
        if isinstance(answer, EngineError):
            raise _engine_refusal(answer, self.param)
        assert not isinstance(answer, CanaryReport)
        return answer


def start_chat(engine: Engine, body: ChatCompletionBody) -> PendingAnswer:
    """Hand a chat to the engine."""
    tools = () if body.tool_choice == "none" else body.tools or ()
    request = ChatRequest(
        request_id=new_request_id(),
        messages=tuple(_message(message) for message in body.messages),
        tools=tuple(tool.model_dump(exclude_none=True) for tool in tools),
        # The engine calls its own calculator only where the client brings no tools to call.
        run_tools=not tools,
        sampling=_sampling(body),
    )
    return _start(engine, request, "chatcmpl", "messages")


def start_completion(engine: Engine, body: CompletionBody) -> PendingAnswer:
    """Hand plain text to the engine."""
    request = CompletionRequest(request_id=new_request_id(), prompt=body.prompt, sampling=_sampling(body))
    return _start(engine, request, "cmpl", "prompt")


def usage(done: Done) -> Document:
    """OpenAI's token counts."""
    return {
        "prompt_tokens": done.prompt_tokens,
        "completion_tokens": done.completion_tokens,
        "total_tokens": done.prompt_tokens + done.completion_tokens,
    }


def tool_calls(done: Done, answer_id: str) -> list[Document]:
    """The calls a model asks its client to make; each has an id, made up where the engine gave none."""
    return [
        {
            "id": call.id or f"call_{answer_id[:16]}_{index}",
            "type": "function",
            "function": {"name": call.name, "arguments": call.arguments},
        }
        for index, call in enumerate(done.tool_calls)
    ]


def _start(
    engine: Engine, request: ChatRequest | CompletionRequest, prefix: str, param: str
) -> PendingAnswer:
    try:
        return PendingAnswer(engine, engine.client.start(request), prefix, param)
    except EngineDisconnected as error:
        raise unavailable(f"{error}; it is being started again") from None


def _sampling(body: ChatCompletionBody | CompletionBody) -> Sampling:
    return Sampling(
        max_tokens=body.token_limit,
        temperature=1.0 if body.temperature is None else body.temperature,
        top_p=1.0 if body.top_p is None else body.top_p,
        seed=body.seed,
        stop=body.stop,
    )


def _message(message: ChatMessage) -> Message:
    calls = tuple(
        ToolCall(id=call.id, name=call.function.name, arguments=call.function.arguments)
        for call in message.tool_calls or ()
    )
    role = "system" if message.role == "developer" else message.role
    return Message(role=role, content=message.content, tool_calls=calls, tool_call_id=message.tool_call_id)


def _engine_refusal(error: EngineError, param: str) -> ApiError:
    if error.code == "internal":
        return ApiError(500, error.message, kind="server_error", code="engine_error")
    code = "context_length_exceeded" if error.code == "context_length_exceeded" else "invalid_value"
    return bad_request(error.message, param, code)
