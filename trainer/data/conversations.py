"""The conversations of a data set's `chat` folder, by split.

Rows without `messages` (other shapes of question sets) are left alone. Files named
`*_validation`, `*_heldout`, `*_test`, `*_dev` or `*_locked` are never trained on.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

from trainer.data.errors import DataError
from trainer.data.messages import Conversation, to_conversation
from trainer.data.rows import SUFFIXES, read_rows, stem

__all__ = ["Conversation", "chat_files", "read_conversations", "to_conversation"]

NEVER_TRAINED = ("_validation", "_heldout", "_test", "_dev", "_locked")
HOLD_OUT_PERCENT = 2


def read_conversations(folder: Path, split: Literal["train", "validation"]) -> Iterator[Conversation]:
    """Yield a split's conversations in the order of file names and lines.

    `validation` is what the `*_validation` files hold; without such a file it is the 2% of the
    trained files' rows whose content hash says so, and these are not trained on.

    Raises:
        DataError: naming file and line.
    """
    files = chat_files(folder)
    validation = [path for path in files if stem(path).endswith("_validation") and _has_messages(path)]
    trained = [path for path in files if not stem(path).endswith(NEVER_TRAINED)]

    if split == "validation" and not validation:
        for path in trained:
            yield from (found for _, found in _conversations_of(path, _held_out))
        return
    for path in validation if split == "validation" else trained:
        for row, found in _conversations_of(path):
            if validation or not _held_out(row):
                yield found


def chat_files(folder: Path) -> list[Path]:
    """All `.jsonl`, `.jsonl.zst` and `.parquet` files of a folder, by name."""
    return sorted(path for suffix in SUFFIXES for path in folder.glob(f"*{suffix}"))


def _conversations_of(
    path: Path, is_wanted: Callable[[dict[str, Any]], bool] = lambda row: True
) -> Iterator[tuple[dict[str, Any], Conversation]]:
    """Rows that are not wanted are left unread: whoever trains reads them all."""
    for number, row in read_rows(path):
        if row.get("messages") is None:
            if number == 1:
                return
            continue
        if not is_wanted(row):
            continue
        try:
            conversation = to_conversation(row)
        except ValueError as error:
            raise DataError(f"{path}:{number}: {' '.join(str(error).split())[:300]}") from None
        if any(message.role == "assistant" for message in conversation.messages):
            yield row, conversation


def _held_out(row: dict[str, Any]) -> bool:
    content = json.dumps(row["messages"], sort_keys=True, default=str).encode()
    return int.from_bytes(hashlib.sha256(content).digest()[:8], "big") % 100 < HOLD_OUT_PERCENT


def _has_messages(path: Path) -> bool:
    first = next(iter(read_rows(path)), None)
    return first is not None and first[1].get("messages") is not None
