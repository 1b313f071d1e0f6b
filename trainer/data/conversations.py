"""Conversations from `chat/*.jsonl[.zst]`: OpenAI's form, or tool turns as roles of their own.

Rows without `messages` (other shapes of question sets) are left alone. Files named
`*_validation`, `*_heldout`, `*_test`, `*_dev` or `*_locked` are never trained on.
"""

import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from trainer.data.errors import DataError
from trainer.job.engine import Message, ToolCall

NEVER_TRAINED = ("_validation", "_heldout", "_test", "_dev", "_locked")
HOLD_OUT_PERCENT = 2
MAX_LINE_BYTES = 16 << 20


@dataclass(frozen=True)
class Conversation:
    """Messages in OpenAI's roles, and the JSON schemas of the tools on offer."""

    messages: tuple[Message, ...]
    tools: tuple[dict[str, object], ...] = ()


def read_conversations(folder: Path, split: Literal["train", "validation"]) -> Iterator[Conversation]:
    """Yield a split's conversations in the order of file names and lines.

    `validation` is what the `*_validation` files hold; without such a file it is the 2% of the
    trained files' rows whose content hash says so, and these are not trained on.

    Raises:
        DataError: naming file and line.
    """
    files = chat_files(folder)
    validation = [path for path in files if _stem(path).endswith("_validation") and _has_messages(path)]
    trained = [path for path in files if not _stem(path).endswith(NEVER_TRAINED)]
    for path in validation if validation and split == "validation" else trained:
        for row, conversation in _conversations_of(path):
            if validation or _held_out(row) == (split == "validation"):
                yield conversation


def chat_files(folder: Path) -> list[Path]:
    """All `.jsonl` and `.jsonl.zst` files of a folder, by name."""
    return sorted([*folder.glob("*.jsonl"), *folder.glob("*.jsonl.zst")])


def read_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (line number, row) of a JSON Lines file, unpacking `.zst`.

    Raises:
        DataError: for a line that is not a JSON object or is longer than 16 MiB.
    """
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        if len(line) > MAX_LINE_BYTES:
            raise DataError(f"{path}:{number}: a line of more than {MAX_LINE_BYTES} bytes")
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise DataError(f"{path}:{number}: not JSON ({error})") from None
        if not isinstance(row, dict):
            raise DataError(f"{path}:{number}: {type(row).__name__}; needed: a JSON object")
        yield number, row


def to_conversation(row: dict[str, Any]) -> Conversation:
    """Convert one row.

    A last column `calls` (a list of {name, arguments}) stands for the assistant's answer.

    Raises:
        ValueError: saying what is wrong with it, without the place.
    """
    raw = row["messages"]
    if not isinstance(raw, list) or not raw:
        raise ValueError(f"messages: {_short(raw)}; needed: a list of at least one message")
    messages = [_message(item) for item in raw]
    if row.get("calls") and messages[-1].role == "user":
        messages.append(Message(role="assistant", tool_calls=tuple(_call(c) for c in row["calls"])))
    tools = row.get("tools") or ()
    if not isinstance(tools, (list, tuple)) or not all(isinstance(tool, dict) for tool in tools):
        raise ValueError(f"tools: {_short(tools)}; needed: a list of objects")
    return Conversation(_merged(messages), tuple(tools))


def _conversations_of(path: Path) -> Iterator[tuple[dict[str, Any], Conversation]]:
    for number, row in read_rows(path):
        if row.get("messages") is None:
            if number == 1:
                return
            continue
        try:
            conversation = to_conversation(row)
        except ValueError as error:
            raise DataError(f"{path}:{number}: {' '.join(str(error).split())[:300]}") from None
        if any(message.role == "assistant" for message in conversation.messages):
            yield row, conversation


def _message(item: Any) -> Message:
    if not isinstance(item, dict):
        raise ValueError(f"message: {_short(item)}; needed: an object")
    role, content = item.get("role"), item.get("content")
    if role == "tool_call":
        return Message(role="assistant", tool_calls=tuple(_call(c) for c in _parsed_calls(content)))
    if role == "tool_result":
        role = "tool"
    if role not in ("system", "user", "assistant", "tool"):
        raise ValueError(
            f"role: {_short(role)}; allowed: system, user, assistant, tool, tool_call, tool_result"
        )
    calls = item.get("tool_calls") or ()
    text = _text(content)
    if text is None and not calls:
        raise ValueError(f"content: null in a message of role {role}; needed: text or tool_calls")
    call_id = item.get("tool_call_id")
    return Message(role=role, content=text, tool_calls=tuple(_call(c) for c in calls), tool_call_id=call_id)


def _parsed_calls(content: Any) -> list[Any]:
    parsed = json.loads(content) if isinstance(content, str) else content
    return parsed if isinstance(parsed, list) else [parsed]


def _text(content: Any) -> str | None:
    if content is None or isinstance(content, str):
        return content
    if isinstance(content, list) and all(
        isinstance(p, dict) and isinstance(p.get("text"), str) for p in content
    ):
        return "".join(part["text"] for part in content)
    return json.dumps(content, ensure_ascii=False)


def _call(item: Any) -> ToolCall:
    body = item.get("function", item) if isinstance(item, dict) else None
    if not isinstance(body, dict) or not isinstance(body.get("name"), str) or "arguments" not in body:
        raise ValueError(f"tool call: {_short(item)}; needed: name and arguments")
    arguments = body["arguments"]
    text = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
    json.loads(text)
    return ToolCall(id=item.get("id"), name=body["name"], arguments=text)


def _merged(messages: list[Message]) -> tuple[Message, ...]:
    """Calls written as consecutive turns, before any result, are one assistant message in OpenAI's form."""
    merged: list[Message] = []
    for message in messages:
        last = merged[-1] if merged else None
        if last and message.role == last.role == "assistant" and message.tool_calls and not message.content:
            merged[-1] = last.model_copy(update={"tool_calls": last.tool_calls + message.tool_calls})
        else:
            merged.append(message)
    return tuple(merged)


def _held_out(row: dict[str, Any]) -> bool:
    content = json.dumps(row["messages"], sort_keys=True).encode()
    return int.from_bytes(hashlib.sha256(content).digest()[:8], "big") % 100 < HOLD_OUT_PERCENT


def _has_messages(path: Path) -> bool:
    return any(row.get("messages") is not None for _, row in _first(path))


def _first(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for numbered in read_rows(path):
        yield numbered
        return


def _lines(path: Path) -> Iterator[bytes]:
    import pyarrow as pa

    try:
        compression = "zstd" if path.suffix == ".zst" else None
        with (
            pa.input_stream(str(path), compression=compression) as stream,
            io.BufferedReader(stream) as lines,
        ):
            while line := lines.readline(MAX_LINE_BYTES + 1):
                yield line
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({' '.join(str(error).split())[:200]})") from None


def _stem(path: Path) -> str:
    return path.name.removesuffix(".zst").removesuffix(".jsonl")


def _short(value: object) -> str:
    shown = json.dumps(value, default=str)
    return shown if len(shown) <= 80 else shown[:77] + "..."
