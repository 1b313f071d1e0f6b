"""What to do next: a pure function of the journal, so that a restart at any instant goes on.

Phases in order: set-up (tokenizer, calibration, first recipe), search, ladder, end (champion, SFT,
evaluation, deployment, report). A phase answers None when it is over and [] when it waits.
"""

from collections.abc import Callable
from functools import partial

from harness.decisions.actions import Action
from harness.decisions.final import final_actions
from harness.decisions.ladder import ladder_actions
from harness.decisions.search import search_actions
from harness.decisions.setup import setup_actions
from harness.decisions.view import LabView
from journal.records import Patch

Phase = Callable[[LabView], list[Action] | None]


def decide(view: LabView, pins: Patch) -> list[Action]:
    """The next actions; [] means wait."""
    phases: tuple[Phase, ...] = (
        partial(setup_actions, pins=pins),
        search_actions,
        ladder_actions,
        final_actions,
    )
    for phase in phases:
        actions = phase(view)
        if actions is not None:
            return actions
    return []
