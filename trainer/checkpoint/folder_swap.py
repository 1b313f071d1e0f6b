"""Replacing a whole folder so that a reader, or a kill at any instant, sees the old or the new one."""

import ctypes
import os
import shutil
from collections.abc import Callable
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def replace_folder(folder: Path, fill: Callable[[Path], None], exchange: bool = True) -> None:
    """Fill a new folder beside `folder`, then put it in its place.

    Linux exchanges both names in one call; elsewhere (or without `exchange`) the old folder
    stands aside as `previous_of(folder)` for the moment between two renames.
    """
    repair(folder)
    staging = folder.with_name(f"{folder.name}.saving")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    try:
        fill(staging)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)  # half a checkpoint must not fill a full disk
        raise
    for path in (*staging.iterdir(), staging):
        _flush(path)
    if not folder.exists():
        staging.rename(folder)
    elif exchange and _exchange(staging, folder):
        shutil.rmtree(staging)
    else:
        folder.rename(previous_of(folder))
        staging.rename(folder)
        shutil.rmtree(previous_of(folder))
    _flush(folder.parent)


def previous_of(folder: Path) -> Path:
    """Where the old folder stands while a replacement is under way."""
    return folder.with_name(f"{folder.name}.previous")


def repair(folder: Path) -> None:
    """Finish or undo a replacement that was killed. Only for the one process that writes `folder`."""
    previous = previous_of(folder)
    if folder.exists():
        shutil.rmtree(previous, ignore_errors=True)
    elif previous.exists():
        previous.rename(folder)


def _exchange(first: Path, second: Path) -> bool:
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    paths = os.fsencode(first), os.fsencode(second)
    return bool(renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE) == 0)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
