"""Opening a data set by name: `starter`, `default`, a fetched or imported name, or a folder."""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from trainer.data.conversations import Conversation, chat_files, read_conversations
from trainer.data.errors import DataError
from trainer.data.shards import Split, read_texts, shard_paths
from trainer.job.paths import cache_dir, data_dir


@dataclass(frozen=True)
class DataSet:
    """A folder with any of `pretrain/*.parquet`, `chat/*.jsonl[.zst]` and `core/`."""

    folder: Path

    def texts(self, split: Split, start_document: int = 0) -> Iterator[str]:
        """Yield the documents of a split in a fixed order.

        Raises:
            DataError: when the set has no pretraining text, or a shard is broken.
        """
        return read_texts(self.folder / "pretrain", split, start_document)

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

    def _files(self) -> list[Path]:
        core = sorted(path for path in (self.folder / "core").rglob("*") if path.is_file())
        return [*shard_paths(self.folder / "pretrain"), *chat_files(self.folder / "chat"), *core]


def open_data(name: str) -> DataSet:
    """Open a data set; the starter set is built first where it does not lie ready.

    Raises:
        DataError: naming what was looked for and what is allowed.
    """
    if name == "starter":
        from trainer.data.starter import ensure_starter

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
    memory = (
        cache_dir() / "hashes" / f"{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:32]}.json"
    )
    known = _remembered(memory)
    entries: dict[str, list[object]] = {}
    for path in files:
        state = path.stat()
        key, fingerprint = path.relative_to(folder).as_posix(), [state.st_size, state.st_mtime_ns]
        old = known.get(key)
        entries[key] = old if old and old[:2] == fingerprint else [*fingerprint, _file_hash(path)]
    if entries != known:
        _remember(memory, entries)
    listing = "".join(f"{key} {entry[2]}\n" for key, entry in sorted(entries.items()))
    return hashlib.sha256(listing.encode()).hexdigest()


def _file_hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _remembered(memory: Path) -> dict[str, list[object]]:
    try:
        loaded: dict[str, list[object]] = json.loads(memory.read_text())
        return {key: entry for key, entry in loaded.items() if len(entry) == 3}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def _remember(memory: Path, entries: dict[str, list[object]]) -> None:
    memory.parent.mkdir(parents=True, exist_ok=True)
    temporary = memory.with_suffix(f".{os.getpid()}")
    temporary.write_text(json.dumps(entries))
    temporary.replace(memory)
