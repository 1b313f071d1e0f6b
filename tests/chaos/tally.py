"""What a chaos run counts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.inspection import faults_of_finished, faults_of_journal, faults_of_replay
from tests.chaos.replay import Readers


@dataclass
class Tally:
    """Faults by kind, labs played, and every promise that was broken."""

    world: str
    readers: Readers
    faults: Counter[str] = field(default_factory=Counter)
    labs: int = 0
    without_champion: int = 0
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

    def examine(self, lab: str, after: str, folder: Path) -> None:
        """After a fault: the journal's invariants, and its next decision."""
        self.inspected(lab, after, faults_of_journal(folder))
        self.inspected(lab, after, faults_of_replay(folder, self.readers))
        self.replays += 1

    def finished(self, lab: str, folder: Path, returncode: int) -> None:
        """After a lab's end; a champion may be lost to too many faults, the promises may not."""
        self.without_champion += returncode != 0
        self.inspected(lab, "its end", faults_of_finished(folder))

    def lines(self) -> list[str]:
        """The tally as a table's rows."""
        kinds = [f"| {self.world} | {kind} | {count} |" for kind, count in sorted(self.faults.items())]
        return [*kinds, f"| {self.world} | **all**, in {self.labs} labs | **{self.total}** |"]
