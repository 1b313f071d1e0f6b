"""Messages between the server and an engine process: one JSON object a line over a local socket.

The server sends `EngineRequest`s, the engine answers with `EngineReply`s; `request_id` pairs them.
"""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from trainer.job.base import Contract


class ToolCall(Contract):
    """A function call: `arguments` is JSON text, as in OpenAI's API."""

    id: str | None = None
    name: str
    arguments: str


class Message(Contract):
    """One turn of a conversation in OpenAI's roles."""

    role: Literal["system", "user", "assistant", "tool"]
    content: str | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None


class Sampling(Contract):
    """How the next token is drawn; `temperature` 0 is greedy."""

    max_tokens: int = Field(256, ge=1, le=131072)
    temperature: float = Field(1.0, ge=0.0, le=2.0)
    top_p: float = Field(1.0, gt=0.0, le=1.0)
    seed: int | None = None
    stop: tuple[str, ...] = ()


class ChatRequest(Contract):
    """Continue a conversation; with `run_tools` the engine itself answers calculator calls."""

    type: Literal["chat"] = "chat"
    request_id: str
    messages: tuple[Message, ...] = Field(min_length=1)
    tools: tuple[dict[str, object], ...] = ()
    run_tools: bool = False
    sampling: Sampling = Sampling()


class CompletionRequest(Contract):
    """Continue plain text."""

    type: Literal["completion"] = "completion"
    request_id: str
    prompt: str
    sampling: Sampling = Sampling()


class CancelRequest(Contract):
    type: Literal["cancel"] = "cancel"
    request_id: str


class CanaryRequest(Contract):
    """Ask the engine to reproduce the loss stored with the checkpoint."""

    type: Literal["canary"] = "canary"
    request_id: str


class Ready(Contract):
    """First line on every connection."""

    type: Literal["ready"] = "ready"
    job_id: str
    kind: str
    parameters: int
    sequence_len: int
    device: str


class Delta(Contract):
    type: Literal["delta"] = "delta"
    request_id: str
    text: str


class Done(Contract):
    type: Literal["done"] = "done"
    request_id: str
    finish_reason: Literal["stop", "length", "tool_calls", "cancelled"]
    prompt_tokens: int
    completion_tokens: int
    tool_calls: tuple[ToolCall, ...] = ()


class EngineError(Contract):
    """A request that cannot be served (`context_length_exceeded`, `invalid_request`, `internal`)."""

    type: Literal["error"] = "error"
    request_id: str | None
    code: Literal["context_length_exceeded", "invalid_request", "internal"]
    message: str


class CanaryReport(Contract):
    type: Literal["canary_report"] = "canary_report"
    request_id: str
    passed: bool
    loss: float | None
    expected_loss: float | None
    detail: str


class EngineCheck(Contract):
    """Whether an engine can answer on this machine: the device and how long it took, or why not."""

    device: str | None = None
    seconds: float | None = None
    error: str | None = None


EngineRequest = Annotated[
    ChatRequest | CompletionRequest | CancelRequest | CanaryRequest, Field(discriminator="type")
]
EngineReply = Annotated[Ready | Delta | Done | EngineError | CanaryReport, Field(discriminator="type")]


def request_adapter() -> TypeAdapter[ChatRequest | CompletionRequest | CancelRequest | CanaryRequest]:
    """The validator of one line from the server."""
    return TypeAdapter(EngineRequest)


def reply_adapter() -> TypeAdapter[Ready | Delta | Done | EngineError | CanaryReport]:
    """The validator of one line from the engine."""
    return TypeAdapter(EngineReply)
