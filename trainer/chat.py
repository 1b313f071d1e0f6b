"""The chat template: conversations to tokens with a loss mask, and sampled tokens back to a reply.

    <|bos|> [<|system_start|>…<|system_end|>] <|user_start|>…<|user_end|>
    <|assistant_start|> text <|tool_call_start|>{"name":…,"arguments":{…}}<|tool_call_end|>
    <|tool_result_start|>…<|tool_result_end|> text <|assistant_end|>

A call and its result stay inside one assistant turn, so the model goes on where it stopped.
Text never becomes a special token: whoever writes `<|assistant_start|>` gets its bytes.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from trainer.data.conversations import Conversation
from trainer.job.engine import Message, ToolCall
from trainer.tokenizer import SPECIAL_TOKENS, Tokenizer
from trainer.tokens import Mask, Tokens

__all__ = ["ChatError", "Conversation", "Reply", "parse_reply", "render", "render_prompt"]

BUILT_IN_TOOLS = frozenset({"calculator"})


class ChatError(ValueError):
    """A conversation that the template cannot hold; `str()` is one line for the user."""


@dataclass(frozen=True)
class Reply:
    """What an assistant turn says and which tools it calls."""

    content: str
    tool_calls: tuple[ToolCall, ...] = ()


def render(conversation: Conversation, tokenizer: Tokenizer) -> tuple[Tokens, Mask]:
    """Token ids int32 [T] and the mask bool [T], true where a token is to be learnt.

    Learnt are the assistant's text, its tool calls and its end of turn: what a model must
    produce. Tool results, and what others say, are not.

    Raises:
        ChatError: for a tool result without a call before it, or a call whose arguments are not JSON.
    """
    page = _page(conversation, tokenizer)
    page.close_turn()
    return page.finished()


def render_prompt(conversation: Conversation, tokenizer: Tokenizer) -> Tokens:
    """Token ids int32 [T] up to where the assistant goes on.

    They end with `<|assistant_start|>`, or right after a tool result inside the open turn.

    Raises:
        ChatError: as `render`.
    """
    page = _page(conversation, tokenizer)
    if conversation.messages[-1].role != "tool":
        page.close_turn()
        page.open_turn()
    return page.finished()[0]


def parse_reply(ids: Sequence[int] | Tokens, tokenizer: Tokenizer) -> Reply:
    """Read tokens sampled after a prompt, up to the end of the turn.

    Tool results in it are left out. A call that is not the JSON object of a call stays
    visible as text.
    """
    texts: list[str] = []
    calls: list[ToolCall] = []
    for kind, segment in _segments(np.asarray(ids, dtype=np.int32), tokenizer):
        if kind == "<|tool_result_start|>":
            continue
        text = tokenizer.decode(segment)
        call = _parsed_call(text) if kind == "<|tool_call_start|>" else None
        if call:
            calls.append(call)
        else:
            texts.append(text)
    return Reply("".join(texts), tuple(calls))


@dataclass
class _Page:
    """Token ids as they are written, and whether an assistant turn is open."""

    tokenizer: Tokenizer
    ids: list[Tokens] = field(default_factory=list)
    mask: list[Mask] = field(default_factory=list)
    in_turn: bool = False

    def special(self, name: str, learnt: bool = False) -> None:
        self._add(np.array([self.tokenizer.special(name)], dtype=np.int32), learnt)

    def text(self, text: str, learnt: bool = False) -> None:
        self._add(self.tokenizer.encode(text), learnt)

    def part(self, name: str, text: str, learnt: bool = False) -> None:
        self.special(f"<|{name}_start|>", learnt)
        self.text(text, learnt)
        self.special(f"<|{name}_end|>", learnt)

    def open_turn(self) -> None:
        if not self.in_turn:
            self.special("<|assistant_start|>")
        self.in_turn = True

    def close_turn(self) -> None:
        if self.in_turn:
            self.special("<|assistant_end|>", learnt=True)
        self.in_turn = False

    def finished(self) -> tuple[Tokens, Mask]:
        return np.concatenate(self.ids), np.concatenate(self.mask)

    def _add(self, ids: Tokens, learnt: bool) -> None:
        self.ids.append(ids)
        self.mask.append(np.full(len(ids), learnt))


def _page(conversation: Conversation, tokenizer: Tokenizer) -> _Page:
    if not conversation.messages:
        raise ChatError("messages: empty; needed: at least one message")
    page = _Page(tokenizer)
    page.special("<|bos|>")
    for message in _with_tools(conversation):
        _write(page, message)
    return page


def _write(page: _Page, message: Message) -> None:
    if message.role == "tool":
        if not page.in_turn:
            raise ChatError("messages: a tool result without a tool call before it")
        page.part("tool_result", message.content or "")
    elif message.role == "assistant":
        _write_assistant(page, message)
    else:
        page.close_turn()
        page.part(message.role, message.content or "")


def _write_assistant(page: _Page, message: Message) -> None:
    page.open_turn()
    if message.content:
        page.text(message.content, learnt=True)
    for call in message.tool_calls:
        page.part("tool_call", _call_text(call), learnt=True)
    if not message.tool_calls:
        page.close_turn()


def _call_text(call: ToolCall) -> str:
    try:
        arguments = json.loads(call.arguments)
    except (ValueError, RecursionError):
        raise ChatError(f"tool_calls: the arguments of {call.name} are not JSON") from None
    return _json({"name": call.name, "arguments": arguments})


def _with_tools(conversation: Conversation) -> tuple[Message, ...]:
    """The messages, with a description of the offered tools at the end of the system message."""
    offered = [tool for tool in conversation.tools if _tool_name(tool) not in BUILT_IN_TOOLS]
    if not offered:
        return conversation.messages
    first, *rest = conversation.messages
    if first.role != "system":
        first, rest = Message(role="system", content=""), list(conversation.messages)
    listing = f"{first.content or ''}\nTools: {_json(offered)}".strip()
    return (first.model_copy(update={"content": listing}), *rest)


def _tool_name(tool: dict[str, object]) -> object:
    function = tool.get("function", tool)
    return function.get("name") if isinstance(function, dict) else None


def _segments(ids: Tokens, tokenizer: Tokenizer) -> list[tuple[str, Tokens]]:
    """Runs of ordinary tokens up to the end of the turn, each with the special token before it."""
    names = {tokenizer.special(name): name for name in SPECIAL_TOKENS}
    cuts = [i for i, token in enumerate(ids.tolist()) if token in names]
    starts, ends = [0, *(cut + 1 for cut in cuts)], [*cuts, len(ids)]
    before = ["", *(names[int(ids[cut])] for cut in cuts)]
    turn_end = before.index("<|assistant_end|>") if "<|assistant_end|>" in before else len(before)
    return [(name, ids[a:b]) for name, a, b in zip(before, starts, ends, strict=True)][:turn_end]


def _parsed_call(text: str) -> ToolCall | None:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(body, dict) or not isinstance(body.get("name"), str) or "arguments" not in body:
        return None
    return ToolCall(name=body["name"], arguments=_json(body["arguments"]))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
