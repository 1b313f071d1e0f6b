"""The end of a run: the last charge, the report that states it, and the command that follows."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from harness.conductor.state import LabState
from harness.errors import UserError
from harness.lab.clock import SYSTEM_CLOCK
from harness.lab.session import load_session
from harness.reports.report import write_report
from harness.service.server_failure import save_server_failure
from journal.engine_place import EnginePlace, set_engine_place
from journal.lab_paths import LabPaths
from journal.records import UNDECIDED
from journal.store import Journal

# What is left of our process after the meter's end.
EXIT_SECONDS = 1.0
ON_FINISH_EVENT = "on_finish"


def close_billing(state: LabState, note: str, ahead_seconds: float = EXIT_SECONDS) -> None:
    """Charge the node until so many seconds from now, and end the meter there."""
    state.billing.close(state.running_shares_micro_usd(), note, ahead_seconds)


def final_report(state: LabState, outcome: str) -> Path:
    """Write the report with the final figures: written once to see how long that takes, then charged for."""
    began = state.clock.elapsed()
    write_report(state.lab, state.journal, state.session, outcome)
    close_billing(state, "to the end of the session", state.clock.elapsed() - began + EXIT_SECONDS)
    return write_report(state.lab, state.journal, state.session, outcome)


def deployed_in_words(journal: Journal) -> str:
    """Which model answers after an end that is not the planned one."""
    live = journal.live_deployment()
    if live is not None:
        return f"{live.job_id} is deployed"
    waiting = [row for row in journal.deployments() if row.state in UNDECIDED]
    return "no model is deployed" + (f", {waiting[-1].job_id} waits for a server" if waiting else "")


def give_gpus_back(journal: Journal) -> None:
    """Nothing is measured any more: engines may run on every GPU; nobody starts a server again."""
    set_engine_place(journal, EnginePlace())
    save_server_failure(journal, None)


def on_finish_words(text: str | None) -> tuple[str, ...]:
    """`--on-finish` as the words of a command; () without one.

    Raises:
        UserError: quotes that do not end, or no such command.
    """
    if text is None:
        return ()
    try:
        words = tuple(shlex.split(text))
    except ValueError as error:
        raise UserError(f"--on-finish: {text!r} ({error}); allowed: a command and its arguments") from None
    if not words or shutil.which(words[0]) is None:
        raise UserError(f"--on-finish: {text!r}; allowed: a command that this machine has (no shell)")
    return words


def run_on_finish(lab: LabPaths, words: tuple[str, ...], say: Callable[[str], None]) -> None:
    """Run the command if the lab's session is finished; its exit code becomes an event and a line."""
    with Journal.open(lab.journal) as journal:
        session = load_session(journal)
        if not words or session is None or session.state != "finished":
            return
        code = _exit_code(words, lab, session.outcome or "")
        detail: dict[str, object] = {"session": session.number, "command": list(words), "exit_code": code}
        journal.add_event(ON_FINISH_EVENT, detail, SYSTEM_CLOCK.now())
    say(f"on finish: {shlex.join(words)}: {'could not be started' if code is None else f'exit code {code}'}")


def _exit_code(words: tuple[str, ...], lab: LabPaths, outcome: str) -> int | None:
    environment = {**os.environ, "HARNESS_LAB": str(lab.folder), "HARNESS_OUTCOME": outcome}
    try:
        return subprocess.run(words, env=environment, stdin=subprocess.DEVNULL, check=False).returncode
    except OSError:
        return None
