"""How sampled tokens become a reply: text, tool calls, and what ends it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from trainer.chat import parse_reply
from trainer.engine.stops import TextStream
from trainer.engine.tools import runs_here, tool_result
from trainer.job.engine import ToolCall
from trainer.tokenizer import SPECIAL_TOKENS, Tokenizer

Finish = Literal["stop", "length", "tool_calls", "cancelled"]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Advance:
    """What one token brought: text to show, tokens to feed behind it, and whether the reply is over."""

    text: str = ""
    insert: tuple[int, ...] = ()
    finish: Finish | None = None
    tool_calls: tuple[ToolCall, ...] = ()


class Reply(Protocol):
    """The grammar of one kind of reply."""

    def allowed_specials(self) -> frozenset[str]:
        """The special tokens that may be drawn next."""

    def accept(self, token: int) -> Advance:
        """Take the token that was drawn."""

    def flush(self) -> str:
        """The text still held back, when the reply ends for another reason."""


class TextReply:
    """Plain text: ends at a stop string only."""

    def __init__(self, tokenizer: Tokenizer, stop: Sequence[str]) -> None:
        self._tokenizer = tokenizer
        self._stream = TextStream(stop)

    def allowed_specials(self) -> frozenset[str]:
        return frozenset()

    def accept(self, token: int) -> Advance:
        text = self._stream.feed(self._tokenizer.decode_bytes([token]))
        return Advance(text, finish="stop" if self._stream.stopped else None)

    def flush(self) -> str:
        return self._stream.flush()


class ChatReply:
    """An assistant's turn: text and tool calls up to `<|assistant_end|>`.

    With `run_tools` calculator calls are answered in place; any other call ends the turn.
    """

    def __init__(self, tokenizer: Tokenizer, stop: Sequence[str], run_tools: bool) -> None:
        self._tokenizer = tokenizer
        self._stream = TextStream(stop)
        self._run_tools = run_tools
        self._call: list[int] | None = None
        self._end = tokenizer.special("<|assistant_end|>")
        self._call_start = tokenizer.special("<|tool_call_start|>")
        self._call_end = tokenizer.special("<|tool_call_end|>")

    def allowed_specials(self) -> frozenset[str]:
        if self._call is not None:
            return frozenset({"<|tool_call_end|>"})
        return frozenset({"<|assistant_end|>", "<|tool_call_start|>"})

    def accept(self, token: int) -> Advance:
        if self._call is not None:
            if token == self._call_end:
                return self._end_call()
            self._call.append(token)
            return Advance()
        if token == self._call_start:
            self._call = []
            return Advance()
        if token == self._end:
            return Advance(self.flush(), finish="stop")
        return self._say(self._tokenizer.decode_bytes([token]))

    def flush(self) -> str:
        unfinished, self._call = self._call, None
        raw = self._tokenizer.decode_bytes(unfinished) if unfinished else b""
        return self._stream.feed(raw) + self._stream.flush()

    def _say(self, data: bytes) -> Advance:
        text = self._stream.feed(data)
        return Advance(text, finish="stop" if self._stream.stopped else None)

    def _end_call(self) -> Advance:
        written, self._call = self._call or [], None
        parsed = parse_reply([self._call_start, *written, self._call_end], self._tokenizer)
        if not parsed.tool_calls:
            return self._say(self._tokenizer.decode_bytes(written))
        call = parsed.tool_calls[0].model_copy(update={"id": f"call_{secrets.token_hex(12)}"})
        if self._run_tools and runs_here(call):
            return Advance(insert=self._result_tokens(tool_result(call)))
        return Advance(self._stream.flush(), finish="tool_calls", tool_calls=(call,))

    def _result_tokens(self, result: str) -> tuple[int, ...]:
        special = self._tokenizer.special
        inside = (int(token) for token in self._tokenizer.encode(result))
        return (special("<|tool_result_start|>"), *inside, special("<|tool_result_end|>"))


def banned_mask(tokenizer: Tokenizer, vocab_size: int, allowed: frozenset[str]) -> Mask:
    """True for each of the model's `vocab_size` tokens that must not be drawn."""
    banned = np.zeros(vocab_size, dtype=np.bool_)
    banned[tokenizer.vocab_size :] = True
    banned[[tokenizer.special(name) for name in SPECIAL_TOKENS if name not in allowed]] = True
    return banned
