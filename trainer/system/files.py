"""Files that appear whole or not at all, JSON in them, and folders of hard links."""

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any


@contextmanager
def replacing(path: Path, suffix: str | None = None) -> Iterator[Path]:
    """A name beside `path` to write under: renamed to `path` when the block ends, deleted when it fails.

    `suffix` is this process's id unless given: a fixed one, under a lock, takes the place of what a
    killed writer left.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid() if suffix is None else suffix}")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_whole(path: Path, data: bytes, sync: bool = True) -> None:
    """Write a file so that readers see all of it or none; with `sync`, also after a power cut."""
    with replacing(path) as temporary:
        _write(temporary, data, sync)


def write_once(path: Path, data: bytes) -> bool:
    """Like `write_whole`, but the first writer wins; whether this was it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        _write(temporary, data, sync=True)
        os.link(temporary, path)
    except FileExistsError:
        return False
    finally:
        temporary.unlink(missing_ok=True)
    return True


@contextmanager
def appearing(path: Path) -> Iterator[Path]:
    """A name beside `path` to write under: becomes `path` when the block ends, unless it is there by then."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.{os.getpid()}")
    try:
        yield temporary
        with suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_json(path: Path, document: dict[str, Any]) -> None:
    """Write a JSON document whole."""
    write_whole(path, _as_json(document))


def read_json(path: Path) -> dict[str, Any] | None:
    """The document, or None when there is no (whole) one."""
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return document if isinstance(document, dict) else None


def preallocate(path: Path, size_bytes: int) -> None:
    """Take disk space now for a file that must be written when the disk may be full."""
    with path.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, size_bytes)


def write_preallocated(space: Path, path: Path, document: dict[str, Any]) -> None:
    """Write a JSON document whole, in the space that `preallocate` took."""
    with space.open("r+b") as file:
        file.write(_as_json(document))
        file.truncate()
        file.flush()
        os.fsync(file.fileno())
    space.replace(path)


def link_tree(source: Path, target: Path) -> None:
    """Hard-link a folder's files (checkpoints are replaced by renames, never written in place)."""
    temporary = target.with_name(f".{target.name}.linking")
    for file in sorted(path for path in source.rglob("*") if path.is_file()):
        link = temporary / file.relative_to(source)
        link.parent.mkdir(parents=True, exist_ok=True)
        if not link.exists():
            os.link(file, link)
    temporary.replace(target)


def _as_json(document: dict[str, Any]) -> bytes:
    return (json.dumps(document, indent=1) + "\n").encode()


def _write(path: Path, data: bytes, sync: bool) -> None:
    with path.open("wb") as file:
        file.write(data)
        if sync:
            file.flush()
            os.fsync(file.fileno())
