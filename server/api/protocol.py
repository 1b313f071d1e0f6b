"""OpenAI's wire types as this server takes them: closed to unknown names, and to values it cannot honour.

Source: OpenAI API reference, "Create chat completion" and "Create completion".
"""

import json
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)
from typing_extensions import Self

from trainer.job import Contract

MAX_STOPS = 4
DEFAULT_CHAT_TOKENS = 512
DEFAULT_COMPLETION_TOKENS = 16


def _only(*allowed: object) -> AfterValidator:
    def check(value: object) -> object:
        if value is None or any(
            value == a and isinstance(value, bool) == isinstance(a, bool) for a in allowed
        ):
            return value
        shown = " or ".join(json.dumps(a) for a in allowed)
        raise ValueError(f"not supported; allowed: {shown + ', or ' if shown else ''}absent")

    return AfterValidator(check)


def _stops(value: object) -> object:
    stops = [] if value is None else [value] if isinstance(value, str) else value
    if (
        not isinstance(stops, list)
        or len(stops) > MAX_STOPS
        or not all(isinstance(s, str) and s for s in stops)
    ):
        raise ValueError(f"allowed: a non-empty string, or a list of at most {MAX_STOPS} of them")
    return tuple(stops)


def _text(value: object) -> object:
    """OpenAI's content is a string or a list of parts; only text parts mean something here."""
    if not isinstance(value, list):
        return value
    if not all(_is_text_part(part) for part in value):
        raise ValueError('allowed: a string, or a list of {"type": "text", "text": ...} parts')
    return "".join(part["text"] for part in value)


def _is_text_part(part: object) -> bool:
    return isinstance(part, dict) and part.get("type") == "text" and isinstance(part.get("text"), str)


def _one_prompt(value: object) -> object:
    prompts = value if isinstance(value, list) else [value]
    if len(prompts) != 1 or not isinstance(prompts[0], str):
        raise ValueError("allowed: one string (no token ids, one prompt a request)")
    return prompts[0]


class FunctionCall(Contract):
    name: str = Field(min_length=1, max_length=64)
    arguments: str


class ToolCallPart(Contract):
    id: str
    type: Literal["function"] = "function"
    function: FunctionCall


class ChatMessage(Contract):
    """One message; `name`, `refusal` and `annotations` are taken because clients send them back."""

    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: Annotated[str | None, BeforeValidator(_text)] = None
    name: str | None = None
    tool_calls: tuple[ToolCallPart, ...] | None = None
    tool_call_id: str | None = None
    refusal: Annotated[object, _only()] = None
    audio: Annotated[object, _only()] = None
    function_call: Annotated[object, _only()] = None
    annotations: Annotated[object, _only([])] = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.content is None and not (self.role == "assistant" and self.tool_calls):
            raise ValueError("content is required; allowed: text (an assistant's may be tool_calls instead)")
        if self.tool_calls and self.role != "assistant":
            raise ValueError("tool_calls are allowed in an assistant message only")
        return self


class FunctionDefinition(Contract):
    name: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")
    description: str | None = None
    parameters: dict[str, object] | None = None
    strict: bool | None = None


class ToolDefinition(Contract):
    type: Literal["function"]
    function: FunctionDefinition


class StreamOptions(Contract):
    include_usage: bool | None = None
    include_obfuscation: bool | None = None


class ResponseFormat(Contract):
    type: Annotated[object, _only("text")]


class _Request(Contract):
    """What both endpoints take. The last group is accepted and has no effect here."""

    model: str = Field(max_length=256)
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    temperature: float | None = Field(None, ge=0.0, le=2.0)
    top_p: float | None = Field(None, gt=0.0, le=1.0)
    seed: int | None = Field(None, ge=-(2**63), le=2**63 - 1)
    max_tokens: int | None = Field(None, ge=1, le=131_072)
    stop: Annotated[tuple[str, ...], BeforeValidator(_stops)] = ()

    n: Annotated[object, _only(1)] = None
    presence_penalty: Annotated[object, _only(0)] = None
    frequency_penalty: Annotated[object, _only(0)] = None
    logit_bias: Annotated[object, _only({})] = None

    user: str | None = None

    @field_validator("stream_options")
    @classmethod
    def _needs_a_stream(cls, value: StreamOptions | None, info: ValidationInfo) -> StreamOptions | None:
        if value is not None and not info.data.get("stream"):
            raise ValueError("allowed with stream: true only")
        return value

    @property
    def wants_usage(self) -> bool:
        return bool(self.stream_options and self.stream_options.include_usage)


class ChatCompletionBody(_Request):
    """`POST /v1/chat/completions`."""

    messages: tuple[ChatMessage, ...] = Field(min_length=1)
    max_completion_tokens: int | None = Field(None, ge=1, le=131_072)
    tools: tuple[ToolDefinition, ...] | None = Field(None, max_length=128)
    tool_choice: Annotated[object, _only("auto", "none")] = None
    parallel_tool_calls: bool | None = None
    response_format: ResponseFormat | None = None

    logprobs: Annotated[object, _only(False)] = None
    top_logprobs: Annotated[object, _only(0)] = None
    functions: Annotated[object, _only()] = None
    function_call: Annotated[object, _only()] = None
    modalities: Annotated[object, _only(["text"])] = None
    audio: Annotated[object, _only()] = None
    prediction: Annotated[object, _only()] = None
    web_search_options: Annotated[object, _only()] = None

    metadata: dict[str, str] | None = None
    store: Annotated[object, _only(False)] = None
    service_tier: Annotated[object, _only("auto", "default")] = None
    reasoning_effort: str | None = None
    verbosity: str | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None

    @field_validator("max_completion_tokens")
    @classmethod
    def _one_maximum(cls, value: int | None, info: ValidationInfo) -> int | None:
        other = info.data.get("max_tokens")
        if value is not None and other is not None and other != value:
            raise ValueError(f"max_tokens says {other}; allowed: one of them")
        return value

    @property
    def token_limit(self) -> int:
        return self.max_completion_tokens or self.max_tokens or DEFAULT_CHAT_TOKENS


class CompletionBody(_Request):
    """`POST /v1/completions`."""

    prompt: Annotated[str, BeforeValidator(_one_prompt)]
    best_of: Annotated[object, _only(1)] = None
    echo: Annotated[object, _only(False)] = None
    logprobs: Annotated[object, _only()] = None
    suffix: Annotated[object, _only()] = None

    @property
    def token_limit(self) -> int:
        return self.max_tokens or DEFAULT_COMPLETION_TOKENS


class DeploymentBody(Contract):
    """`POST /lab/deployments`."""

    job_id: str = Field(max_length=64)
