"""Where inference may run while jobs are measured: the conductor says it, the server keeps to it."""

from journal.store import Journal
from trainer.job import Contract

_META = "engine_place"


class EnginePlace(Contract):
    """GPUs that engines may take, by the driver's index. None: any; (): none, they run on the CPU."""

    gpus: tuple[int, ...] | None = None

    def allows(self, index: int) -> bool:
        """Whether an engine may run on this GPU."""
        return self.gpus is None or index in self.gpus


def engine_place(journal: Journal) -> EnginePlace:
    """What was said last; any GPU where nothing was."""
    text = journal.meta(_META)
    return EnginePlace() if text is None else EnginePlace.model_validate_json(text)


def set_engine_place(journal: Journal, place: EnginePlace) -> None:
    """Say it, where it differs from what was said last."""
    if place != engine_place(journal):
        journal.set_meta(_META, place.model_dump_json())
