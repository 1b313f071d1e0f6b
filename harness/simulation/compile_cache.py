"""Which shapes the jobs of a simulated lab have compiled, and from when on others find them."""

from collections.abc import Iterable
from functools import cached_property

from journal.lab_paths import LabPaths
from trainer.job import Contract
from trainer.system.files import read_json

OUTCOME_FILE = "simulation.json"


class CompiledShape(Contract):
    """One shape's code, ready at so many seconds of the lab's clock."""

    shape: str
    ready_elapsed: float


class CompileCache:
    """Read from the run folders, so that a conductor that was killed finds the same.

    Shapes of `before` were there when the lab began.
    """

    def __init__(self, lab: LabPaths, before: Iterable[str] = ()) -> None:
        self.lab = lab
        self._before = frozenset(before)

    def knows(self, shape: str, elapsed: float) -> bool:
        """Whether a job that starts now finds its code."""
        return shape in self._before or self._ready.get(shape, elapsed + 1.0) <= elapsed

    def add(self, compiled: CompiledShape) -> None:
        """A job has it compiled by then."""
        known = self._ready.get(compiled.shape, compiled.ready_elapsed)
        self._ready[compiled.shape] = min(known, compiled.ready_elapsed)

    @cached_property
    def _ready(self) -> dict[str, float]:
        found: dict[str, float] = {}
        for path in sorted(self.lab.runs.glob(f"*/{OUTCOME_FILE}")):
            compiled = (read_json(path) or {}).get("compiled")
            if compiled is not None:
                shape = CompiledShape.model_validate(compiled)
                found[shape.shape] = min(found.get(shape.shape, shape.ready_elapsed), shape.ready_elapsed)
        return found
