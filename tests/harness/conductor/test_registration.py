"""Drafts become hypotheses; a draft whose job is invalid is refused, and a fault of the lab is raised."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.conductor.registration import register
from harness.decisions.view import LabView
from harness.lab.session import Session
from harness.plan.rates import guessed_rates
from harness.plan.scale import CPU
from harness.plan.split import make_plan
from journal.errors import Refused
from journal.records import Hypothesis, Patch, Proposal
from journal.store import Journal
from tests.support.journal_support import LEARNING_RATE, new_journal, recipe, recorded_proposals

SESSION = Session(
    number=1, state="running", started_at=1.0, budget_micro_usd=60_000, price_micro_usd_per_hour=200_000,
    bill="wall", hours=None, total_seconds=1080.0, data="starter", proposer="random", slots=2, seed=0,
    max_hypotheses=None, machine="test", machine_kind="cpu", node_seconds_before=0.0,
)  # fmt: skip


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with new_journal(tmp_path) as journal:
        yield journal


def view() -> LabView:
    plan = make_plan(CPU, SESSION.slots, SESSION.price_micro_usd_per_hour, 1080.0, guessed_rates(CPU))
    return LabView(
        session=SESSION, scale=CPU, plan=plan, jobs=(), recipes=(recipe(),), hypotheses=(), verdicts=(),
        deployments=(), checkpoints=frozenset(), free_slots=2, seconds_left=1000.0,
    )  # fmt: skip


def registered(journal: Journal, patch: Patch) -> Hypothesis | None:
    draft = Proposal(statement="It helps.", patch=patch, minimum_effect=0.01, prior=0.2, proposer="llm")
    return register(journal, view(), recipe(), draft, 2, 5.0)


def test_a_valid_draft_is_registered(journal: Journal) -> None:
    journal.add_recipe(recipe())
    hypothesis = registered(journal, {LEARNING_RATE: 0.03})
    assert journal.hypotheses() == [hypothesis]
    assert [(taken, why) for _, taken, why in recorded_proposals(journal)] == [(True, "h1")]


@pytest.mark.parametrize(
    ("patch", "why"),
    [
        ({LEARNING_RATE: -1.0}, "optim.matrix_lr"),
        ({"optim.no_such_setting": 1.0}, "no_such_setting"),
        ({"train_tokens.x": 1}, "train_tokens is not a section of the job"),
    ],
)
def test_a_draft_without_a_valid_job_is_refused(journal: Journal, patch: Patch, why: str) -> None:
    journal.add_recipe(recipe())
    assert registered(journal, patch) is None
    assert journal.hypotheses() == []
    [(_, taken, reason)] = recorded_proposals(journal)
    assert not taken and why in reason


def test_a_fault_of_the_lab_is_no_refusal_of_the_draft(journal: Journal) -> None:
    """The champion is not in the journal: no draft could be registered, and each would look refused."""
    with pytest.raises(Refused, match="FOREIGN KEY"):
        registered(journal, {LEARNING_RATE: 0.03})
    assert recorded_proposals(journal) == [] and journal.hypotheses() == []
