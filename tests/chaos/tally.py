"""What a chaos run counts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Tally:
    """Faults by kind, labs played, and every promise that was broken."""

    world: str
    faults: Counter[str] = field(default_factory=Counter)
    labs: int = 0
    inspections: int = 0
    replays: int = 0
    broken: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.faults.total()

    def inspected(self, lab: str, after: str, found: Sequence[str]) -> None:
        """Note an inspection and what it found."""
        self.inspections += 1
        self.broken += [f"{lab}, after {after}: {text}" for text in found]

    def lines(self) -> list[str]:
        """The tally as a table's rows."""
        kinds = [f"| {self.world} | {kind} | {count} |" for kind, count in sorted(self.faults.items())]
        return [*kinds, f"| {self.world} | **all**, in {self.labs} labs | **{self.total}** |"]
