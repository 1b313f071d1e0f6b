"""Hypotheses that people add: drafts in the journal, taken up before the proposer's."""

import json
import time

from pydantic import ValidationError

from harness.errors import UserError
from harness.lab.folder import create_lab
from journal.lab_paths import LabPaths
from journal.records import Patch, Proposal, apply_patch
from journal.store import Journal
from journal.views import recorded_champion
from trainer.job import one_line, validate_job

HUMAN_EVENT = "human_hypothesis"
TAKEN_EVENT = "human_hypothesis_taken"
PRIOR = 0.3


def add_hypothesis(lab: LabPaths, statement: str, settings: list[str], minimum_effect: float | None) -> str:
    """Queue a draft; a line that says what happens next.

    Raises:
        UserError: not `path=value`, or not a proposal.
        JobError: the change gives no valid job.
    """
    patch = _patch(settings)
    try:
        draft = Proposal(
            statement=statement, patch=patch, minimum_effect=minimum_effect, prior=PRIOR, proposer="human"
        )
    except ValidationError as error:
        raise UserError(one_line(error)) from None
    create_lab(lab)
    with Journal.open(lab.journal) as journal:
        recipe = recorded_champion(journal)
        document: dict[str, object] = {"kind": "pretrain", "tokenizer": "none"}
        if recipe is not None:
            document = recipe.job_document(0)
        _check(document, patch)
        journal.add_event(HUMAN_EVENT, draft.model_dump(mode="json"), time.time())
    return "queued; the lab registers and tests it in its next round (harness journal)"


def _check(document: dict[str, object], patch: Patch) -> None:
    for path, value in patch.items():
        apply_patch(document, path, value)
    validate_job(document)


def _patch(settings: list[str]) -> Patch:
    patch: Patch = {}
    for setting in settings:
        path, equals, text = setting.partition("=")
        if not equals or not path:
            raise UserError(f'"{setting}"; allowed: SETTING=VALUE, such as optim.matrix_lr=0.04')
        try:
            value = json.loads(text)
        except ValueError:
            value = text
        if isinstance(value, (dict, list)):
            raise UserError(f'"{setting}"; allowed: a number, a word, true, false or null')
        patch[path] = value
    return patch


def waiting_human_drafts(journal: Journal) -> list[tuple[int, Proposal]]:
    """Hypotheses that people added and nobody has taken up, with the ids of their events."""
    taken = {event.detail.get("event_id") for event in journal.events(TAKEN_EVENT)}
    waiting = [event for event in journal.events(HUMAN_EVENT) if event.event_id not in taken]
    return [(event.event_id, Proposal.model_validate(event.detail)) for event in waiting]
