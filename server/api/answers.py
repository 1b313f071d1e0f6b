"""The two shapes of an answer: one document, or a stream of server-sent events."""

from collections.abc import AsyncGenerator, Callable

from server.api.engine_requests import Document, PendingAnswer, tool_calls, usage
from server.http.errors import ApiError
from server.http.streams import event_of
from trainer.job.engine import Delta, Done

FINISH = {"stop": "stop", "length": "length", "tool_calls": "tool_calls", "cancelled": "stop"}
Choices = Callable[[Delta | Done], list[Document]]


async def collect_text(answer: PendingAnswer) -> tuple[str, Done]:
    """All text of an answer, and its end.

    Raises:
        ApiError: the engine refused, or ended.
    """
    text = ""
    async for event in answer.events():
        if isinstance(event, Done):
            return text, event
        text += event.text
    raise AssertionError("an engine's answers end with Done")


def chat_document(answer: PendingAnswer, text: str, done: Done) -> Document:
    """A `chat.completion`."""
    message: Document = {"role": "assistant", "content": text, "refusal": None}
    calls = tool_calls(done, answer.answer_id)
    if calls:
        message |= {"content": text or None, "tool_calls": calls}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": FINISH[done.finish_reason]}
    return answer.document("chat.completion") | {"choices": [choice], "usage": usage(done)}


def completion_document(answer: PendingAnswer, text: str, done: Done) -> Document:
    """A `text_completion`."""
    choice = {"index": 0, "text": text, "logprobs": None, "finish_reason": FINISH[done.finish_reason]}
    return answer.document("text_completion") | {"choices": [choice], "usage": usage(done)}


async def chat_stream(answer: PendingAnswer, wants_usage: bool) -> AsyncGenerator[bytes, None]:
    """Chunks of a chat, as server-sent events."""
    opening = _chat_choice({"role": "assistant", "content": "", "refusal": None}, None)
    base = answer.document("chat.completion.chunk")
    yield event_of(base | {"choices": [opening]} | _usage_field(wants_usage, None))
    async for event in _stream(answer, base, wants_usage, _chat_choices(answer)):
        yield event


async def completion_stream(answer: PendingAnswer, wants_usage: bool) -> AsyncGenerator[bytes, None]:
    """Chunks of a completion, as server-sent events."""
    base = answer.document("text_completion")
    async for event in _stream(answer, base, wants_usage, _completion_choices):
        yield event


async def _stream(
    answer: PendingAnswer, base: Document, wants_usage: bool, choices: Choices
) -> AsyncGenerator[bytes, None]:
    try:
        async for event in answer.events():
            for choice in choices(event):
                yield event_of(base | {"choices": [choice]} | _usage_field(wants_usage, None))
            if isinstance(event, Done) and wants_usage:
                yield event_of(base | {"choices": []} | _usage_field(True, usage(event)))
    except ApiError as error:
        # The status line is long gone: the error travels as an event, as OpenAI's does.
        yield event_of(error.document)
        return
    yield b"data: [DONE]\n\n"


def _chat_choices(answer: PendingAnswer) -> Choices:
    def choices(event: Delta | Done) -> list[Document]:
        if isinstance(event, Delta):
            return [_chat_choice({"content": event.text}, None)] if event.text else []
        calls = tool_calls(event, answer.answer_id)
        numbered = [{"index": index} | call for index, call in enumerate(calls)]
        asked = [_chat_choice({"tool_calls": numbered}, None)] if calls else []
        return [*asked, _chat_choice({}, FINISH[event.finish_reason])]

    return choices


def _completion_choices(event: Delta | Done) -> list[Document]:
    if isinstance(event, Delta):
        return [_text_choice(event.text, None)] if event.text else []
    return [_text_choice("", FINISH[event.finish_reason])]


def _chat_choice(delta: Document, finish_reason: str | None) -> Document:
    return {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}


def _text_choice(text: str, finish_reason: str | None) -> Document:
    return {"index": 0, "text": text, "logprobs": None, "finish_reason": finish_reason}


def _usage_field(wanted: bool, value: Document | None) -> Document:
    return {"usage": value} if wanted else {}
