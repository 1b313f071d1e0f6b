"""The sentences that told what made a recipe, up to migration m003: read once, by m004."""

import re

from journal.errors import JournalError

_FORMS = {
    "starter": r"starter recipe",
    "rebased": r"rebase: horizon of session (?P<session>\d+)",
    "reverted": r"rebase: nothing held above, session (?P<session>\d+)",
    "rung": r"rung of session (?P<session>\d+): depth \d+, \d+ tokens",
    "transferred": r"supported above, session (?P<session>\d+): (?P<findings>h\d+( h\d+)*)",
    "supported": r"supported (?P<findings>h\d+( h\d+)*)",
}


def read_reason(reason: str) -> tuple[str, list[str], int | None]:
    """Origin, ids of the findings, and number of the session; [] and None where the sentence names none.

    Raises:
        JournalError: a sentence that no lab has written.
    """
    for origin, form in _FORMS.items():
        found = re.fullmatch(form, reason)
        if found is not None:
            parts = found.groupdict()
            session = parts.get("session")
            return origin, (parts.get("findings") or "").split(), None if session is None else int(session)
    raise JournalError(f'a recipe\'s reason is "{reason}"; allowed: one that a lab has written')
