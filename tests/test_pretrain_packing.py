"""Rows of packed text: full, starting with `<|bos|>`, losing nothing, the same for any ranks and cuts."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.data.errors import DataError
from trainer.packing import BestFit, TextStream, Tokens, pack_rows

BOS = 999
ROW_LEN = 9


class Words:
    """Documents of numbered tokens."""

    def __init__(self, lengths: list[int]) -> None:
        starts = np.cumsum([0, *lengths])
        self.documents = [
            " ".join(str(token) for token in range(start, start + length))
            for start, length in zip(starts, lengths, strict=False)
        ]

    def texts(self, split: Literal["train"], start_document: int = 0) -> Iterator[str]:
        yield from self.documents[start_document:]


class Numbers:
    """A tokenizer whose tokens are the numbers in the text."""

    def encode_batch(self, texts: list[str]) -> list[Tokens]:
        return [np.array([int(word) for word in text.split()], np.int32) for text in texts]

    def special(self, name: str) -> int:
        return BOS


def stream(lengths: list[int], seed: int = 0) -> TextStream:
    return TextStream(Words(lengths), Numbers(), ROW_LEN - 1, seed, len(lengths))


@given(st.lists(st.integers(2, ROW_LEN), max_size=60))
def test_rows_are_full_start_with_bos_and_hold_all_but_a_rows_worth(lengths: list[int]) -> None:
    starts = np.cumsum([0, *lengths])
    pieces = [
        np.array([BOS, *range(start, start + length - 1)], np.int32)
        for start, length in zip(starts, lengths, strict=False)
    ]
    rows = pack_rows(pieces, ROW_LEN, BOS)
    assert all(len(row) == ROW_LEN and row[0] == BOS for row in rows)
    packed = [int(token) for row in rows for token in row if token != BOS]
    assert max(Counter(packed).values(), default=1) == 1
    assert set(packed) <= {int(token) for piece in pieces for token in piece}
    assert sum(lengths) - len(packed) - len(lengths) < ROW_LEN + 1


@given(st.lists(st.integers(1, 20), min_size=1, max_size=50), st.integers(1, 20))
def test_best_fit_takes_the_longest_that_fits_and_of_equals_the_earliest(
    lengths: list[int], room: int
) -> None:
    stock = BestFit()
    for length in lengths:
        stock.add(length)
    fitting = [length for length in lengths if length <= room]
    assert stock.take(room) == (lengths.index(max(fitting)) if fitting else None)
    if not fitting:
        assert stock.take_shortest() == lengths.index(min(lengths))


@pytest.mark.parametrize("world_size", [2, 4])
def test_ranks_share_the_rows_of_one_stream(world_size: int) -> None:
    lengths = list(range(1, 40))
    whole = list(islice(stream(lengths).steps(8, 0, 1), 200))
    shares = [list(islice(stream(lengths).steps(8, rank, world_size), 200)) for rank in range(world_size)]
    for step, batch in enumerate(whole):
        joined = np.concatenate([share[step].inputs for share in shares])
        np.testing.assert_array_equal(joined, batch.inputs)
        assert all(share[step].target_count == 8 * (ROW_LEN - 1) for share in shares)


def test_batch_size_only_cuts_the_same_rows_differently() -> None:
    lengths = list(range(1, 40))
    fours = [batch.inputs for batch in islice(stream(lengths).steps(4, 0, 1), 300)]
    twelves = [batch.inputs for batch in islice(stream(lengths).steps(12, 0, 1), 100)]
    np.testing.assert_array_equal(np.concatenate(fours), np.concatenate(twelves))


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 150), st.lists(st.integers(5, 90), min_size=5, max_size=30))
def test_any_position_continues_the_stream_exactly(cut: int, lengths: list[int]) -> None:
    whole = list(islice(stream(lengths).steps(8, 0, 1), cut + 3))
    position = whole[cut - 1].position if cut else None
    rest = list(islice(stream(lengths).steps(8, 0, 1, position), 3))
    for expected, got in zip(whole[cut:], rest, strict=True):
        np.testing.assert_array_equal(expected.inputs, got.inputs)
        np.testing.assert_array_equal(expected.targets, got.targets)
        assert expected.position == got.position and expected.epochs == got.epochs


def test_targets_are_inputs_one_later() -> None:
    batch = next(stream([30] * 20).steps(8, 0, 1))
    np.testing.assert_array_equal(batch.inputs[:, 1:], batch.targets[:, :-1])


def test_a_long_document_is_read_to_its_end_within_an_epoch() -> None:
    seen: set[int] = set()
    for batch in stream([400, 3, 2]).steps(4, 0, 1):
        seen |= set(batch.targets.ravel().tolist())
        if batch.epochs >= 20:
            break
    assert set(range(405)) <= seen


def test_the_seed_changes_the_order_of_a_windows_rows_and_nothing_else() -> None:
    first, second = (first_window([7] * 2000, seed) for seed in (0, 1))
    assert first != second
    assert sorted(first) == sorted(second)


def first_window(lengths: list[int], seed: int) -> list[tuple[int, ...]]:
    rows: list[tuple[int, ...]] = []
    for batch in stream(lengths, seed).steps(1, 0, 1):
        rows.append(tuple(batch.inputs[0].tolist()))
        if batch.position["window"] == 1:
            return rows
    raise AssertionError("the stream ended")


def test_a_split_without_text_is_refused() -> None:
    with pytest.raises(DataError, match="no text"):
        next(stream([0, 0]).steps(8, 0, 1))
