"""Priors against verdicts, and gains against bills."""

from pathlib import Path

import pytest

from agent.context import build_context
from agent.knowledge.track_record import InformedContext, base_rate, brier_score, gather_knowledge
from agent.llm_prompt import prompt
from agent.mixed import MixedProposer
from agent.random import RandomProposer
from agent.search.proposer import SearchProposer
from journal.ledger.ledger import Ledger
from journal.science.evidence import judge_hypothesis
from journal.store import Journal
from tests.support.agent_support import context
from tests.support.journal_support import LEARNING_RATE, add_arms, hypothesis, new_journal, recipe


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """h1 of the search is supported, h2 of the model is not, h3 of the model is open."""
    opened = new_journal(tmp_path)
    opened.add_recipe(recipe())
    opened.register(hypothesis("h1", {LEARNING_RATE: 0.03}, prior=0.6))
    opened.register(hypothesis("h2", {"optim.weight_decay": 0.1}, proposer="llm", prior=0.9))
    opened.register(hypothesis("h3", {"optim.weight_decay": 0.2}, proposer="llm"))
    add_arms(opened, [2.0, 2.001, 2.002, 2.003], [1.5, 1.501], "h1")
    add_arms(opened, [], [2.0, 2.001], "h2")
    for name, called in (("h1", "supported"), ("h2", "refuted")):
        verdict = judge_hypothesis(opened, name, 5.0, closing=True)
        opened.add_verdict(verdict.model_copy(update={"verdict": called}))
    ledger = Ledger(opened)
    ledger.add_budget(1000)
    ledger.reserve("llm-1", 50, "llm")
    ledger.settle("llm-1", 40)
    return opened


def informed(journal: Journal) -> InformedContext:
    return build_context(journal, recipe(), brief="", remaining_micro_usd=1, job_cost_micro_usd=1, seed=1)


def test_only_judged_priors_are_scored(journal: Journal) -> None:
    known = gather_knowledge(journal)
    assert [(f.proposer, f.prior, f.supported) for f in known.forecasts] == [
        ("search", 0.6, True), ("llm", 0.9, False),
    ]  # fmt: skip
    assert brier_score(known.forecasts) == pytest.approx((0.4**2 + 0.9**2) / 2)
    assert base_rate(known.forecasts) == 0.5
    assert base_rate(known.forecasts_of("llm")) == 0.0


def test_gain_is_what_was_confirmed_and_the_bill_holds_the_models_calls(journal: Journal) -> None:
    first, second = gather_knowledge(journal).gains
    supported = journal.verdicts("h1")[-1]
    assert (first.proposer, first.hypotheses, first.micro_usd) == ("search", 1, 20)
    assert first.confirmed_bpb == supported.shrunken_effect > 0
    assert (second.proposer, second.hypotheses, second.confirmed_bpb, second.micro_usd) == ("llm", 2, 0, 60)


def test_the_model_is_told_how_sure_it_was(journal: Journal) -> None:
    text = prompt(informed(journal), 1, [])[1]["content"]
    assert "Base rate, all proposers: 1 of 2 supported (50%)." in text
    assert "Yours: 0 of 1 supported (0%). Brier score of your priors: 0.810" in text
    assert "Nothing has been judged yet." in prompt(context(), 1, [])[1]["content"]


def test_shares_follow_the_journal(journal: Journal) -> None:
    class Model(RandomProposer):
        name = "llm"

    mixed = MixedProposer([(SearchProposer(), 0.7), (Model(), 0.3)])
    assert mixed.shares(context()) == [0.7, 0.3]
    search, model = mixed.shares(informed(journal))
    assert search > 0.7 and model >= 0.1 / 1.1
    assert mixed.shares(informed(journal)) == [search, model]
