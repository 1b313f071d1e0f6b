"""Splits of parquet shards: complete, disjoint, in a fixed order, resumable anywhere."""

from pathlib import Path
from typing import get_args

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trainer.data.errors import DataError
from trainer.data.shards import (
    Split,
    count_in_shard,
    read_texts,
    shard_paths,
    shard_texts,
    train_shards,
    write_shard,
)


def write(folder: Path, *shards: list[list[str]]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for index, groups in enumerate(shards):
        write_shard(folder / f"shard_{index:05d}.parquet", groups)
    return folder


def test_the_last_shard_is_held_out_and_halved(tmp_path: Path) -> None:
    folder = write(tmp_path, [["a", "b"], ["c"]], [["d"]], [["v1"], ["v2"], ["l1"], ["l2"]])
    assert list(read_texts(folder, "train")) == ["a", "b", "c", "d"]
    assert list(read_texts(folder, "validation")) == ["v1", "v2"]
    assert list(read_texts(folder, "locked")) == ["l1", "l2"]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sizes=st.lists(st.lists(st.integers(0, 5), min_size=1, max_size=4), min_size=2, max_size=4))
def test_splits_partition_the_documents(tmp_path: Path, sizes: list[list[int]]) -> None:
    for old in tmp_path.glob("*.parquet"):
        old.unlink()
    shards = [
        [[f"{s}.{g}.{i}" for i in range(n)] for g, n in enumerate(groups)] for s, groups in enumerate(sizes)
    ]
    folder = write(tmp_path, *shards)
    everything = [text for shard in shards for group in shard for text in group]
    assert [text for split in get_args(Split) for text in read_texts(folder, split)] == everything


def test_the_train_split_is_its_shards_one_after_another(tmp_path: Path) -> None:
    folder = write(tmp_path, [["a", "b"], ["c"]], [[str(i) for i in range(1000)]], [["v"], ["l"]])
    shards = train_shards(folder)
    assert [path.name for path in shards] == ["shard_00000.parquet", "shard_00001.parquet"]
    assert [text for path in shards for text in shard_texts(path)] == list(read_texts(folder, "train"))
    assert [count_in_shard(path) for path in shards] == [3, 1000]
    with pytest.raises(DataError, match="needed: at least 2"):
        train_shards(write(tmp_path / "one", [["a"]]))


def test_one_row_group_is_halved_by_documents(tmp_path: Path) -> None:
    folder = write(tmp_path, [["a"]], [["v1", "v2", "l1"]])
    assert list(read_texts(folder, "validation")) == ["v1", "v2"]
    assert list(read_texts(folder, "locked")) == ["l1"]


def test_other_names_count_only_without_shards(tmp_path: Path) -> None:
    write_shard(tmp_path / "part-b.parquet", [["b"]])
    write_shard(tmp_path / "part-a.parquet", [["a"]])
    assert [path.name for path in shard_paths(tmp_path)] == ["part-a.parquet", "part-b.parquet"]
    write(tmp_path, [["x"]], [["y"]])
    assert [path.name for path in shard_paths(tmp_path)] == ["shard_00000.parquet", "shard_00001.parquet"]


def test_a_lone_shard_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="1 parquet shards; needed: at least 2"):
        list(read_texts(write(tmp_path, [["a"]]), "train"))


@pytest.mark.parametrize(
    ("column", "values", "complaint"),
    [("body", ["a"], "columns body; needed: a column named text"), ("text", [1], "column text holds int64")],
)
def test_a_foreign_shard_is_named(tmp_path: Path, column: str, values: list[object], complaint: str) -> None:
    write(tmp_path, [["a"]], [["b"]])
    pq.write_table(pa.table({column: values}), tmp_path / "shard_00000.parquet")
    with pytest.raises(DataError, match=complaint) as caught:
        list(read_texts(tmp_path, "train"))
    assert "shard_00000.parquet" in str(caught.value) and "\n" not in str(caught.value)


def test_a_broken_shard_is_one_line(tmp_path: Path) -> None:
    write(tmp_path, [["a"]], [["b"]])
    (tmp_path / "shard_00000.parquet").write_bytes(b"PAR1 nothing PAR1")
    for reading in (read_texts(tmp_path, "train"), shard_texts(tmp_path / "shard_00000.parquet")):
        with pytest.raises(DataError, match=r"shard_00000\.parquet: not a parquet file") as caught:
            list(reading)
        assert "\n" not in str(caught.value)


def test_damaged_text_is_one_line(tmp_path: Path) -> None:
    path = write(tmp_path, [[str(i**50) for i in range(1000)]], [["b"]]) / "shard_00000.parquet"
    content = path.read_bytes()
    path.write_bytes(content[:1000] + bytes(200) + content[1200:])
    with pytest.raises(DataError, match=r"shard_00000\.parquet: cannot be read") as caught:
        list(shard_texts(path))
    assert "\n" not in str(caught.value)
