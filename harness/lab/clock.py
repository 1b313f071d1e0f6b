"""Time, as the lab sees it: stamps for people, seconds for money, and waiting."""

import time
from dataclasses import dataclass
from typing import Protocol


class Clock(Protocol):
    """What the conductor reads time from; a simulated lab has a clock of its own."""

    def now(self) -> float:
        """Unix seconds, for time stamps; it may jump when somebody sets the clock."""

    def elapsed(self) -> float:
        """Seconds that never jump and count suspend; comparable within one boot only."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


@dataclass(frozen=True)
class SystemClock:
    """This machine's clocks."""

    def now(self) -> float:
        return time.time()

    def elapsed(self) -> float:
        # macOS's monotonic clock has no counterpart that counts suspend.
        return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


@dataclass(frozen=True)
class FixedClock:
    """One moment, for looking at what was recorded until then."""

    seconds: float

    def now(self) -> float:
        return self.seconds

    def elapsed(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        raise AssertionError("nothing waits in the past")


SYSTEM_CLOCK = SystemClock()
