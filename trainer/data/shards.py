"""Pretraining text: parquet shards with a `text` column, one document a row.

The last shard is held out, as in nanochat; here its first half is `validation` (read by the
search at will) and its second half `locked` (read for the final champion only).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from trainer.data.errors import DataError

Split = Literal["train", "validation", "locked"]
TEXTS_PER_BATCH = 256
BUFFER_BYTES = 1 << 20


@dataclass(frozen=True)
class _Span:
    """Rows `first` to `last` (exclusive) of one row group."""

    path: Path
    row_group: int
    first: int
    last: int


def shard_paths(folder: Path) -> list[Path]:
    """The shards of a `pretrain` folder by name; other names count only where no `shard_*` exists."""
    numbered = sorted(folder.glob("shard_*.parquet"))
    return numbered or sorted(folder.glob("*.parquet"))


def read_texts(folder: Path, split: Split) -> Iterator[str]:
    """Yield the documents of a split, always in the same order.

    Raises:
        DataError: for a folder with fewer than two shards, or a file that is not such a shard.
    """
    for span in _spans(_required(folder), split):
        yield from _rows(span)


def train_shards(folder: Path) -> list[Path]:
    """The shards of the train split, in its order.

    Raises:
        DataError: for a folder with fewer than two shards.
    """
    return _required(folder)[:-1]


def shard_texts(path: Path) -> Iterator[str]:
    """Yield the documents of one whole shard, of any size: only a few are in memory.

    Raises:
        DataError: the file is not such a shard.
    """
    # Buffered: else a row group, which may be the whole file, is read at once.
    file = _open(path, buffer_bytes=BUFFER_BYTES)
    try:
        for batch in file.iter_batches(TEXTS_PER_BATCH, columns=["text"], use_threads=False):
            yield from (text or "" for text in batch.column(0).to_pylist())
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read ({_line(error)})") from None


def count_in_shard(path: Path) -> int:
    """Documents in one whole shard, out of the file's footer alone."""
    rows: int = _open(path).metadata.num_rows
    return rows


def write_shard(path: Path, row_groups: Iterable[Sequence[str]]) -> None:
    """Write one zstd shard, each given sequence of documents being a row group of its own."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([("text", pa.string())])
    with pq.ParquetWriter(path, schema, compression="zstd", use_dictionary=False) as writer:
        for texts in row_groups:
            writer.write_table(
                pa.table({"text": list(texts)}, schema=schema), row_group_size=max(1, len(texts))
            )


def _required(folder: Path) -> list[Path]:
    paths = shard_paths(folder)
    if len(paths) < 2:
        raise DataError(
            f"{folder}: {len(paths)} parquet shards; needed: at least 2, the last one being held out"
        )
    return paths


def _spans(paths: list[Path], split: Split) -> list[_Span]:
    if split == "train":
        return [span for path in paths[:-1] for span in _all_spans(path)]
    held_out = _all_spans(paths[-1])
    if len(held_out) == 1:
        return [_half_of_group(held_out[0], split)]
    middle = (len(held_out) + 1) // 2
    return held_out[:middle] if split == "validation" else held_out[middle:]


def _half_of_group(span: _Span, split: Split) -> _Span:
    middle = (span.last + 1) // 2
    first, last = (0, middle) if split == "validation" else (middle, span.last)
    return _Span(span.path, span.row_group, first, last)


def _all_spans(path: Path) -> list[_Span]:
    metadata = _open(path).metadata
    return [_Span(path, i, 0, metadata.row_group(i).num_rows) for i in range(metadata.num_row_groups)]


def _rows(span: _Span) -> list[str]:
    try:
        column = _open(span.path).read_row_group(span.row_group, columns=["text"]).column("text")
        texts: list[str | None] = column.slice(span.first, span.last - span.first).to_pylist()
    except (OSError, ValueError) as error:
        raise DataError(f"{span.path}: row group {span.row_group} cannot be read ({_line(error)})") from None
    return [text or "" for text in texts]


def _open(path: Path, buffer_bytes: int = 0) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path, buffer_size=buffer_bytes, pre_buffer=not buffer_bytes)
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: not a parquet file ({_line(error)})") from None
    names = file.schema_arrow.names
    if "text" not in names:
        raise DataError(f"{path}: columns {', '.join(names)}; needed: a column named text")
    kind = file.schema_arrow.field("text").type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        raise DataError(f"{path}: column text holds {kind}; needed: string")
    return file


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
