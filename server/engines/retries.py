"""When a deployment that failed is tried again: where that can help, ever later, and not for ever."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

PAUSE_GROWTH = 3.0


@dataclass
class _Tries:
    first_at: float
    count: int = 0
    due_at: float = 0.0


@dataclass
class Retries:
    """Counts by deployment; at most `most` tries, and none that begins later than `within_seconds`."""

    most: int
    first_pause_seconds: float
    within_seconds: float
    clock: Callable[[], float] = time.monotonic
    _of: dict[int, _Tries] = field(default_factory=dict)

    def is_due(self, deployment_id: int) -> bool:
        """Whether it may be tried now."""
        return deployment_id not in self._of or self.clock() >= self._of[deployment_id].due_at

    def begin(self, deployment_id: int) -> None:
        """A try begins."""
        self._of.setdefault(deployment_id, _Tries(self.clock())).count += 1

    def pause_seconds(self, deployment_id: int) -> float | None:
        """A try failed: the pause before the next one; None when that was the last."""
        tries, now = self._of[deployment_id], self.clock()
        pause = self.first_pause_seconds * PAUSE_GROWTH ** (tries.count - 1)
        if tries.count >= self.most or now + pause - tries.first_at > self.within_seconds:
            return None
        tries.due_at = now + pause
        return pause

    def count(self, deployment_id: int) -> int:
        """Tries so far."""
        return self._of[deployment_id].count if deployment_id in self._of else 0

    def forget(self, deployment_id: int) -> None:
        """It is live, or has failed for good."""
        self._of.pop(deployment_id, None)

    def __len__(self) -> int:
        """Deployments that are being tried or wait for their next try."""
        return len(self._of)
