"""Text documents packed into rows of tokens, the same rows for any number of ranks.

Best-fit packing (Ding et al. 2024, "Fewer Truncations Improve Language Modeling") where every row
starts with `<|bos|>`, as in nanochat; unlike there a cut document's rest is kept: on a small data
set of long documents dropping it would drop most of the text.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from trainer.data.errors import DataError

IGNORE = -100
ROWS_PER_WINDOW = 512
DOCUMENTS_PER_CHUNK = 128
Tokens = NDArray[np.int32]


class TextSource(Protocol):
    """What the packer needs of a data set."""

    def texts(self, split: Literal["train"], start_document: int = 0) -> Iterator[str]: ...


class Encoder(Protocol):
    """What the packer needs of a tokenizer."""

    def encode_batch(self, texts: list[str]) -> list[Tokens]: ...
    def special(self, name: str) -> int: ...


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
        self._order: list[tuple[int, int]] = []
        self._added = 0

    def add(self, length: int) -> None:
        """Register the next piece; pieces are numbered from 0."""
        insort(self._order, (length, -self._added))
        self._added += 1

    def take(self, room: int) -> int | None:
        """Remove the longest piece of at most `room` tokens and return its number."""
        place = bisect_right(self._order, (room, 1))
        return -self._order.pop(place - 1)[1] if place else None

    def take_shortest(self) -> int | None:
        """Remove the shortest piece and return its number."""
        if not self._order:
            return None
        room = self._order[0][0]
        return self.take(room)


def pack_rows(pieces: Sequence[Tokens], row_len: int, bos: int) -> list[Tokens]:
    """Fill rows of `row_len` tokens from pieces; what cannot fill a last row is left out."""
    waiting, stock = BestFit(), list(pieces)
    for piece in stock:
        waiting.add(len(piece))
    rows: list[Tokens] = []
    tokens = sum(len(piece) for piece in stock)
    while tokens >= row_len:
        row, room = [], row_len
        while room:
            number = waiting.take(room)
            if number is not None:
                piece = stock[number]
            else:
                number = waiting.take_shortest()
                if number is None:
                    return rows
                piece = stock[number][:room]
                rest = np.concatenate([np.array([bos], np.int32), stock[number][room:]])
                stock.append(rest)
                waiting.add(len(rest))
                tokens += 1
            row.append(piece)
            room -= len(piece)
        rows.append(np.concatenate(row))
        tokens -= row_len
    return rows


class TextStream:
    """Steps of `rows_per_step` rows, endlessly over the train split.

    The stream depends on data, tokenizer, sequence length and seed alone; how rows are shared among
    steps and ranks changes nothing in it, and any `position` continues it exactly.
    """

    def __init__(
        self, data: TextSource, tokenizer: Encoder, sequence_len: int, seed: int, documents: int
    ) -> None:
        self._data, self._tokenizer, self._seed = data, tokenizer, seed
        self._row_len = sequence_len + 1
        self._bos = tokenizer.special("<|bos|>")
        self._documents = documents

    def steps(
        self, rows_per_step: int, rank: int, world_size: int, position: dict[str, int] | None = None
    ) -> Iterator[StepBatch]:
        """Yield this rank's share of every step from `position` on, without end.

        Raises:
            DataError: when the train split holds no text.
        """
        share = rows_per_step // world_size
        first = rank * share
        waiting: list[Tokens] = []
        for row, after, epochs in self._rows(Position(**position) if position else Position()):
            waiting.append(row)
            if len(waiting) == rows_per_step:
                mine = np.stack(waiting[first : first + share])
                count = rows_per_step * (self._row_len - 1)
                yield StepBatch(mine[:, :-1], mine[:, 1:], count, 0.0, epochs, asdict(after))
                waiting = []

    def _rows(self, start: Position) -> Iterator[tuple[Tokens, Position, float]]:
        skip = start.row
        for at, end, rows in self._windows(start):
            begin, length = self._epochs(at), self._epochs(end) - self._epochs(at)
            for used, row in enumerate(rows[skip:], skip + 1):
                after = end if used == len(rows) else Position(at.window, at.epoch, at.document, used)
                yield row, after, begin + length * used / len(rows)
            skip = 0

    def _windows(self, at: Position) -> Iterator[tuple[Position, Position, list[Tokens]]]:
        pieces: list[Tokens] = []
        tokens, at = 0, Position(at.window, at.epoch, at.document)
        for chunk, epoch, document in self._chunks(at):
            pieces += chunk
            tokens += sum(len(piece) for piece in chunk)
            if tokens >= ROWS_PER_WINDOW * self._row_len:
                end = Position(at.window + 1, epoch, document)
                rows = pack_rows(pieces, self._row_len, self._bos)
                # Best fit puts long pieces first: without a shuffle early steps would see only those.
                np.random.default_rng([self._seed, at.window]).shuffle(rows)
                yield at, end, rows
                pieces, tokens, at = [], 0, end

    def _chunks(self, at: Position) -> Iterator[tuple[list[Tokens], int, int]]:
        epoch, document = at.epoch, at.document
        while True:
            texts, found = self._data.texts("train", document), document > 0
            while chunk := list(islice(texts, DOCUMENTS_PER_CHUNK)):
                document += len(chunk)
                pieces = self._pieces(chunk)
                found = found or bool(pieces)
                yield pieces, epoch, document
            if not found:
                raise DataError("data: the train split holds no text; needed: at least one document")
            epoch, document = epoch + 1, 0

    def _pieces(self, texts: list[str]) -> list[Tokens]:
        """Documents cut to at most a row each; every piece starts with `<|bos|>`."""
        bos, body = np.array([self._bos], np.int32), self._row_len - 1
        return [
            np.concatenate([bos, tokens[start : start + body]])
            for tokens in self._tokenizer.encode_batch(texts)
            for start in range(0, len(tokens), body)
        ]

    def _epochs(self, at: Position) -> float:
        return at.epoch + at.document / max(1, self._documents)
