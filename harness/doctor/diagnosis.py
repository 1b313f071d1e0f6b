"""`harness doctor`: what holds, what does not, and what to do about it."""

from harness.doctor.lab_checks import examine_lab
from harness.doctor.machine_checks import examine
from harness.doctor.repair import repair
from harness.errors import UserError
from journal.audit.checks import Check
from journal.lab_paths import LabPaths

__all__ = ["Check", "diagnose", "examine", "examine_lab", "repair"]


def diagnose(lab: LabPaths, asked_for_lab: bool, wants_repair: bool, port: int) -> list[Check]:
    """The lab's findings where one was named and is there, else the machine's.

    Raises:
        UserError: a repair of no lab, or of one that somebody holds.
    """
    if asked_for_lab and lab.journal.is_file():
        return repair(lab) if wants_repair else examine_lab(lab)
    if wants_repair:
        why = f"{lab.folder} holds none" if asked_for_lab else "none is named"
        raise UserError(f"--repair: it is for a lab, and {why}; allowed: with --lab and a lab's folder")
    absent = Check("lab", "note", f"{lab.folder} holds no lab yet: what follows is the machine's")
    return [*([absent] if asked_for_lab else []), *examine(lab, port)]
