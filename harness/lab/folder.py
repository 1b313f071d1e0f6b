"""Making a lab folder, and refusing one that is none."""

from harness.errors import UserError
from journal.lab_paths import LabPaths

BRIEF = """# Brief

What the lab is for, in words; every proposer reads this at every round.

Typed lines, each on a line of its own (settings are dotted paths of a pretrain job):
<!-- pin: model.sequence_len = 512 -->
<!-- forbid: optim.weight_decay, total_batch_size -->
"""


def create_lab(lab: LabPaths) -> None:
    """Make the folder and a first brief.

    Raises:
        UserError: it cannot be made there.
    """
    try:
        lab.runs.mkdir(parents=True, exist_ok=True)
        if not lab.brief.exists():
            lab.brief.write_text(BRIEF, encoding="utf-8")
    except OSError as error:
        raise UserError(f"--lab: {lab.folder}: {error.strerror}; allowed: a folder one can write") from None


def require_lab(lab: LabPaths) -> None:
    """Refuse a folder that is no lab yet.

    Raises:
        UserError: there is no journal in it.
    """
    if not lab.journal.is_file():
        raise UserError(f"--lab: {lab.folder} holds no lab yet; begin with: harness start --budget 0.06usd")
