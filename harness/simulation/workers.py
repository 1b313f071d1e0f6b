"""Which slots of a simulated node have a resident worker, whose imports the next job need not repeat."""

from functools import cached_property

from harness.simulation.compile_cache import OUTCOME_FILE
from journal.lab_paths import LabPaths
from trainer.system.files import read_json


class Workers:
    """Kept nowhere: read from the run folders, so that a conductor that was killed finds the same."""

    def __init__(self, lab: LabPaths) -> None:
        self.lab = lab

    def has(self, slots: tuple[int, ...]) -> bool:
        """Whether a job on these slots finds a worker: ranks start on their own."""
        return len(slots) == 1 and slots[0] in self._ready

    def note(self, slots: tuple[int, ...], ending: str) -> None:
        """A job of these slots ends so: a worker whose job fails ends, and so do those that ranks replace."""
        if len(slots) == 1 and ending == "succeeded":
            self._ready.add(slots[0])
        else:
            self._ready.difference_update(slots)

    @cached_property
    def _ready(self) -> set[int]:
        outcomes = [read_json(path) or {} for path in self.lab.runs.glob(f"*/{OUTCOME_FILE}")]
        ready: set[int] = set()
        for outcome in sorted(outcomes, key=lambda found: float(found.get("started_elapsed", 0.0))):
            slots = {int(slot) for slot in outcome.get("slots", ())}
            if len(slots) == 1 and outcome.get("ending") == "succeeded":
                ready |= slots
            else:
                ready -= slots
        return ready
