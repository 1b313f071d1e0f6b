"""The researcher's brief: its words, the settings it pins, and those it forbids."""

import json
import re
from pathlib import Path

from journal.records import Patch
from trainer.job.result import Scalar

_PIN = re.compile(r"^\s*pin:\s*([a-z0-9_.]+)\s*=\s*(\S+)\s*$", re.MULTILINE)
_FORBID = re.compile(r"^\s*forbid:\s*(.+?)\s*$", re.MULTILINE)


def read_brief(path: Path) -> str:
    """The researcher's words; comments (<!-- -->) are examples, not orders."""
    try:
        return re.sub(r"<!--.*?-->", "", path.read_text(), flags=re.DOTALL)
    except OSError:
        return ""


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
