"""What to do next: a pure function of the journal, so that a restart at any instant goes on.

Phases in order: set-up (tokenizer, calibration, first recipe), search, ladder, end (champion, SFT,
evaluation, deployment, report). A phase answers None when it is over and [] when it waits.
"""

import math
from collections.abc import Callable
from functools import partial

from harness.decisions.actions import Action, Deploy, Finish
from harness.decisions.final import final_actions
from harness.decisions.ladder import ladder_actions
from harness.decisions.search import search_actions
from harness.decisions.setup import setup_actions
from harness.decisions.view import LabView
from journal.records import UNDECIDED, Patch

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
            return with_a_model(view, actions)
    return []


def with_a_model(view: LabView, actions: list[Action]) -> list[Action]:
    """No end without a deployed model when any passed: the best earlier one is deployed before it.

    What is live stays; one that is asked for already is waited for while there is time.
    """
    fails = any(isinstance(action, Finish) and not action.ok for action in actions)
    if not fails or any(row.state == "live" for row in view.deployments) or not _has_time(view):
        return actions
    if any(row.state in UNDECIDED for row in view.deployments):
        return []
    earlier = _best_earlier(view)
    return actions if earlier is None else [Deploy(earlier)]


def _has_time(view: LabView) -> bool:
    return view.plan is not None and view.seconds_left > view.plan.report_seconds


def _best_earlier(view: LabView) -> str | None:
    """Of the models that were live and have their weights, the one with the lowest val_bpb.

    None that a person rolled back, and none that was asked for again after it had been live and failed.
    """
    last = {row.job_id: row for row in view.deployments}
    jobs = {row.job_id: row for row in view.jobs}
    passed = [
        job_id
        for job_id in dict.fromkeys(row.job_id for row in view.deployments if row.was_live)
        if job_id in view.checkpoints and last[job_id].was_live and last[job_id].state != "rolled_back"
    ]
    if not passed:
        return None
    return min(reversed(passed), key=lambda job_id: jobs[job_id].metrics.get("val_bpb", math.inf))
