"""Hypotheses that people add: drafts in the journal, taken up before the proposer's."""

import json
import time

from pydantic import ValidationError

from harness.conductor.registration import HUMAN_EVENT
from harness.errors import UserError
from harness.lab.paths import LabPaths
from journal.records import Patch, Proposal
from journal.store.journal import Journal
from journal.views import champion_recipe
from trainer.job import one_line, validate_job

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
    lab.create()
    with Journal.open(lab.journal) as journal:
        recipe = champion_recipe(journal)
        document: dict[str, object] = {"kind": "pretrain", "tokenizer": "none"}
        if recipe is not None:
            document = recipe.job_document(0)
        _check(document, patch)
        journal.add_event(HUMAN_EVENT, draft.model_dump(mode="json"), time.time())
    return "queued; the lab registers and tests it in its next round (harness journal)"


def _check(document: dict[str, object], patch: Patch) -> None:
    from journal.records import apply_patch

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
