"""Whether a job still shows signs of life. stdlib only."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

# Longer than anything a healthy job does without a word: reading data, compiling, one CORE task.
SILENCE_SECONDS = 600.0


class Silence:
    """How long none of some files has changed.

    Their time stamps are only compared with each other, so that a wall clock that jumps is no sign of
    anything; and the time of a suspended machine does not count.
    """

    def __init__(self, files: Sequence[Path], clock: Callable[[], float] = time.monotonic) -> None:
        self._files = tuple(files)
        self._clock = clock
        self._seen = self._look()
        self._since = clock()

    def seconds(self) -> float:
        """Since the last change that was seen; call it often."""
        seen = self._look()
        if seen != self._seen:
            self._seen, self._since = seen, self._clock()
        return self._clock() - self._since

    def _look(self) -> list[tuple[int, int] | None]:
        return [_stamp(path) for path in self._files]


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
