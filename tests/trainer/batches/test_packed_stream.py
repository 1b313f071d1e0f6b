"""Steps over packed rows: the same for any ranks and cuts, another order every epoch."""

import json
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.batches.packing import StepBatch
from trainer.batches.rows import Rows
from trainer.batches.text_stream import TextStream
from trainer.data.errors import DataError

ROW_LEN = 5


class Numbered:
    """Shards of numbered rows; the rows of a shard are as many as its documents."""

    def __init__(self, *shards: int, repeats: int = 1) -> None:
        self.documents, self.repeats = list(shards), repeats
        self.reads: list[int] = []
        self.closed = False

    def rows(self, shard: int) -> Rows:
        self.reads.append(shard)
        first = sum(self.documents[:shard])
        numbers = np.arange(first, first + self.documents[shard], dtype=np.uint16)
        return numbers[:, None] + 1000 * np.arange(ROW_LEN, dtype=np.uint16)

    def close(self) -> None:
        self.closed = True


def steps_of(
    *shards: int, rows: int = 4, rank: int = 0, world: int = 1, seed: int = 0, count: int = 60
) -> list[StepBatch]:
    return list(islice(TextStream(Numbered(*shards), seed).steps(rows, rank, world), count))


def rows_of(batches: list[StepBatch]) -> list[int]:
    return [int(row) for batch in batches for row in batch.inputs[:, 0]]


@pytest.mark.parametrize("world", [2, 4])
def test_ranks_share_the_rows_of_one_stream(world: int) -> None:
    whole = steps_of(7, 0, 30, rows=8)
    shares = [steps_of(7, 0, 30, rows=8, rank=rank, world=world) for rank in range(world)]
    for step, batch in enumerate(whole):
        joined = np.concatenate([share[step].inputs for share in shares])
        np.testing.assert_array_equal(joined, batch.inputs)
        assert all(share[step].target_count == 8 * (ROW_LEN - 1) for share in shares)
        assert all(share[step].position == batch.position for share in shares)


def test_batch_size_only_cuts_the_same_rows_differently() -> None:
    assert rows_of(steps_of(7, 30, count=60)) == rows_of(steps_of(7, 30, rows=12, count=20))


@settings(deadline=None)
@given(st.integers(0, 40), st.lists(st.integers(0, 20), min_size=1, max_size=6).filter(any))
def test_any_position_continues_the_stream_exactly(cut: int, shards: list[int]) -> None:
    whole = steps_of(*shards, count=cut + 3)
    position = json.loads(json.dumps(whole[cut - 1].position)) if cut else None
    rest = islice(TextStream(Numbered(*shards), 0).steps(4, 0, 1, position), 3)
    for expected, got in zip(whole[cut:], rest, strict=True):
        np.testing.assert_array_equal(expected.inputs, got.inputs)
        np.testing.assert_array_equal(expected.targets, got.targets)
        assert expected.position == got.position and expected.epochs == got.epochs


def test_to_continue_only_the_shard_that_was_being_read_is_opened() -> None:
    source = Numbered(8, 8, 8)
    next(TextStream(source, 0).steps(4, 0, 1, {"epoch": 5, "shard": 2, "row": 0}))
    assert source.reads == [2]


def test_every_epoch_reads_every_row_once_in_an_order_of_its_own() -> None:
    read = rows_of(steps_of(16, 24, count=30))
    epochs = [read[start : start + 40] for start in range(0, 120, 40)]
    assert all(sorted(epoch) == list(range(40)) for epoch in epochs)
    assert all(set(epoch[:16]) == set(range(16)) for epoch in epochs)  # shard by shard
    for shard in (slice(0, 16), slice(16, 40)):
        assert len({tuple(epoch[shard]) for epoch in epochs}) == 3


def test_the_seed_decides_the_order() -> None:
    first, again, other = (rows_of(steps_of(40, seed=seed, count=10)) for seed in (0, 0, 1))
    assert first == again != other and sorted(first) == sorted(other)


def test_shards_of_equal_size_are_not_read_in_the_same_order() -> None:
    read = rows_of(steps_of(40, 40, count=20))
    assert [row + 40 for row in read[:40]] != read[40:]


def test_targets_are_inputs_one_later() -> None:
    for batch in steps_of(30):
        np.testing.assert_array_equal(batch.inputs[:, 1:], batch.targets[:, :-1])
        assert batch.inputs.dtype == batch.targets.dtype == np.int32


def test_epochs_count_the_share_of_documents_read() -> None:
    assert [batch.epochs for batch in steps_of(4, 12, count=8)] == [0.25 * step for step in range(1, 9)]
    repeated = TextStream(Numbered(4, repeats=3), 0).steps(4, 0, 1)
    assert [batch.epochs for batch in islice(repeated, 2)] == [3.0, 6.0]


def test_what_is_made_ahead_is_stopped_with_the_stream() -> None:
    source = Numbered(4)
    steps = TextStream(source, 0).steps(4, 0, 1)
    next(steps)
    assert not source.closed
    del steps
    assert source.closed


@pytest.mark.parametrize(
    ("position", "complaint"),
    [
        (
            {"window": 1, "epoch": 0, "document": 3, "row": 0},
            "position: window, epoch, document, row; allowed: epoch, shard, row",
        ),
        ({"epoch": 0, "shard": 2, "row": 0}, "position: shard 2; allowed: below 2"),
    ],
)
def test_a_position_of_something_else_is_refused(position: dict[str, int], complaint: str) -> None:
    with pytest.raises(DataError, match=complaint) as caught:
        next(TextStream(Numbered(4, 4), 0).steps(4, 0, 1, position))
    assert "\n" not in str(caught.value)
