"""From a row of a chat file to a conversation in OpenAI's roles."""

import json
from dataclasses import dataclass
from typing import Any

from trainer.job.engine import Message, ToolCall


@dataclass(frozen=True)
class Conversation:
    """Messages in OpenAI's roles, and the JSON schemas of the tools on offer."""

    messages: tuple[Message, ...]
    tools: tuple[dict[str, object], ...] = ()


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


def _short(value: object) -> str:
    shown = json.dumps(value, default=str)
    return shown if len(shown) <= 80 else shown[:77] + "..."
