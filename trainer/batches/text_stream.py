"""Steps of packed rows, the same for any number of ranks, to be continued from anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import Protocol

import numpy as np

from trainer.batches.packing import StepBatch
from trainer.batches.rows import Rows
from trainer.data.errors import DataError
from trainer.tokens import Tokens


class RowSource(Protocol):
    """What the stream needs of packed text; see `PackedShards`."""

    @property
    def documents(self) -> list[int]: ...
    @property
    def repeats(self) -> int: ...
    def rows(self, shard: int) -> Rows: ...
    def close(self) -> None: ...


@dataclass(frozen=True)
class Place:
    """A place in the endless stream: rows used of a shard in an epoch's order."""

    epoch: int = 0
    shard: int = 0
    row: int = 0

    @classmethod
    def of(cls, position: dict[str, int], shards: int) -> Place:
        """A position that a checkpoint has kept.

        Raises:
            DataError: it is of another version of this code, or of other data.
        """
        if set(position) != {"epoch", "shard", "row"}:
            raise DataError(
                f"checkpoint: position: {', '.join(position)}; allowed: epoch, shard, row; "
                "another version of the trainer wrote it: start the job anew"
            )
        if position["shard"] >= shards:
            raise DataError(
                f"checkpoint: position: shard {position['shard']}; allowed: below {shards}, "
                "the shards of the train split"
            )
        return cls(**position)


class TextStream:
    """Steps of `rows_per_step` rows, endlessly over the train split, in another order every epoch.

    The stream depends on data, tokenizer, sequence length and seed alone; how rows are shared among
    steps and ranks changes nothing in it, and any `position` continues it exactly.
    """

    def __init__(self, source: RowSource, seed: int) -> None:
        self._source, self._seed = source, seed
        self._before: list[int] = np.cumsum([0, *source.documents]).tolist()

    def steps(
        self, rows_per_step: int, rank: int, world_size: int, position: dict[str, int] | None = None
    ) -> Iterator[StepBatch]:
        """Yield this rank's share of every step from `position` on, without end.

        Raises:
            DataError: when the train split holds no text, or `position` is of something else.
        """
        start = Place.of(position, len(self._source.documents)) if position else Place()
        share = rows_per_step // world_size
        mine: list[Rows] = []
        with closing(self._source):
            for count, (row, after, epochs) in enumerate(self._rows(start), 1):
                place = (count - 1) % rows_per_step
                if place // share == rank:
                    mine.append(row)
                if place == rows_per_step - 1:
                    yield self._batch(mine, rows_per_step, after, epochs)
                    mine = []

    def _batch(self, mine: list[Rows], rows_per_step: int, after: Place, epochs: float) -> StepBatch:
        rows: Tokens = np.stack(mine).astype(np.int32)  # the only reading of them, by this rank alone
        count = rows_per_step * (rows.shape[1] - 1)
        return StepBatch(rows[:, :-1], rows[:, 1:], count, 0.0, epochs, asdict(after))

    def _rows(self, start: Place) -> Iterator[tuple[Rows, Place, float]]:
        """Rows that are not read yet, with the place after each and the epochs read by then."""
        for at in self._shards(start):
            rows = self._source.rows(at.shard)
            order = np.random.default_rng([self._seed, at.epoch, at.shard]).permutation(len(rows))
            for used in range(at.row + 1, len(rows) + 1):
                after = Place(at.epoch, at.shard, used)
                yield rows[order[used - 1]], after, self._epochs(after, used / len(rows))

    def _shards(self, at: Place) -> Iterator[Place]:
        """The shards from a place on, epoch after epoch."""
        yield at
        while True:
            last = at.shard + 1 >= len(self._source.documents)
            at = Place(at.epoch + 1) if last else Place(at.epoch, at.shard + 1)
            yield at

    def _epochs(self, at: Place, part: float) -> float:
        read = self._before[at.shard] + part * self._source.documents[at.shard]
        return (at.epoch + read / max(1, self._before[-1])) * self._source.repeats
