"""Files of packed rows: plain `.npy` arrays [rows, sequence_len + 1], named by all that decides them."""

import contextlib
import hashlib
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from trainer.data.errors import DataError
from trainer.job.paths import cache_dir
from trainer.system.files import replacing
from trainer.tokens import Tokens

# To be raised with any change of how text becomes rows: tokenizer code, packing, or the file's form.
FORMAT = 1
UNUSED_DAYS = 30
Rows = NDArray[np.uint16] | NDArray[np.uint32]


def rows_path(shard_hash: str, tokenizer_hash: str, sequence_len: int) -> Path:
    """Where the rows of one shard lie, whether or not they stand there yet."""
    key = f"{FORMAT} {shard_hash} {tokenizer_hash} {sequence_len}"
    return cache_dir() / "rows" / f"{hashlib.sha256(key.encode()).hexdigest()}.npy"


def is_ready(path: Path) -> bool:
    """Whether a file of rows stands there; from now on it counts as used today."""
    with contextlib.suppress(OSError):
        os.utime(path)
    return path.exists()


def drop_unused(folder: Path) -> None:
    """Delete the rows that nothing has read for `UNUSED_DAYS`; whoever has them mapped keeps them."""
    oldest = time.time() - UNUSED_DAYS * 86400
    for path in folder.glob("*.npy"):
        with contextlib.suppress(OSError):
            if path.stat().st_mtime < oldest:
                path.unlink()


def token_type(vocab_size: int) -> np.dtype[Any]:
    """Little-endian, as narrow as the vocabulary allows."""
    return np.dtype("<u2" if vocab_size <= 1 << 16 else "<u4")


def write_rows(path: Path, windows: Iterable[list[Tokens]], row_len: int, kind: np.dtype[Any]) -> None:
    """Append windows of rows to a new file, which gets its name when it is complete.

    Written, not mapped: a full disk is then an error and no signal.

    Raises:
        OSError: the file cannot be written; what was written of it is gone.
    """
    with replacing(path, suffix="part") as part, part.open("wb") as file:
        _write(file, windows, row_len, kind)
        file.flush()
        os.fsync(file.fileno())


def open_rows(path: Path, row_len: int) -> Rows:
    """Map a file of rows [rows, row_len]; only what is read of it comes into memory.

    Raises:
        DataError: the file is not one of such rows.
    """
    try:
        rows = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise DataError(f"{path}: no packed rows ({error}); delete it to have it made again") from None
    if rows.ndim != 2 or rows.shape[1] != row_len or rows.dtype.str not in ("<u2", "<u4"):
        raise DataError(
            f"{path}: {rows.dtype.str} {list(rows.shape)}; needed: <u2 or <u4 [rows, {row_len}]; "
            "delete it to have it made again"
        )
    mapped: Rows = np.asarray(rows)  # the same memory; a memmap's own slices are slow
    return mapped


def _write(file: IO[bytes], windows: Iterable[list[Tokens]], row_len: int, kind: np.dtype[Any]) -> None:
    _write_header(file, 0, row_len, kind)
    start, count = file.tell(), 0
    for rows in windows:
        for row in rows:
            file.write(row.astype(kind).tobytes())
        count += len(rows)
    file.seek(0)
    _write_header(file, count, row_len, kind)
    assert file.tell() == start  # NumPy pads a header for any number of rows


def _write_header(file: IO[bytes], rows: int, row_len: int, kind: np.dtype[Any]) -> None:
    header = {"descr": kind.str, "fortran_order": False, "shape": (rows, row_len)}
    np.lib.format.write_array_header_1_0(file, header)
