"""The researcher's brief: its words, the settings it pins, and those it forbids."""

import json
import re
from collections.abc import Callable
from pathlib import Path

from harness.errors import UserError
from journal.records import Patch
from trainer.job.result import Scalar

_PIN = re.compile(r"^\s*pin:\s*([a-z0-9_.]+)\s*=\s*(\S+)\s*$", re.MULTILINE)
_FORBID = re.compile(r"^\s*forbid:\s*(.+?)\s*$", re.MULTILINE)


class Brief:
    """The words of a file that people edit: where it cannot be read, those that it held before."""

    def __init__(self, path: Path, on_unreadable: Callable[[str], None]) -> None:
        self._path = path
        self._on_unreadable = on_unreadable
        self._words = ""
        self._error: str | None = None

    def words(self) -> str:
        """The words to go by now; of a file that cannot be read `on_unreadable` hears once."""
        try:
            self._words, self._error = read_brief(self._path), None
        except UserError as error:
            if str(error) != self._error:
                self._on_unreadable(str(error))
            self._error = str(error)
        return self._words


def read_brief(path: Path) -> str:
    """The researcher's words; comments (<!-- -->) are examples, not orders. "" where there is no file.

    Raises:
        UserError: the file cannot be read, or is not UTF-8.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}; allowed: a file that can be read") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise UserError(f"{path}: not UTF-8 (byte {error.start}, line {line}); allowed: UTF-8") from None
    return re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)


def brief_forbidden(brief: str) -> tuple[str, ...]:
    """Settings that no proposal may touch."""
    return tuple(name.strip() for line in _FORBID.findall(brief) for name in line.split(",") if name.strip())


def brief_pins(brief: str) -> Patch:
    """Settings that the first recipe must have."""
    return {path: _scalar(value) for path, value in _PIN.findall(brief)}


def _scalar(text: str) -> Scalar:
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, (str, int, float, bool)) or value is None else text
