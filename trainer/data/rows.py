"""Rows of JSON Lines files, plain or packed, and of parquet files."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from trainer.data.errors import DataError

MAX_LINE_BYTES = 16 << 20
SUFFIXES = (".jsonl", ".jsonl.zst", ".parquet")


def read_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (number from 1, row) of a `.jsonl`, `.jsonl.zst` or `.parquet` file.

    Raises:
        DataError: for a line that is not a JSON object or is longer than 16 MiB, or a broken file.
    """
    return _parquet_rows(path) if path.suffix == ".parquet" else _json_rows(path)


def stem(path: Path) -> str:
    """The name without what `SUFFIXES` lists."""
    return path.name.removesuffix(".zst").removesuffix(".jsonl").removesuffix(".parquet")


def _json_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        if len(line) > MAX_LINE_BYTES:
            raise DataError(f"{path}:{number}: a line of more than {MAX_LINE_BYTES} bytes")
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise DataError(f"{path}:{number}: not JSON ({error})") from None
        if not isinstance(row, dict):
            raise DataError(f"{path}:{number}: {type(row).__name__}; needed: a JSON object")
        yield number, row


def _parquet_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    import pyarrow.parquet as pq

    try:
        number = 0
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=1024):
                for row in batch.to_pylist():
                    number += 1
                    yield number, row
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: not a parquet file ({' '.join(str(error).split())[:200]})") from None


def _lines(path: Path) -> Iterator[bytes]:
    import pyarrow as pa

    try:
        compression = "zstd" if path.suffix == ".zst" else None
        with (
            pa.input_stream(str(path), compression=compression) as stream,
            io.BufferedReader(stream) as lines,
        ):
            while line := lines.readline(MAX_LINE_BYTES + 1):
                yield line
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({' '.join(str(error).split())[:200]})") from None
