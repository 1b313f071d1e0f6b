"""From tokens' bytes to text that may be shown: whole characters only, and never part of a stop string."""

import codecs
from collections.abc import Sequence


class TextStream:
    """Incremental text of one reply.

    What comes out, put together, is the text before the stop string that is completed first,
    however the bytes were cut.
    """

    def __init__(self, stop: Sequence[str] = ()) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._stops = StopStrings(stop)

    @property
    def stopped(self) -> bool:
        return self._stops.stopped

    def feed(self, data: bytes) -> str:
        """The text that `data` makes safe to show."""
        return self._stops.feed(self._decoder.decode(data))

    def flush(self) -> str:
        """What is left at the end of the reply; bytes of an unfinished character become U+FFFD."""
        return self._stops.feed(self._decoder.decode(b"", final=True)) + self._stops.flush()


class StopStrings:
    """Holds back text that may yet become a stop string."""

    def __init__(self, stop: Sequence[str]) -> None:
        self._stop = tuple(text for text in stop if text)
        self._held = ""
        self.stopped = False

    def feed(self, text: str) -> str:
        """The part of the text so far that no stop string can reach any more."""
        if self.stopped:
            return ""
        self._held += text
        cut = self._first_stop()
        if cut is not None:
            self.stopped = True
            shown, self._held = self._held[:cut], ""
            return shown
        keep = self._possible_start()
        shown, self._held = self._held[:keep], self._held[keep:]
        return shown

    def flush(self) -> str:
        """The held text, once no more can come."""
        shown, self._held = self._held, ""
        return shown

    def _first_stop(self) -> int | None:
        """Where the stop string that ends first begins; of two that end together, the longer."""
        found = [(at + len(s), -len(s)) for s in self._stop if (at := self._held.find(s)) >= 0]
        if not found:
            return None
        end, negative_length = min(found)
        return end + negative_length

    def _possible_start(self) -> int:
        """The first position from where the held text may grow into a stop string."""
        longest = max((len(s) for s in self._stop), default=1)
        for start in range(max(0, len(self._held) - longest + 1), len(self._held)):
            tail = self._held[start:]
            if any(s.startswith(tail) for s in self._stop):
                return start
        return len(self._held)
