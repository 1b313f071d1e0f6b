"""Why the lab's server does not run, kept in the journal for `harness status`."""

from journal.store import Journal
from trainer.job import Contract

_META = "server_failure"


class ServerFailure(Contract):
    """Its last end: what happened, its last words, its log, and when it is started again (epoch seconds)."""

    what: str
    words: str
    log: str
    tries: int
    next_try_at: float

    @property
    def line(self) -> str:
        """On one line, for people."""
        times = f" {self.tries} times" if self.tries > 1 else ""
        return f"{self.what}{times}: {self.words} (log: {self.log})"


def save_server_failure(journal: Journal, failure: ServerFailure | None) -> None:
    """Record it; None: the server runs."""
    if failure != load_server_failure(journal):
        journal.set_meta(_META, "null" if failure is None else failure.model_dump_json())


def load_server_failure(journal: Journal) -> ServerFailure | None:
    """The last end of the server since it last ran, if any."""
    text = journal.meta(_META)
    return None if text is None or text == "null" else ServerFailure.model_validate_json(text)
