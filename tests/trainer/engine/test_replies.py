"""What sampled tokens become: text, tool calls, calculator results, an end."""

import json

import pytest

from trainer.engine.replies import Advance, ChatReply, TextReply, banned_mask
from trainer.tokenizer import SPECIAL_TOKENS, Tokenizer

CALL = '{"name":"calculator","arguments":{"expression":"6*7"}}'


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.train(["the answer is forty two. " * 30], 300)


def tokens(tokenizer: Tokenizer, *parts: str) -> list[int]:
    """Names of special tokens become those, everything else is text."""
    ids: list[int] = []
    for part in parts:
        named = part in SPECIAL_TOKENS
        ids += [tokenizer.special(part)] if named else [int(i) for i in tokenizer.encode(part)]
    return ids


def play(reply: ChatReply | TextReply, ids: list[int]) -> tuple[str, list[Advance]]:
    text, advances = "", []
    for token in ids:
        advances.append(reply.accept(token))
        text += advances[-1].text
        if advances[-1].finish is not None:
            break
    return text, advances


def called(tokenizer: Tokenizer, call: str) -> list[int]:
    return tokens(tokenizer, "Let me see. ", "<|tool_call_start|>", call, "<|tool_call_end|>")


def test_a_reply_ends_at_the_end_of_the_turn(tokenizer: Tokenizer) -> None:
    ids = tokens(tokenizer, "the answer", "<|assistant_end|>", "more")
    text, advances = play(ChatReply(tokenizer, (), False), ids)
    assert (text, advances[-1].finish) == ("the answer", "stop")


def test_held_text_comes_out_at_the_end_of_the_turn(tokenizer: Tokenizer) -> None:
    ids = tokens(tokenizer, "the answ", "<|assistant_end|>")
    text, advances = play(ChatReply(tokenizer, ("answer",), False), ids)
    assert (text, advances[-1].finish) == ("the answ", "stop")


def test_a_stop_string_ends_text_and_is_not_shown(tokenizer: Tokenizer) -> None:
    text, advances = play(TextReply(tokenizer, ("forty",)), tokens(tokenizer, "the answer is forty two"))
    assert (text, advances[-1].finish) == ("the answer is ", "stop")


def test_the_calculator_is_run_and_its_result_fed_back(tokenizer: Tokenizer) -> None:
    reply = ChatReply(tokenizer, (), run_tools=True)
    text, advances = play(reply, called(tokenizer, CALL))
    result = tokens(tokenizer, "<|tool_result_start|>", "42", "<|tool_result_end|>")
    assert list(advances[-1].insert) == result
    assert (text, advances[-1].finish) == ("Let me see. ", None)
    assert reply.accept(tokens(tokenizer, "f")[0]).text == "f"


def test_a_refused_expression_is_told_to_the_model(tokenizer: Tokenizer) -> None:
    for arguments in ('{"expression":"1/0"}', '{"expression":"__import__"}', '{"other":1}', "[1]"):
        call = f'{{"name":"calculator","arguments":{arguments}}}'
        _, advances = play(ChatReply(tokenizer, (), run_tools=True), called(tokenizer, call))
        inserted = tokenizer.decode_bytes(list(advances[-1].insert)).decode()
        assert inserted.startswith("error: ")


def test_without_run_tools_a_call_ends_the_turn(tokenizer: Tokenizer) -> None:
    text, advances = play(ChatReply(tokenizer, (), run_tools=False), called(tokenizer, CALL))
    (call,) = advances[-1].tool_calls
    assert (text, advances[-1].finish) == ("Let me see. ", "tool_calls")
    assert (call.name, json.loads(call.arguments)) == ("calculator", {"expression": "6*7"})
    assert call.id is not None and call.id.startswith("call_")


def test_a_tool_that_is_not_built_in_ends_the_turn_even_with_run_tools(tokenizer: Tokenizer) -> None:
    call = '{"name":"weather","arguments":{"city":"Bern"}}'
    _, advances = play(ChatReply(tokenizer, (), run_tools=True), called(tokenizer, call))
    assert advances[-1].finish == "tool_calls"
    assert advances[-1].tool_calls[0].name == "weather"


@pytest.mark.parametrize("broken", ["{not json", '{"name":3,"arguments":{}}', '["calculator"]', ""])
def test_a_broken_call_is_shown_as_text(tokenizer: Tokenizer, broken: str) -> None:
    reply = ChatReply(tokenizer, (), run_tools=True)
    text, advances = play(reply, [*called(tokenizer, broken), *tokens(tokenizer, " on", "<|assistant_end|>")])
    assert (text, advances[-1].finish) == (f"Let me see. {broken} on", "stop")


def test_an_unfinished_call_is_shown_when_the_reply_is_cut(tokenizer: Tokenizer) -> None:
    reply = ChatReply(tokenizer, (), run_tools=True)
    shown, _ = play(reply, called(tokenizer, CALL)[:-4])
    assert shown == "Let me see. "
    assert CALL.startswith(reply.flush())


def test_only_special_tokens_that_fit_may_be_drawn(tokenizer: Tokenizer) -> None:
    reply = ChatReply(tokenizer, (), run_tools=True)
    assert reply.allowed_specials() == {"<|assistant_end|>", "<|tool_call_start|>"}
    reply.accept(tokenizer.special("<|tool_call_start|>"))
    assert reply.allowed_specials() == {"<|tool_call_end|>"}
    assert TextReply(tokenizer, ()).allowed_specials() == frozenset()


def test_the_mask_bans_specials_and_ids_past_the_vocabulary(tokenizer: Tokenizer) -> None:
    size = tokenizer.vocab_size
    banned = banned_mask(tokenizer, size + 3, frozenset({"<|assistant_end|>"}))
    allowed = {i for i in range(size + 3) if not banned[i]}
    ordinary = set(range(size)) - {tokenizer.special(name) for name in SPECIAL_TOKENS}
    assert allowed == ordinary | {tokenizer.special("<|assistant_end|>")}
