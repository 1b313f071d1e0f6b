"""What is recorded stays: claims, verdicts, money and events can be added to, never rewritten."""

import sqlite3
from pathlib import Path

import pytest

from journal.errors import NotFound, Refused
from journal.ledger.ledger import Ledger
from journal.records import LlmCall, Proposal
from journal.science.evidence import judge_hypothesis
from journal.store import Journal
from journal.store.schema import APPEND_ONLY
from tests.support.journal_support import add_arms, hypothesis, new_journal, recipe, recorded_proposals

PROPOSAL = Proposal(statement="s", patch={"optim.matrix_lr": 0.03}, proposer="random")
CALL = LlmCall(
    at=1.0, model="m", base_url="u", purpose="p", prompt_tokens=1, completion_tokens=None,
    cost_micro_usd=2, outcome="ok",
)  # fmt: skip


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """One row in every append-only table."""
    opened = new_journal(tmp_path)
    opened.add_recipe(recipe())
    opened.register(hypothesis())
    add_arms(opened, [2.0, 2.01], [1.9, 1.91])
    opened.add_verdict(judge_hypothesis(opened, "h1", 5.0))
    opened.add_proposal(PROPOSAL, False, "why not", 1.0)
    opened.add_llm_call(CALL)
    opened.add_event("started", {"a": [1, None]}, 1.0)
    Ledger(opened).add_budget(5)
    return opened


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("verb", ["UPDATE {0} SET rowid = rowid", "DELETE FROM {0}"])
def test_any_writer_is_refused(journal: Journal, table: str, verb: str) -> None:
    other = sqlite3.connect(journal.path)
    assert other.execute(f"SELECT count(*) FROM {table}").fetchone()[0] > 0
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        other.execute(verb.format(table))
    other.close()


def test_records_come_back_as_they_went_in(journal: Journal) -> None:
    assert journal.recipe("r1") == recipe()
    assert journal.hypothesis("h1") == hypothesis()
    assert journal.hash_of("h1") == hypothesis().sha256()
    assert recorded_proposals(journal) == [(PROPOSAL, False, "why not")]
    assert journal.llm_calls() == [CALL]
    assert journal.events("started")[0].detail == {"a": [1, None]}
    assert journal.events("other") == []
    second = judge_hypothesis(journal, "h1", 6.0)
    journal.add_verdict(second)
    assert journal.verdicts("h1")[1:] == [second]
    assert journal.latest_verdicts() == {"h1": second}


def test_a_look_is_taken_once(journal: Journal) -> None:
    with pytest.raises(Refused, match="UNIQUE"):
        journal.add_verdict(journal.verdicts()[0])


def test_ids_go_on(journal: Journal) -> None:
    assert (journal.next_hypothesis_id(), journal.next_recipe_id()) == ("h2", "r2")
    with pytest.raises(Refused, match="UNIQUE"):
        journal.register(hypothesis())


def test_unknown_ids_are_named(journal: Journal) -> None:
    with pytest.raises(NotFound, match="h7"):
        journal.hypothesis("h7")
    with pytest.raises(NotFound, match="r7"):
        journal.recipe("r7")
    with pytest.raises(Refused, match="FOREIGN KEY"):
        journal.register(hypothesis("h2", baseline_recipe="r7"))
