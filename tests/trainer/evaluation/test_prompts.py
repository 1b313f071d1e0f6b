"""From items to prompts and scored spans."""

import random
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.evaluation.prompts import build_examples, common_prefix_length, fewshot_indices, prompt_texts
from trainer.evaluation.tasks import CoreTask, Item, Shape
from trainer.tokenizer import Tokenizer

TEXT = "Question: what colour is the sky? Answer: blue. The cat sat on the mat and red is not blue. " * 20


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.train([TEXT], 320)


def task(shape: str, shots: int = 0, delimiter: str = " ") -> CoreTask:
    return CoreTask("t", cast(Shape, shape), shots, delimiter, 0.0, Path("absent"))


CHOICES = [Item((f"Question {n}?",), ("red", "blue", "green"), n % 3) for n in range(5)]


def scored(tokenizer: Tokenizer, example_row: np.ndarray, start: int) -> str:
    return tokenizer.decode_bytes(example_row[start:]).decode()


def test_multiple_choice_shows_solved_items_then_each_choice() -> None:
    first, second = fewshot_indices(3, 2, 5)
    prefix = f"Question {first}?\nA: {CHOICES[first].continuations[first % 3]}\n\n"
    prefix += f"Question {second}?\nA: {CHOICES[second].continuations[second % 3]}\n\n"
    assert prompt_texts(task("multiple_choice", 2, "\nA: "), CHOICES, 3) == [
        f"{prefix}Question 3?\nA: {choice}" for choice in ("red", "blue", "green")
    ]


def test_schema_varies_the_context() -> None:
    items = [Item(("the cat", "the mat"), ("is red",), 1), Item(("one", "two"), ("three",), 0)]
    assert prompt_texts(task("schema", 1), items, 0) == [
        "one three\n\nthe cat is red",
        "one three\n\nthe mat is red",
    ]


def test_language_modeling_strips_the_end_of_the_prompt_alone() -> None:
    items = [Item(("capital of France is",), ("Paris",), 0)]
    assert prompt_texts(task("language_modeling"), items, 0) == [
        "capital of France is",
        "capital of France is Paris",
    ]


@given(st.integers(0, 60), st.integers(0, 12), st.integers(1, 61))
def test_fewshot_items_are_drawn_as_from_the_list_without_the_item(index: int, count: int, size: int) -> None:
    index %= size
    others = [i for i in range(size) if i != index]
    expected = random.Random(1234 + index).sample(others, min(count, len(others)))
    assert fewshot_indices(index, count, size) == expected


def test_spans_are_the_continuations(tokenizer: Tokenizer) -> None:
    choice = build_examples(task("multiple_choice", 2), CHOICES, [1], tokenizer, 512)[0]
    assert [scored(tokenizer, r, s).strip() for r, s in zip(choice.rows, choice.starts, strict=True)] == [
        "red", "blue", "green",
    ]  # fmt: skip
    schema = [Item(("the cat", "the mat"), ("is red",), 1)]
    example = build_examples(task("schema"), schema, [0], tokenizer, 512)[0]
    spans = [scored(tokenizer, r, s) for r, s in zip(example.rows, example.starts, strict=True)]
    assert spans[0] == spans[1] and spans[0].endswith(" is red")
    modeling = [Item(("the sky is",), ("blue",), 0)]
    example = build_examples(task("language_modeling"), modeling, [0], tokenizer, 512)[0]
    assert len(example.rows) == 1
    assert scored(tokenizer, example.rows[0], example.starts[0]) == " blue"


def test_rows_begin_with_bos(tokenizer: Tokenizer) -> None:
    for example in build_examples(task("multiple_choice"), CHOICES, [0, 1], tokenizer, 512):
        assert all(row[0] == tokenizer.special("<|bos|>") for row in example.rows)


def test_long_rows_are_cropped_from_the_left(tokenizer: Tokenizer) -> None:
    whole = build_examples(task("multiple_choice", 4), CHOICES, [2], tokenizer, 512)[0]
    cropped = build_examples(task("multiple_choice", 4), CHOICES, [2], tokenizer, 16)[0]
    for long, short, was, now in zip(whole.rows, cropped.rows, whole.starts, cropped.starts, strict=True):
        assert short.tolist() == long[-16:].tolist()
        assert long[was:].tolist() == short[now:].tolist()


@given(
    st.sampled_from(["multiple_choice", "schema", "language_modeling"]),
    st.lists(st.text(alphabet="ab ,\n1", min_size=1, max_size=30), min_size=1, max_size=4),
    st.integers(2, 20),
)
def test_every_row_has_a_token_to_score_and_one_before_it(
    tokenizer: Tokenizer, shape: str, texts: list[str], sequence_len: int
) -> None:
    fixed = ("the cat",)
    item = Item(tuple(texts), fixed, 0) if shape == "schema" else Item(fixed, tuple(texts), 0)
    if shape == "language_modeling":
        item = Item(fixed, (texts[0],), 0)
    example = build_examples(task(shape), [item], [0], tokenizer, sequence_len)[0]
    for row, start in zip(example.rows, example.starts, strict=True):
        assert len(row) <= sequence_len
        assert 1 <= start < len(row)


def test_common_prefix() -> None:
    rows = [np.array(r, np.int32) for r in ([1, 2, 3, 4], [1, 2, 5], [1, 2, 3])]
    assert common_prefix_length(rows) == 2
    assert common_prefix_length([rows[0], rows[2]]) == 3
    assert common_prefix_length([rows[0], rows[0]]) == 4
