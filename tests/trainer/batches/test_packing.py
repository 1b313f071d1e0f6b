"""Rows of packed text: full, starting with `<|bos|>`, losing nothing."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.batches.packer import packed_windows, repeated_rows
from trainer.batches.packing import ROWS_PER_WINDOW, BestFit, fill_rows, pack_rows
from trainer.tokens import Tokens

BOS = 99_999
ROW_LEN = 9


class Numbers:
    """A tokenizer whose tokens are the numbers in the text."""

    def encode_batch(self, texts: list[str]) -> list[Tokens]:
        return [np.array([int(word) for word in text.split()], np.int32) for text in texts]

    def special(self, name: str) -> int:
        return BOS


def documents(lengths: list[int]) -> list[str]:
    """Documents of numbered tokens, no number twice."""
    starts = np.cumsum([0, *lengths]).tolist()
    return [
        " ".join(str(token) for token in range(start, start + length))
        for start, length in zip(starts, lengths, strict=False)
    ]


def numbers_in(rows: list[Tokens]) -> list[int]:
    return [int(token) for row in rows for token in row if token != BOS]


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


@given(st.lists(st.integers(2, ROW_LEN), max_size=60))
def test_what_fills_no_row_is_handed_back(lengths: list[int]) -> None:
    pieces = [np.array([BOS, *map(int, text.split())], np.int32) for text in documents(lengths)]
    rows, rest = fill_rows(pieces, ROW_LEN, BOS)
    assert sorted(numbers_in([*rows, *rest])) == list(range(sum(lengths)))
    assert sum(len(piece) for piece in rest) < ROW_LEN and all(piece[0] == BOS for piece in rest)


@given(st.lists(st.integers(1, 20), max_size=50), st.lists(st.integers(0, 20), max_size=60))
def test_best_fit_takes_the_longest_that_fits_and_of_equals_the_earliest(
    lengths: list[int], rooms: list[int]
) -> None:
    stock, left = BestFit(), dict(enumerate(lengths))
    for length in lengths:
        stock.add(length)
    for room in rooms:
        fitting = [number for number, length in left.items() if length <= room]
        taken = max(fitting, key=lambda number: left[number]) if fitting else None
        assert stock.take(room) == taken
        if taken is None:
            taken = min(left, key=lambda number: left[number]) if left else None
            assert stock.take_shortest() == taken
        left.pop(taken if taken is not None else len(lengths), None)
        assert stock.left() == list(left)


@settings(deadline=None, max_examples=10)
@given(st.lists(st.integers(20, 60), min_size=300, max_size=600))
def test_windows_lose_less_than_a_row_of_a_whole_shard(lengths: list[int]) -> None:
    windows = list(packed_windows(documents(lengths), Numbers(), ROW_LEN))
    read = numbers_in([row for rows in windows for row in rows])
    assert len(windows) > 1 and len(set(read)) == len(read)
    assert sum(lengths) - len(read) < ROW_LEN


def test_a_window_is_packed_before_the_rest_is_read() -> None:
    taken = 0

    def texts() -> Iterator[str]:
        nonlocal taken
        for text in documents([8] * 5000):
            taken += 1
            yield text

    (window,) = islice(packed_windows(texts(), Numbers(), ROW_LEN), 1)
    assert len(window) >= ROWS_PER_WINDOW and taken < 2 * ROWS_PER_WINDOW


def test_a_text_too_short_for_a_row_is_repeated_until_one_is_full() -> None:
    rows, repeats = repeated_rows(["1 2", "", "3"], Numbers(), 12)
    assert repeats == 3 and len(rows) == 1 and len(rows[0]) == 12
    assert set(numbers_in(rows)) == {1, 2, 3}
    assert repeated_rows(["", ""], Numbers(), 12) == ([], 0)
