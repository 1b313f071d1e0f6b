"""Which request holds which slot of the cache, and what is to run next. Knows nothing of torch."""

from collections import deque
from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

Key = tuple[int, str]


class Schedulable(Protocol):
    """What the scheduler must know of a request."""

    key: Key
    slot: int | None
    pending: list[int]


RequestT = TypeVar("RequestT", bound=Schedulable)


class Scheduler(Generic[RequestT]):
    """First come, first served, over a fixed number of slots.

    A request with more than one token still to be fed waits for a prefill; the others decode together.
    """

    def __init__(self, slots: int) -> None:
        self._free = list(reversed(range(slots)))
        self._waiting: deque[RequestT] = deque()
        self._active: dict[Key, RequestT] = {}

    def __len__(self) -> int:
        return len(self._waiting) + len(self._active)

    def __contains__(self, key: object) -> bool:
        return key in self._active or any(request.key == key for request in self._waiting)

    def __iter__(self) -> Iterator[RequestT]:
        yield from list(self._active.values())
        yield from list(self._waiting)

    def add(self, request: RequestT) -> None:
        """Queue a request behind those that already wait."""
        if request.key in self:
            raise ValueError(f"request_id {request.key[1]!r} is already in flight")
        self._waiting.append(request)

    def remove(self, key: Key) -> RequestT | None:
        """Take a request out, wherever it is; its slot is free at once."""
        active = self._active.pop(key, None)
        if active is not None and active.slot is not None:
            self._free.append(active.slot)
            active.slot = None
            return active
        waiting = next((request for request in self._waiting if request.key == key), None)
        if waiting is not None:
            self._waiting.remove(waiting)
        return waiting

    def admit(self) -> list[RequestT]:
        """Give free slots to the requests that have waited longest, and return those."""
        admitted = []
        while self._free and self._waiting:
            request = self._waiting.popleft()
            request.slot = self._free.pop()
            self._active[request.key] = request
            admitted.append(request)
        return admitted

    def next_prefill(self) -> RequestT | None:
        """The earliest admitted request that has several tokens to feed."""
        return next((request for request in self._active.values() if len(request.pending) > 1), None)

    def decoding(self) -> list[RequestT]:
        """The requests that feed one token in the next forward pass."""
        return [request for request in self._active.values() if len(request.pending) == 1]
