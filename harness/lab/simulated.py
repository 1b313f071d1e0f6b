"""Simulated and real results never share a lab."""

from harness.errors import UserError
from harness.lab.session import load_session
from journal.lab_paths import LabPaths
from journal.store import Journal

# Stands in a checkpoint where weights would.
MARKER = "simulated.json"


def check_same_nature(lab: LabPaths, simulated: bool) -> None:
    """Refuse a lab of the other kind.

    Raises:
        UserError: one line, with what is allowed.
    """
    if not lab.journal.exists():
        return
    with Journal.read_only(lab.journal) as journal:
        session = load_session(journal)
        is_new = session is None and not journal.jobs()
    if is_new or (session is not None and session.simulated) == simulated:
        return
    if simulated:
        raise UserError(f"--simulate: {lab.folder} holds real results; allowed: another --lab")
    raise UserError(f"--lab: {lab.folder} is a simulated lab; allowed: --simulate NODE, or another --lab")
