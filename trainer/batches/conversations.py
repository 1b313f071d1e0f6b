"""Conversations packed several to a row, padded, the same rows for any number of ranks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Generic, TypeVar

import numpy as np

from trainer.batches.packing import ROWS_PER_WINDOW, BestFit, Position, StepBatch
from trainer.data.errors import DataError
from trainer.tokens import IGNORE, Mask, Tokens

Rendered = tuple[Tokens, Mask]
Row = tuple[Tokens, Tokens]
C = TypeVar("C")


def learnt_targets(tokens: Tokens, mask: Mask, sequence_len: int, padding: int) -> Row:
    """Inputs and targets of one row, each [sequence_len]; targets outside the mask are IGNORE."""
    inputs = np.full(sequence_len, padding, np.int32)
    targets = np.full(sequence_len, IGNORE, np.int32)
    length = min(len(tokens) - 1, sequence_len)
    inputs[:length] = tokens[:length]
    targets[:length] = np.where(mask[1 : length + 1], tokens[1 : length + 1], IGNORE)
    return inputs, targets


def pack_conversations(rendered: Sequence[Rendered], sequence_len: int, padding: int) -> list[Row]:
    """Best-fit rows of whole conversations; one longer than a row is cut at its end."""
    row_len = sequence_len + 1
    stock = [(tokens[:row_len], mask[:row_len]) for tokens, mask in rendered]
    stock = [(tokens, mask) for tokens, mask in stock if mask[1:].any()]
    waiting = BestFit()
    for tokens, _ in stock:
        waiting.add(len(tokens))
    rows: list[Row] = []
    for _ in stock:
        chosen, room = [], row_len
        while room and (number := waiting.take(room)) is not None:
            chosen.append(stock[number])
            room -= len(stock[number][0])
        if not chosen:
            break
        tokens, mask = (np.concatenate(parts) for parts in zip(*chosen, strict=True))
        rows.append(learnt_targets(tokens, mask, sequence_len, padding))
    return rows


@dataclass(frozen=True)
class ConversationStream(Generic[C]):
    """Steps over shuffled conversations, either for `epochs` passes or, when that is None, endlessly.

    The order follows `seed` and the pass; how rows are shared among ranks changes nothing in it.
    """

    conversations: Sequence[C]
    render: Callable[[C], Rendered]
    sequence_len: int
    padding: int
    seed: int
    epochs: float | None

    @property
    def total(self) -> int | None:
        """Conversations to be read in all."""
        return None if self.epochs is None else max(1, round(self.epochs * len(self.conversations)))

    def steps(
        self, rows_per_step: int, rank: int, world_size: int, position: dict[str, int] | None = None
    ) -> Iterator[StepBatch]:
        """Yield this rank's share of every step; the last one is filled up with rows that teach nothing.

        Raises:
            DataError: when no conversation has anything to learn within a row.
        """
        share = slice(rank * rows_per_step // world_size, (rank + 1) * rows_per_step // world_size)
        start = Position(**position) if position else Position()
        waiting: list[Row] = []
        at, seen = start, self._read(start)
        for row, at, seen in self._rows(start):
            waiting.append(row)
            if len(waiting) == rows_per_step:
                yield self._batch(waiting, share, at, seen)
                waiting = []
        if waiting:
            empty = learnt_targets(
                np.zeros(1, np.int32), np.zeros(1, np.bool_), self.sequence_len, self.padding
            )
            waiting += [empty] * (rows_per_step - len(waiting))
            yield self._batch(waiting, share, at, seen)

    def _batch(self, rows: list[Row], share: slice, at: Position, seen: float) -> StepBatch:
        inputs, targets = (np.stack(part) for part in zip(*rows, strict=True))
        count = int((targets != IGNORE).sum())
        progress = seen / self.total if self.total else 0.0
        epochs = seen / len(self.conversations)
        return StepBatch(inputs[share], targets[share], count, min(1.0, progress), epochs, asdict(at))

    def _rows(self, start: Position) -> Iterator[tuple[Row, Position, float]]:
        """Rows with the position after each and the conversations read by then."""
        skip = start.row
        for at, end, rows in self._windows(start):
            begin, length = self._read(at), self._read(end) - self._read(at)
            for used, row in enumerate(rows[skip:], skip + 1):
                after = end if used == len(rows) else Position(at.window, at.epoch, at.document, used)
                yield row, after, begin + length * used / len(rows)
            skip = 0

    def _windows(self, start: Position) -> Iterator[tuple[Position, Position, list[Row]]]:
        at, epoch_rows = Position(start.window, start.epoch, start.document), start.document
        while self.total is None or self._read(at) < self.total:
            end, rendered = self._gather(at)
            rows = pack_conversations(rendered, self.sequence_len, self.padding)
            np.random.default_rng([self.seed, 1, at.window]).shuffle(rows)
            epoch_rows += len(rows)
            if end.document == 0 and not epoch_rows:
                raise DataError("data: no conversation has an assistant's answer within sequence_len")
            yield at, end, rows
            at, epoch_rows = end, epoch_rows if end.document else 0

    def _gather(self, at: Position) -> tuple[Position, list[Rendered]]:
        order = np.random.default_rng([self.seed, 0, at.epoch]).permutation(len(self.conversations))
        end = len(order) if self.total is None else min(len(order), self.total - at.epoch * len(order))
        rendered: list[Rendered] = []
        tokens, place = 0, at.document
        while place < end and tokens < ROWS_PER_WINDOW * self.sequence_len:
            rendered.append(self.render(self.conversations[int(order[place])]))
            tokens += len(rendered[-1][0])
            place += 1
        if place == len(order):
            return Position(at.window + 1, at.epoch + 1, 0), rendered
        return Position(at.window + 1, at.epoch, place), rendered

    def _read(self, at: Position) -> float:
        return at.epoch * len(self.conversations) + at.document
