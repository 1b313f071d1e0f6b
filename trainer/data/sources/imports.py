"""One's own text and conversations as a data set: files in, shards out, in one pass.

About 2% of the documents, chosen by their content, are held out; identical documents fall on
the same side. Documents are shuffled within a shard.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trainer.data.errors import DataError
from trainer.data.messages import to_conversation
from trainer.data.rows import read_rows
from trainer.data.shards import write_shard
from trainer.job.paths import cache_dir

SHARD_CHARS = 64_000_000
DOCUMENTS_PER_GROUP = 1024
MAX_DOCUMENT_CHARS = 8_000
HELD_OUT_ONE_IN = 50
MAX_TEXT_FILE_BYTES = 1 << 30
TEXT_SUFFIXES = (".txt", ".md")
ROW_SUFFIXES = (".jsonl", ".jsonl.zst", ".parquet")


@dataclass(frozen=True)
class Imported:
    """What was written where."""

    folder: Path
    documents: int
    held_out_documents: int
    conversations: int
    characters: int


def import_data(
    source: Path, name: str, replace: bool = False, on_file: Callable[[int, int], None] | None = None
) -> Imported:
    """Import a file or a folder of `.txt .md .jsonl[.zst] .parquet` files as data set `name`.

    Text files are one document each, cut at paragraphs where long; rows have `text` or
    `messages`. `on_file(done, total)` hears of progress in bytes.

    Raises:
        DataError: for a name that is taken or not allowed, or files that hold nothing usable.
    """
    folder = _target(name, replace)
    temporary = folder.with_name(f".{name}.importing-{os.getpid()}")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    try:
        written = _write_all(source, _Writer(temporary), on_file or (lambda done, total: None))
        if folder.exists():
            shutil.rmtree(folder)
        temporary.rename(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return Imported(
        folder, written.documents, written.held_out_documents, written.conversations, written.characters
    )


@dataclass
class _Writer:
    """Documents as they come, into shards; the held-out ones are kept for the last shard."""

    folder: Path
    waiting: list[str] = field(default_factory=list)
    held_out: list[str] = field(default_factory=list)
    waiting_chars: int = 0
    shards: int = 0
    documents: int = 0
    held_out_documents: int = 0
    conversations: int = 0
    characters: int = 0

    def add_text(self, text: str) -> None:
        for part in cut_paragraphs(text):
            self.documents += 1
            self.characters += len(part)
            if _number(part) % HELD_OUT_ONE_IN == 0:
                self.held_out.append(part)
                continue
            self.waiting.append(part)
            self.waiting_chars += len(part)
            if self.waiting_chars >= SHARD_CHARS:
                self._write_shard(self.waiting)
                self.waiting, self.waiting_chars = [], 0

    def add_conversation(self, row: dict[str, Any]) -> None:
        path = self.folder / "chat" / "imported_train.jsonl"
        path.parent.mkdir(exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
        self.conversations += 1

    def close(self) -> None:
        if self.documents:
            self._hold_out_some()
            if self.waiting:
                self._write_shard(self.waiting)
            self.held_out_documents = len(self.held_out)
            self._write_shard(self.held_out)

    def _hold_out_some(self) -> None:
        """A small set holds out a tenth, so that validation and locked text exist."""
        wanted = max(2, min(64, self.documents // 10))
        if self.shards or len(self.held_out) >= wanted:
            return
        if self.documents < 4:
            raise DataError(
                f"{self.documents} documents; needed: at least 4 of up to 8,000 characters, to hold some out"
            )
        self.waiting.sort(key=_number)
        missing = wanted - len(self.held_out)
        self.held_out += self.waiting[:missing]
        self.waiting = self.waiting[missing:]

    def _write_shard(self, texts: list[str]) -> None:
        (self.folder / "pretrain").mkdir(exist_ok=True)
        ordered = sorted(texts, key=_number)
        size = min(DOCUMENTS_PER_GROUP, (len(ordered) + 1) // 2 or 1)
        groups: list[Sequence[str]] = [ordered[i : i + size] for i in range(0, len(ordered), size)]
        write_shard(self.folder / "pretrain" / f"shard_{self.shards:05d}.parquet", groups)
        self.shards += 1


def cut_paragraphs(text: str) -> Iterator[str]:
    """Cut a text at paragraphs (else lines, else anywhere) into parts of at most 8,000 characters."""
    while len(text) > MAX_DOCUMENT_CHARS:
        for mark in ("\n\n", "\n", ""):
            at = text.rfind(mark, MAX_DOCUMENT_CHARS // 2, MAX_DOCUMENT_CHARS) if mark else MAX_DOCUMENT_CHARS
            if at > 0:
                break
        if text[:at].strip():
            yield text[:at]
        text = text[at:].lstrip("\n")
    if text.strip():
        yield text


def _target(name: str, replace: bool) -> Path:
    if not re.fullmatch(r"[a-z0-9_-]{1,64}", name) or name in ("starter", "default"):
        raise DataError(f'name: "{name}"; allowed: a-z 0-9 _ - (up to 64), neither "starter" nor "default"')
    folder = cache_dir() / "data" / name
    if folder.exists() and not replace:
        raise DataError(f'name: "{name}" exists already in {folder}; allowed: another name, or --replace')
    return folder


def _write_all(source: Path, writer: _Writer, on_file: Callable[[int, int], None]) -> _Writer:
    files = _files(source)
    total, done = sum(path.stat().st_size for path in files), 0
    for path in files:
        _add_file(path, writer)
        done += path.stat().st_size
        on_file(done, total)
    writer.close()
    if not writer.documents and not writer.conversations:
        raise DataError(
            f"{source}: no text in its {len(files)} files; needed: text, or rows with text or messages"
        )
    return writer


def _files(source: Path) -> list[Path]:
    if not source.is_file() and not source.is_dir():
        raise DataError(f"{source}: no such file or folder")
    candidates = sorted(path for path in source.rglob("*") if path.is_file()) if source.is_dir() else [source]
    files = [path for path in candidates if path.name.endswith((*TEXT_SUFFIXES, *ROW_SUFFIXES))]
    if not files:
        raise DataError(f"{source}: no files to import; allowed: {' '.join((*TEXT_SUFFIXES, *ROW_SUFFIXES))}")
    for path in files:
        _check_file(path, source)
    return files


def _check_file(path: Path, source: Path) -> None:
    """A folder from elsewhere must not read other files of this machine by a link."""
    if path != source and path.is_symlink():
        raise DataError(f"{path}: a link; allowed: files themselves")
    if path.name.endswith(TEXT_SUFFIXES) and path.stat().st_size > MAX_TEXT_FILE_BYTES:
        size = path.stat().st_size
        raise DataError(
            f"{path}: {size} bytes; allowed: at most {MAX_TEXT_FILE_BYTES} (for more: rows in .jsonl)"
        )


def _add_file(path: Path, writer: _Writer) -> None:
    if path.name.endswith(TEXT_SUFFIXES):
        try:
            writer.add_text(path.read_text(encoding="utf-8"))
        except UnicodeDecodeError as error:
            raise DataError(f"{path}: not UTF-8 (byte {error.start})") from None
        return
    for number, row in read_rows(path):
        if isinstance(row.get("text"), str):
            _add_row_text(path, number, row["text"], writer)
        elif row.get("messages") is not None:
            _add_conversation(path, number, row, writer)
        else:
            keys = ", ".join(sorted(row)[:6]) or "nothing"
            raise DataError(f"{path}:{number}: a row with {keys}; needed: text or messages")


def _add_row_text(path: Path, number: int, text: str, writer: _Writer) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise DataError(f"{path}:{number}: text: half a surrogate pair at character {error.start}") from None
    writer.add_text(text)


def _add_conversation(path: Path, number: int, row: dict[str, Any], writer: _Writer) -> None:
    try:
        to_conversation(row)
        writer.add_conversation(row)
    except (ValueError, TypeError, RecursionError) as error:
        raise DataError(f"{path}:{number}: {' '.join(str(error).split())[:300]}") from None


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")
