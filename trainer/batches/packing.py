"""Text packed into rows of tokens, and the steps that training reads of them.

Best-fit packing (Ding et al. 2024, "Fewer Truncations Improve Language Modeling") where every row
starts with `<|bos|>`, as in nanochat; unlike there a cut document's rest is kept: on a small data
set of long documents dropping it would drop most of the text.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trainer.tokens import Tokens

ROWS_PER_WINDOW = 512


@dataclass(frozen=True)
class StepBatch:
    """One rank's share of an optimizer step.

    `inputs` and `targets` are [rows, sequence_len]; `target_count` counts the targets to learn in the
    whole step, all ranks together; `position` restores the stream to just after the step.
    """

    inputs: Tokens
    targets: Tokens
    target_count: int
    progress: float
    epochs: float
    position: dict[str, int]


@dataclass(frozen=True)
class Position:
    """A place in the endless stream of rows: a window's first document, and rows used of it."""

    window: int = 0
    epoch: int = 0
    document: int = 0
    row: int = 0


class BestFit:
    """Lengths of pieces waiting for a row. Of equal lengths the earliest added goes first."""

    def __init__(self) -> None:
        self._waiting: dict[int, deque[int]] = {}
        self._lengths = 0  # bit n: a piece of n tokens waits; quicker to search than a sorted list
        self._added = 0

    def add(self, length: int) -> None:
        """Register the next piece; pieces are numbered from 0."""
        self._waiting.setdefault(length, deque()).append(self._added)
        self._lengths |= 1 << length
        self._added += 1

    def take(self, room: int) -> int | None:
        """Remove the longest piece of at most `room` tokens and return its number."""
        fitting = self._lengths & ((2 << room) - 1)
        return self._pop(fitting.bit_length() - 1) if fitting else None

    def take_shortest(self) -> int | None:
        """Remove the shortest piece and return its number."""
        shortest = self._lengths & -self._lengths
        return self._pop(shortest.bit_length() - 1) if shortest else None

    def left(self) -> list[int]:
        """Numbers of the pieces that still wait, in the order they were added."""
        return sorted(number for numbers in self._waiting.values() for number in numbers)

    def _pop(self, length: int) -> int:
        numbers = self._waiting[length]
        number = numbers.popleft()
        if not numbers:
            self._lengths ^= 1 << length
        return number


def pack_rows(pieces: Sequence[Tokens], row_len: int, bos: int) -> list[Tokens]:
    """Fill rows of `row_len` tokens from pieces; what cannot fill a last row is left out."""
    return fill_rows(pieces, row_len, bos)[0]


def fill_rows(pieces: Sequence[Tokens], row_len: int, bos: int) -> tuple[list[Tokens], list[Tokens]]:
    """Rows of `row_len` tokens, and the pieces left over: less than a row."""
    waiting, stock = BestFit(), list(pieces)
    for piece in stock:
        waiting.add(len(piece))
    rows: list[Tokens] = []
    tokens = sum(len(piece) for piece in stock)
    while tokens >= row_len:
        row, cut = _fill_row(waiting, stock, row_len, bos)
        rows.append(row)
        tokens += cut - row_len
    return rows, [stock[number] for number in waiting.left()]


def _fill_row(waiting: BestFit, stock: list[Tokens], room: int, bos: int) -> tuple[Tokens, int]:
    """One row out of pieces that suffice for it; and the tokens that a cut has added to the stock."""
    row: list[Tokens] = []
    while room:
        number = waiting.take(room)
        if number is None:
            number = waiting.take_shortest()
            assert number is not None
            piece = stock[number]
            stock.append(np.concatenate([np.array([bos], np.int32), piece[room:]]))
            waiting.add(len(stock[-1]))
            return np.concatenate([*row, piece[:room]]), 1
        row.append(stock[number])
        room -= len(stock[number])
    return np.concatenate(row), 0
