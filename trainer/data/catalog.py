"""Opening a data set by name: `starter`, `default`, a fetched or imported name, or a folder."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from trainer.data.conversations import Conversation, chat_files, read_conversations
from trainer.data.errors import DataError, unwritable
from trainer.data.shards import Split, count_in_shard, read_texts, shard_paths, train_shards
from trainer.job.paths import cache_dir, data_dir
from trainer.system.files import write_whole
from trainer.system.hashes import sha256_of
from trainer.system.locks import locked


@dataclass(frozen=True)
class DataSet:
    """A folder with any of `pretrain/*.parquet`, `chat/*.jsonl[.zst]` and `core/`."""

    folder: Path

    def texts(self, split: Split) -> Iterator[str]:
        """Yield the documents of a split in a fixed order.

        Raises:
            DataError: when the set has no pretraining text, or a shard is broken.
        """
        return read_texts(self.folder / "pretrain", split)

    def training_documents(self) -> int:
        """Documents of the training split, out of the shards' footers alone.

        Raises:
            DataError: as `texts` does.
        """
        return sum(count_in_shard(path) for path in train_shards(self.folder / "pretrain"))

    def conversations(self, split: Literal["train", "validation"]) -> Iterator[Conversation]:
        """Yield the conversations of a split in a fixed order: by file, then by line.

        Raises:
            DataError: when the set has no chat files, or naming file and line of a bad row.
        """
        folder = self.folder / "chat"
        if not chat_files(folder):
            raise DataError(f"{folder}: no conversations; needed: .jsonl or .jsonl.zst files with messages")
        return read_conversations(folder, split)

    def core_folder(self) -> Path | None:
        """The folder of CORE's questions (`core.yaml` in it), or None."""
        folder = self.folder / "core"
        return folder if (folder / "core.yaml").is_file() else None

    def content_hash(self) -> str:
        """SHA-256 (hex) over names and bytes of all data files; remembered per size and mtime."""
        return _hash_of(self.folder, self._files())

    def file_hash(self, path: Path) -> str:
        """SHA-256 (hex) of one data file; remembered as `content_hash` does, so that it is taken once.

        Raises:
            DataError: the file cannot be read, or the cache not written.
        """
        return _hash_of_one(self.folder, path)

    def _files(self) -> list[Path]:
        core = sorted(path for path in (self.folder / "core").rglob("*") if path.is_file())
        return [*shard_paths(self.folder / "pretrain"), *chat_files(self.folder / "chat"), *core]


def open_data(name: str) -> DataSet:
    """Open a data set; the starter set is built first where it does not lie ready.

    Raises:
        DataError: naming what was looked for and what is allowed.
    """
    if name == "starter":
        from trainer.data.starter.build import ensure_starter

        return DataSet(ensure_starter())
    folder = data_dir(name)
    if not folder.is_dir():
        raise DataError(
            f'data: "{name}"; no such data set; allowed: "starter", "default" (the folder that '
            "HARNESS_DATA names), a fetched name, or a folder"
        )
    data = DataSet(folder.resolve())
    if not data._files():
        raise DataError(f"{folder}: holds no pretrain/*.parquet, chat/*.jsonl[.zst] or core/")
    for path in data._files():
        _check_file(path, data.folder, follow_links=name == "default")
    return data


def _check_file(path: Path, folder: Path, follow_links: bool) -> None:
    """Pipes and devices are never data; links out of a set only in the folder that HARNESS_DATA names."""
    if not path.is_file():
        raise DataError(f"{path}: not a regular file; allowed: files")
    if not follow_links and not path.resolve().is_relative_to(folder):
        raise DataError(f"{path}: a link out of the data set; allowed: files inside {folder}")


def _hash_of(folder: Path, files: list[Path]) -> str:
    memory = _memory_of(folder)
    known = _remembered(memory)
    entries: dict[str, list[object]] = {}
    for path in files:
        key, fingerprint = path.relative_to(folder).as_posix(), _fingerprint(path)
        old = known.get(key)
        entries[key] = old if old and old[:2] == fingerprint else [*fingerprint, sha256_of(path)]
    if entries != known:
        _remember(memory, entries)
    listing = "".join(f"{key} {entry[2]}\n" for key, entry in sorted(entries.items()))
    return hashlib.sha256(listing.encode()).hexdigest()


def _hash_of_one(folder: Path, path: Path) -> str:
    memory, key = _memory_of(folder), path.relative_to(folder).as_posix()
    try:
        fingerprint = _fingerprint(path)
        old = _remembered(memory).get(key)
        if old and old[:2] == fingerprint:
            return str(old[2])
    except OSError as error:
        raise DataError(f"{path}: {error.strerror or error}") from None
    try:
        memory.parent.mkdir(parents=True, exist_ok=True)
        with locked(memory.with_suffix(".lock")):
            return _hashed(path, memory, key, fingerprint)
    except OSError as error:
        raise unwritable(memory.parent, error) from error


def _hashed(path: Path, memory: Path, key: str, fingerprint: list[object]) -> str:
    """Hash a file and remember it, unless another rank has just done so."""
    known = _remembered(memory)
    old = known.get(key)
    if not old or old[:2] != fingerprint:
        known[key] = old = [*fingerprint, sha256_of(path)]
        _remember(memory, known)
    return str(old[2])


def _memory_of(folder: Path) -> Path:
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:32]
    return cache_dir() / "hashes" / f"{name}.json"


def _fingerprint(path: Path) -> list[object]:
    state = path.stat()
    return [state.st_size, state.st_mtime_ns]


def _remembered(memory: Path) -> dict[str, list[object]]:
    try:
        loaded: dict[str, list[object]] = json.loads(memory.read_text(encoding="utf-8"))
        return {key: entry for key, entry in loaded.items() if len(entry) == 3}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def _remember(memory: Path, entries: dict[str, list[object]]) -> None:
    memory.parent.mkdir(parents=True, exist_ok=True)
    write_whole(memory, json.dumps(entries).encode())
