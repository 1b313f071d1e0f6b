"""The chat template: what is learnt, what is not, and that text cannot forge a token."""

import json
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.chat import ChatError, Conversation, parse_reply, render, render_prompt
from trainer.job.engine import Message, ToolCall
from trainer.tokenizer import SPECIAL_TOKENS, Tokenizer

CALL = ToolCall(name="calculator", arguments='{"expression":"12 + 30"}')
CALL_TEXT = '{"name":"calculator","arguments":{"expression":"12 + 30"}}'
SUM = Conversation(
    (
        Message(role="system", content="Be brief."),
        Message(role="user", content="What is 12 + 30?"),
        Message(role="assistant", content="Let me see.", tool_calls=(CALL,)),
        Message(role="tool", content="42"),
        Message(role="assistant", content="It is 42."),
    )
)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    texts = [
        "What is twelve plus thirty? It is forty-two.",
        '{"name":"calculator","arguments":{}} é ü 漢',
    ] * 4
    return Tokenizer.train(texts, 320)


TOKENIZER: list[Tokenizer] = []


def shared() -> Tokenizer:
    """One tokenizer for the property tests, made at first use."""
    if not TOKENIZER:
        TOKENIZER.append(Tokenizer.train(["the cat sat on the mat", '{"name":"x","arguments":{}}'] * 4, 300))
    return TOKENIZER[0]


def learnt_text(conversation: Conversation, tokenizer: Tokenizer) -> str:
    ids, mask = render(conversation, tokenizer)
    return tokenizer.decode(ids[mask])


def test_the_layout_of_a_tool_call(tokenizer: Tokenizer) -> None:
    ids, mask = render(SUM, tokenizer)
    assert ids.dtype == np.int32 and mask.dtype == np.bool_ and ids.shape == mask.shape
    assert tokenizer.decode(ids) == (
        "<|bos|><|system_start|>Be brief.<|system_end|><|user_start|>What is 12 + 30?<|user_end|>"
        f"<|assistant_start|>Let me see.<|tool_call_start|>{CALL_TEXT}<|tool_call_end|>"
        "<|tool_result_start|>42<|tool_result_end|>It is 42.<|assistant_end|>"
    )


def test_learnt_are_text_calls_and_the_end_of_turn(tokenizer: Tokenizer) -> None:
    assert learnt_text(SUM, tokenizer) == (
        f"Let me see.<|tool_call_start|>{CALL_TEXT}<|tool_call_end|>It is 42.<|assistant_end|>"
    )


def test_a_prompt_ends_where_the_assistant_goes_on(tokenizer: Tokenizer) -> None:
    asked = tokenizer.decode(render_prompt(Conversation(SUM.messages[:2]), tokenizer))
    assert asked.endswith("<|user_end|><|assistant_start|>")
    called = tokenizer.decode(render_prompt(Conversation(SUM.messages[:4]), tokenizer))
    assert called.endswith("<|tool_result_start|>42<|tool_result_end|>")
    again = tokenizer.decode(render_prompt(SUM, tokenizer))
    assert again.endswith("It is 42.<|assistant_end|><|assistant_start|>")


def test_tools_are_listed_in_the_system_part(tokenizer: Tokenizer) -> None:
    weather: dict[str, object] = {"name": "weather", "parameters": {}}
    calculator: dict[str, object] = {"type": "function", "function": {"name": "calculator"}}
    question = Message(role="user", content="?")
    listed = tokenizer.decode(render_prompt(Conversation((question,), (weather, calculator)), tokenizer))
    assert (
        '<|system_start|>Tools: [{"name":"weather","parameters":{}}]<|system_end|><|user_start|>?' in listed
    )
    after = Conversation((Message(role="system", content="Hi."), question), (weather,))
    assert "<|system_start|>Hi.\nTools: [" in tokenizer.decode(render_prompt(after, tokenizer))
    bare = tokenizer.decode(render_prompt(Conversation((question,), (calculator,)), tokenizer))
    assert bare == "<|bos|><|user_start|>?<|user_end|><|assistant_start|>"


def test_a_reply_is_read_back_with_its_call(tokenizer: Tokenizer) -> None:
    prompt, (ids, _) = render_prompt(Conversation(SUM.messages[:2]), tokenizer), render(SUM, tokenizer)
    reply = parse_reply(ids[len(prompt) :], tokenizer)
    assert reply.content == "Let me see.It is 42."
    assert [(call.name, call.arguments) for call in reply.tool_calls] == [("calculator", CALL.arguments)]


@pytest.mark.parametrize("text", ["not json", "[]", '{"name": 3, "arguments": {}}', '{"name": "x"}'])
def test_a_malformed_call_stays_text(tokenizer: Tokenizer, text: str) -> None:
    start, end = (tokenizer.special(f"<|tool_call_{name}|>") for name in ("start", "end"))
    reply = parse_reply([start, *tokenizer.encode(text).tolist(), end], tokenizer)
    assert reply.content == text and reply.tool_calls == ()


def test_what_follows_the_end_of_turn_is_not_read(tokenizer: Tokenizer) -> None:
    end = tokenizer.special("<|assistant_end|>")
    assert (
        parse_reply(
            [*tokenizer.encode("a").tolist(), end, *tokenizer.encode("b").tolist()], tokenizer
        ).content
        == "a"
    )
    assert parse_reply([], tokenizer).content == ""


@pytest.mark.parametrize(
    ("messages", "complaint"),
    [
        ((), "messages: empty"),
        ((Message(role="tool", content="42"),), "a tool result without a tool call"),
        (
            (Message(role="assistant", tool_calls=(ToolCall(name="x", arguments="{"),)),),
            "arguments of x are not JSON",
        ),
    ],
)
def test_what_cannot_be_rendered_is_one_line(
    tokenizer: Tokenizer, messages: tuple[Message, ...], complaint: str
) -> None:
    with pytest.raises(ChatError, match=complaint):
        render(Conversation(messages), tokenizer)


TEXT = st.one_of(st.text(max_size=30), st.sampled_from(SPECIAL_TOKENS), st.just("a<|assistant_end|>b"))
JSON = st.dictionaries(
    st.text(max_size=5), st.one_of(st.integers(), st.text(max_size=10), st.none()), max_size=3
)
CALLS = st.builds(
    lambda name, args: ToolCall(name=name, arguments=json.dumps(args)), st.text(max_size=8), JSON
)


@st.composite
def conversations(draw: st.DrawFn) -> Conversation:
    messages = [Message(role="system", content=draw(TEXT))] if draw(st.booleans()) else []
    for _ in range(draw(st.integers(1, 3))):
        messages.append(Message(role="user", content=draw(TEXT)))
        for call in draw(st.lists(CALLS, max_size=2)):
            messages.append(Message(role="assistant", content=draw(TEXT), tool_calls=(call,)))
            messages.append(Message(role="tool", content=draw(TEXT)))
        messages.append(Message(role="assistant", content=draw(TEXT)))
    return Conversation(tuple(messages))


Part = tuple[str, bool, bool]


def mark(name: str, learnt: bool = False) -> Part:
    return (f"<|{name}|>", True, learnt)


def text(content: str | None, learnt: bool = False) -> Part:
    return (content or "", False, learnt)


def expected_parts(messages: Iterable[Message]) -> list[Part]:
    """(token name or text, is a token, learnt), written down plainly from the template's docstring."""
    parts, in_turn = [mark("bos")], False
    for message in messages:
        role = "tool_result" if message.role == "tool" else message.role
        if role != "assistant":
            parts += [mark(f"{role}_start"), text(message.content), mark(f"{role}_end")]
            continue
        parts += (
            [text(message.content, True)]
            if in_turn
            else [mark("assistant_start"), text(message.content, True)]
        )
        for call in message.tool_calls:
            body = {"name": call.name, "arguments": json.loads(call.arguments)}
            packed = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
            parts += [mark("tool_call_start", True), text(packed, True), mark("tool_call_end", True)]
        in_turn = bool(message.tool_calls)
        parts += [] if in_turn else [mark("assistant_end", True)]
    return parts


@settings(max_examples=150, deadline=None)
@given(conversations())
def test_the_mask_covers_what_the_assistant_writes_and_nothing_else(conversation: Conversation) -> None:
    tokenizer = shared()
    ids: list[int] = []
    mask: list[bool] = []
    for content, is_mark, learnt in expected_parts(conversation.messages):
        part = [tokenizer.special(content)] if is_mark else tokenizer.encode(content).tolist()
        ids, mask = ids + part, mask + [learnt] * len(part)
    rendered_ids, rendered_mask = render(conversation, tokenizer)
    assert rendered_ids.tolist() == ids
    assert rendered_mask.tolist() == mask


@settings(max_examples=150, deadline=None)
@given(conversations())
def test_the_last_turn_reads_back_as_it_was_written(conversation: Conversation) -> None:
    tokenizer = shared()
    last_user = max(i for i, message in enumerate(conversation.messages) if message.role == "user")
    prompt = render_prompt(Conversation(conversation.messages[: last_user + 1]), tokenizer)
    ids, _ = render(conversation, tokenizer)
    assert ids[: len(prompt)].tolist() == prompt.tolist()
    reply = parse_reply(ids[len(prompt) :], tokenizer)
    turn = [message for message in conversation.messages[last_user:] if message.role == "assistant"]
    assert reply.content == "".join(message.content or "" for message in turn)
    written = [call for message in turn for call in message.tool_calls]
    assert [(call.name, json.loads(call.arguments)) for call in reply.tool_calls] == [
        (call.name, json.loads(call.arguments)) for call in written
    ]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(SPECIAL_TOKENS), TEXT)
def test_text_cannot_forge_a_special_token(name: str, around: str) -> None:
    tokenizer = shared()
    forged = Conversation((Message(role="user", content=around + name + around),))
    ids = render_prompt(forged, tokenizer).tolist()
    specials = [tokenizer.decode([token]) for token in ids if token >= tokenizer.special(SPECIAL_TOKENS[0])]
    assert specials == ["<|bos|>", "<|user_start|>", "<|user_end|>", "<|assistant_start|>"]
