"""The starter set's conversations: enough, unambiguous, and held-out ones truly held out."""

import json
import sysconfig
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.fact_checks import (
    fact_questions,
    is_calculator_call,
    key_fact_in,
    sum_is_right,
    sum_questions,
)
from trainer.data import DataSet, open_data
from trainer.data.starter.arithmetic import split_of
from trainer.data.starter.facts import first_sentence, normalised
from trainer.sandbox import calculate


@pytest.fixture(scope="module")
def starter() -> DataSet:
    return open_data("starter")


def rows(starter: DataSet, name: str) -> list[dict[str, Any]]:
    path: Path = starter.folder / "chat" / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def asked(rows_: list[dict[str, Any]]) -> list[str]:
    return [message["content"] for row in rows_ for message in row["messages"] if message["role"] == "user"]


def test_held_out_questions_are_about_trained_facts_in_other_words(starter: DataSet) -> None:
    trained, held_out = rows(starter, "facts_train"), rows(starter, "facts_heldout")
    names = Counter(row["name"] for row in held_out)
    assert len(names) >= 300 and min(names.values()) >= 2
    answers = {row["messages"][1]["content"] for row in trained}
    assert {row["messages"][1]["content"] for row in held_out} == answers
    everywhere = set(asked(trained)) | set(asked(rows(starter, "smalltalk_train")))
    assert not everywhere & set(asked(held_out))
    assert not set(asked(rows(starter, "facts_validation"))) & (everywhere | set(asked(held_out)))


def test_key_facts_tell_the_facts_apart(starter: DataSet) -> None:
    facts = {row["name"]: row for row in rows(starter, "facts_heldout")}
    for row in facts.values():
        assert 15 <= len(row["messages"][1]["content"]) <= 200
        assert key_fact_in(row["messages"][1]["content"], row["key_fact"])
        assert row["name"].startswith(row["module"] + ".")
    keys = [row["key_fact"] for row in facts.values()]
    assert len(set(keys)) == len(keys)
    answers = [normalised(row["messages"][1]["content"]) for row in facts.values()]
    assert sum(key in answer for key in keys for answer in answers) <= 1.02 * len(keys)


def test_facts_are_what_the_docstrings_say(starter: DataSet) -> None:
    for row in rows(starter, "facts_heldout")[::10]:
        base = Path(sysconfig.get_path("stdlib"), *row["module"].split("."))
        path = base / "__init__.py" if base.is_dir() else base.with_suffix(".py")
        assert row["key_fact"] in normalised(path.read_text(encoding="utf-8")), row["name"]


def test_held_out_operand_pairs_are_not_trained(starter: DataSet) -> None:
    def pairs(name: str) -> set[tuple[int, ...]]:
        calls = [
            message for row in rows(starter, name) for message in row["messages"] if message.get("tool_calls")
        ]
        texts = [json.loads(call["tool_calls"][0]["function"]["arguments"])["expression"] for call in calls]
        return {tuple(sorted(map(int, (text.split()[0], text.split()[2])))) for text in texts}

    held_out = pairs("arithmetic_heldout")
    assert not held_out & (
        pairs("arithmetic_train") | pairs("smalltalk_train") | pairs("arithmetic_validation")
    )
    assert all(split_of(a, b) == split_of(b, a) == "heldout" for a, b in held_out)


@pytest.mark.parametrize("name", ["arithmetic_train", "arithmetic_validation", "arithmetic_heldout"])
def test_sums_are_right(starter: DataSet, name: str) -> None:
    for row in rows(starter, name):
        question, call, result, answer = row["messages"]
        function = call["tool_calls"][0]["function"]
        expression = json.loads(function["arguments"])["expression"]
        assert function["name"] == "calculator"
        assert calculate(expression) == result["content"]
        assert sum_is_right(answer["content"], result["content"])
        assert all(number in question["content"] for number in (expression.split()[0], expression.split()[2]))


def test_held_out_sums_are_many_and_carry_their_answer(starter: DataSet) -> None:
    held_out = rows(starter, "arithmetic_heldout")
    assert len(held_out) >= 300
    assert all(calculate(row["expression"]) == row["answer"] for row in held_out)
    assert {row["expression"].split()[1] for row in held_out} == {"+", "-", "*"}


def test_splits_hold_what_their_names_say(starter: DataSet) -> None:
    train, validation = list(starter.conversations("train")), list(starter.conversations("validation"))
    assert 2_500 <= len(train) <= 6_000 and 300 <= len(validation) <= 1_000
    trained = {conversation.messages[0].content for conversation in train}
    assert not trained & {row["messages"][0]["content"] for row in rows(starter, "facts_heldout")}
    assert any(len([m for m in conversation.messages if m.role == "user"]) == 2 for conversation in train)


def test_continuations_come_from_trained_sources(starter: DataSet) -> None:
    train = "\n".join(starter.texts("train"))
    found = rows(starter, "continuations_train")
    assert len(found) >= 100
    for row in found:
        lines = row["messages"][0]["content"].split("\n", 2)[2]
        assert f"{lines}\n{row['messages'][1]['content']}" in train


def test_the_checks_take_what_is_right_and_only_that(starter: DataSet) -> None:
    (fact,) = fact_questions(starter.folder, 1)
    assert fact.name in fact.question
    assert key_fact_in(f"Well: {fact.key_fact.upper()}!", fact.key_fact)
    assert not key_fact_in("I do not know.", fact.key_fact)
    assert not key_fact_in(fact.key_fact[:-1], fact.key_fact)
    assert sum_is_right("12 + 30 is 42.", "42") and sum_is_right("It is -3", "-3")
    assert (
        not sum_is_right("It is 142.", "42")
        and not sum_is_right("None", "42")
        and not sum_is_right("3", "-3")
    )
    assert is_calculator_call("calculator", '{"expression": "12+30"}', "12 + 30")
    assert not is_calculator_call("calculator", '{"expression": "12 + 31"}', "12 + 30")
    assert not is_calculator_call("calculator", "[]", "12 + 30")


def test_samples_are_seeded_and_of_different_facts(starter: DataSet) -> None:
    sample = fact_questions(starter.folder, 100, seed=3)
    assert len({question.name for question in sample}) == 100
    assert len({question.question.replace(question.name, "") for question in sample}) >= 2
    assert (
        sample == fact_questions(starter.folder, 100, seed=3) != fact_questions(starter.folder, 100, seed=4)
    )
    assert len(sum_questions(starter.folder, 100, seed=3)) == 100


@pytest.mark.parametrize(
    ("docstring", "sentence"),
    [
        ("Return a new list.\n\nMore.", "Return a new list."),
        ("Return the value\n    of it.  Then more.", "Return the value of it."),
        ("join(a, b) -> str", None),
        ("Short.", None),
        ("No full stop here", None),
        ("Return " + "a" * 200 + ".", None),
    ],
)
def test_the_first_sentence(docstring: str, sentence: str | None) -> None:
    assert first_sentence(docstring) == sentence
