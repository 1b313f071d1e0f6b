"""Why an engine does not serve, in one line: the stage, what happened, its last words, its log."""

import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from journal.lab_paths import LabPaths
from trainer.system.logs import last_words

Stage = Literal["loading", "canary", "serving"]
# What `python -m trainer engine` ends with where the checkpoint cannot be served: it never can.
CANNOT_BE_SERVED = 2


class EngineFailed(RuntimeError):
    """`str()` is one line for the journal; `may_pass_later`: the same checkpoint may do on another try."""

    def __init__(self, line: str, may_pass_later: bool) -> None:
        super().__init__(line)
        self.may_pass_later = may_pass_later


@dataclass(frozen=True)
class EngineLog:
    """What one engine process prints: its log from `since_byte` on (earlier processes wrote before)."""

    path: Path
    since_byte: int

    @classmethod
    def begin(cls, path: Path) -> "EngineLog":
        """The log of a process that is about to start."""
        path.parent.mkdir(parents=True, exist_ok=True)
        return cls(path, path.stat().st_size if path.exists() else 0)

    def failure(self, lab: LabPaths, stage: Stage, what: str, may_pass_later: bool) -> EngineFailed:
        """The error; the log's path is told from the lab's folder on, for labs are moved."""
        said, where = last_words(self.path, self.since_byte), self.path.relative_to(lab.folder)
        return EngineFailed(f"{stage}: {what}; last words: {said} (log: {where})", may_pass_later)


def end_in_words(returncode: int | None) -> str:
    """How a process ended: by which signal, or with which code."""
    if returncode is None:
        return "it does not end"
    return signal.Signals(-returncode).name if returncode < 0 else f"code {returncode}"
