"""A train split as files of rows: made before they are read, the next ones meanwhile, errors in one line."""

import json
import os
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from tests.support.packed_lab import SEQUENCE_LEN, make, numbers, text_of, wait_until
from trainer.batches.packer import packed_windows
from trainer.batches.text_stream import TextStream
from trainer.data.errors import DataError
from trainer.run.disk_full import is_disk_full


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_an_epoch_holds_the_rows_of_all_training_shards(tmp_path: Path) -> None:
    packed = make(tmp_path / "data", numbers(0), numbers(500, 100))
    expected = set[tuple[int, ...]]()
    for texts in (numbers(0), numbers(500, 100)):
        for rows in packed_windows(texts, packed.tokenizer, SEQUENCE_LEN + 1):
            expected |= {tuple(row.tolist()) for row in rows}
    read = set[tuple[int, ...]]()
    for batch in TextStream(packed.shards(), 0).steps(1, 0, 1):
        read.add((*batch.inputs[0].tolist(), int(batch.targets[0, -1])))
        if batch.epochs >= 1:
            break
    assert read == expected and len(read) > 200


def test_the_next_shard_is_made_unasked_and_no_more(tmp_path: Path, cache: Path) -> None:
    packed = make(tmp_path / "data", *[numbers(start) for start in (0, 300, 600, 900)])
    shards = packed.shards()
    shards.rows(0)
    wait_until(packed.rows_path(1).exists)
    shards.close()
    assert len(list((cache / "rows").glob("*.npy"))) == 2


def test_each_rank_makes_another_of_the_next_shards(tmp_path: Path, cache: Path) -> None:
    packed = make(tmp_path / "data", *[numbers(300 * start) for start in range(6)])
    ahead = []
    for rank in range(3):
        shards = packed.shards(rank, 3)
        before = set((cache / "rows").glob("*.npy")) | {packed.rows_path(0)}
        shards.rows(0)
        wait_until(lambda before=before: set((cache / "rows").glob("*.npy")) - before)
        shards.close()
        (made,) = set((cache / "rows").glob("*.npy")) - before
        ahead.append([packed.rows_path(shard) for shard in range(6)].index(made))
    assert sorted(ahead) == [1, 2, 3]


def test_text_is_not_needed_again_once_its_rows_are_made(tmp_path: Path) -> None:
    packed = make(tmp_path / "data", numbers(0), numbers(300))
    first = [batch.inputs for batch in islice(TextStream(packed.shards(), 0).steps(8, 0, 1), 100)]
    for number in range(2):  # the same size and time: taken for the file that was hashed
        path = packed.shard(number)
        state = path.stat()
        content = path.read_bytes()
        path.write_bytes(bytes(100) + content[100:])
        os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    again = [batch.inputs for batch in islice(TextStream(packed.shards(), 0).steps(8, 0, 1), 100)]
    np.testing.assert_array_equal(np.stack(first), np.stack(again))


def test_a_file_is_hashed_once(tmp_path: Path, cache: Path) -> None:
    packed = make(tmp_path / "data", numbers(0), numbers(300))
    packed.data.file_hash(packed.shard(1))
    packed.data.file_hash(packed.shard(0))
    (memory,) = (cache / "hashes").glob("*.json")
    known = json.loads(memory.read_text())
    assert set(known) == {"pretrain/shard_00000.parquet", "pretrain/shard_00001.parquet"}
    known["pretrain/shard_00000.parquet"][2] = "remembered"
    memory.write_text(json.dumps(known))
    assert packed.data.file_hash(packed.shard(0)) == "remembered"
    changed = packed.data.content_hash()
    memory.unlink()
    assert packed.data.content_hash() != changed


def test_a_split_of_less_than_a_row_is_repeated(tmp_path: Path) -> None:
    packed = make(tmp_path / "data", ["abcd"], [""], ["efgh"])
    shards = packed.shards()
    rows = shards.rows(0)
    assert len(rows) == 1 and shards.repeats == 4
    assert len(shards.rows(1)) == len(shards.rows(2)) == 0
    assert text_of(rows, packed.tokenizer).count("abcd") >= 3
    batch = next(TextStream(shards, 0).steps(5, 0, 1))
    assert batch.inputs.shape == (5, SEQUENCE_LEN) and batch.position == {"epoch": 4, "shard": 0, "row": 1}


def test_an_empty_first_shard_is_passed_over(tmp_path: Path) -> None:
    shards = make(tmp_path / "data", [""], numbers(0)).shards()
    batch = next(TextStream(shards, 0).steps(4, 0, 1))
    assert batch.position == {"epoch": 0, "shard": 1, "row": 4} and shards.repeats == 1


def test_a_split_without_text_is_refused(tmp_path: Path) -> None:
    steps = TextStream(make(tmp_path / "data", [""], ["", ""]).shards(), 0).steps(4, 0, 1)
    with pytest.raises(DataError, match="data: the train split holds no text; needed: at least one document"):
        next(steps)


def test_a_shard_that_is_broken_is_named_when_it_is_read(tmp_path: Path) -> None:
    packed = make(tmp_path / "data", numbers(0), [str(i**50) for i in range(1000)])
    content = packed.shard(1).read_bytes()
    packed.shard(1).write_bytes(content[:1000] + bytes(200) + content[1200:])
    steps = TextStream(packed.shards(), 0).steps(8, 0, 1)
    for _ in range(10):
        next(steps)
    with pytest.raises(DataError, match=r"shard_00001\.parquet: cannot be read") as caught:
        list(islice(steps, 20))
    assert "\n" not in str(caught.value)


def test_a_full_disk_is_said_in_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    packed = make(tmp_path / "data", numbers(0, 1000))
    rows = packed.rows_path(0)
    rows.parent.mkdir(parents=True)
    rows.with_name(f".{rows.name}.part").symlink_to("/dev/full")
    with pytest.raises(DataError, match="HARNESS_CACHE") as caught:
        packed.shards().rows(0)
    assert str(rows.parent) in str(caught.value) and "\n" not in str(caught.value)
    assert is_disk_full(caught.value) and not rows.exists()
    assert len(packed.shards().rows(0))  # once there is room


@pytest.mark.parametrize("blocked", ["", "hashes", "rows"])
def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path, cache: Path, blocked: str) -> None:
    packed = make(tmp_path / "data", numbers(0))
    (cache / blocked).parent.mkdir(exist_ok=True)
    (cache / blocked).write_text("a file where a folder belongs")
    with pytest.raises(DataError, match=r"cannot be written .*HARNESS_CACHE") as caught:
        packed.shards().rows(0)
    assert str(cache / blocked) in str(caught.value) and "\n" not in str(caught.value)
    assert not is_disk_full(caught.value)
