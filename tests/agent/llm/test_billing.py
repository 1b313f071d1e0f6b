"""Every call to a model is paid for: reserved at its worst, settled at its actual cost, on record."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from agent.llm import LlmProposer
from agent.settings import LlmSettings
from agent.spender import LedgerSpender, settle_lost_calls
from journal.errors import MoneyError
from journal.ledger.ledger import Ledger
from journal.prices import LlmPrice
from journal.records import LlmCall
from journal.store import Journal
from tests.support.agent_support import context
from tests.support.journal_support import new_journal
from tests.support.llm.scripted_openai import (
    Hangup,
    Refusal,
    ScriptedOpenAI,
    Unbilled,
    proposals_json,
    scripted_openai,
)  # fmt: skip

GOOD = proposals_json({"patch": {"model.logit_softcap": 30.0}})
PRICE = LlmPrice(1.0, 10.0)
COST = 1000 * 1 + 100 * 10
WORST_OUTPUT = 2000 * 10


def lab_with(folder: Path, budget: int) -> tuple[Journal, Ledger]:
    journal = new_journal(folder)
    ledger = Ledger(journal)
    ledger.add_budget(budget)
    return journal, ledger


def proposer(journal: Journal, server: ScriptedOpenAI) -> LlmProposer:
    settings = LlmSettings(model="m", price=PRICE, base_url=server.base_url, retry_wait_seconds=0.01)
    return LlmProposer(settings, LedgerSpender(journal))


def test_usage_is_charged_and_recorded(tmp_path: Path) -> None:
    journal, ledger = lab_with(tmp_path, 1_000_000)
    with scripted_openai("nonsense", GOOD) as server:
        proposer(journal, server).propose(context(), 1)
    assert (ledger.totals().spent, ledger.totals().reserved) == (2 * COST, 0)
    assert ledger.spent_on("llm") == 2 * COST
    for call in journal.llm_calls():
        assert (call.prompt_tokens, call.completion_tokens, call.cost_micro_usd) == (1000, 100, COST)
        assert (call.model, call.base_url) == ("m", server.base_url)
    assert [call.purpose for call in journal.llm_calls()] == ["propose", "repair"]


def test_the_worst_case_is_reserved_first(tmp_path: Path) -> None:
    journal, ledger = lab_with(tmp_path, 1_000_000)
    with scripted_openai(GOOD) as server:
        proposer(journal, server).propose(context(), 1)
    [reserved] = [e.reserved_micro_usd for e in ledger.entries() if e.kind == "reserve"]
    prompt_bytes = sum(len(m["content"].encode()) for m in server.requests[0]["messages"])
    assert reserved >= prompt_bytes * 1 + WORST_OUTPUT


def test_without_the_money_nothing_is_asked(tmp_path: Path) -> None:
    journal, ledger = lab_with(tmp_path, WORST_OUTPUT)
    with scripted_openai(GOOD) as server:
        [draft] = proposer(journal, server).propose(context(), 1)
    assert (server.requests, draft.proposer) == ([], "search")
    assert (ledger.totals().spent, ledger.totals().reserved) == (0, 0)


def test_each_attempt_is_reserved_and_settled_by_itself(tmp_path: Path) -> None:
    journal, ledger = lab_with(tmp_path, 10_000_000)
    with scripted_openai(Refusal(503), Refusal(429), GOOD) as server:
        proposer(journal, server).propose(context(), 1)
    reserved = [e.reserved_micro_usd for e in ledger.entries() if e.kind == "reserve"]
    assert len(server.requests) == len(reserved) == 3  # nobody retries behind the ledger's back
    # Broken on the way, refused, answered.
    assert [call.cost_micro_usd for call in journal.llm_calls()] == [reserved[0], 0, COST]
    assert ledger.totals().reserved == 0


def test_usage_that_cannot_be_true_is_an_unknown_bill(tmp_path: Path) -> None:
    journal, ledger = lab_with(tmp_path, 10_000_000)
    with scripted_openai(GOOD) as server:
        server.prompt_tokens = server.completion_tokens = 0
        proposer(journal, server).propose(context(), 1)
    assert ledger.totals().spent > WORST_OUTPUT


@pytest.mark.parametrize("answer", [Unbilled(GOOD), Hangup(), Refusal(504), Refusal(408)])
def test_an_unknown_bill_is_charged_in_full(tmp_path: Path, answer: Unbilled | Hangup | Refusal) -> None:
    journal, ledger = lab_with(tmp_path, 10_000_000)
    with scripted_openai(answer) as server:
        proposer(journal, server).propose(context(), 1)
    assert server.requests
    assert ledger.totals().spent == sum(e.reserved_micro_usd for e in ledger.entries() if e.kind == "reserve")
    assert all(call.cost_micro_usd > WORST_OUTPUT for call in journal.llm_calls())


def test_refusals_are_free(tmp_path: Path) -> None:
    journal, ledger = lab_with(tmp_path, 1_000_000)
    with scripted_openai(Refusal(401, "no such key")) as server:
        proposer(journal, server).propose(context(), 1)
    assert ledger.totals().spent == 0
    assert [(c.outcome, c.cost_micro_usd) for c in journal.llm_calls()] == [("error", 0)]
    assert "no such key" in journal.llm_calls()[0].detail


def test_a_call_cut_off_by_a_crash_is_charged_in_full_once(tmp_path: Path) -> None:
    journal, ledger = lab_with(tmp_path, 1_000_000)
    code = (
        "import os, signal, sys; from pathlib import Path; from journal.store import Journal\n"
        "from agent.spender import LedgerSpender\n"
        "LedgerSpender(Journal.open(Path(sys.argv[1]))).reserve('llm-1', 700)\n"
        f"os.kill(os.getpid(), {int(signal.SIGKILL)})\n"
    )
    subprocess.run([sys.executable, "-c", code, str(journal.path)], env=dict(os.environ))
    ledger.reserve("0123456789-1", 50, "baseline")
    assert [settle_lost_calls(journal), settle_lost_calls(journal)] == [1, 0]
    assert (ledger.totals().spent, ledger.reservations()) == (700, {"0123456789-1": 50})
    assert [(c.outcome, c.cost_micro_usd) for c in journal.llm_calls()] == [("error", 700)]


def test_settling_a_call_twice_records_it_once(tmp_path: Path) -> None:
    journal, ledger = lab_with(tmp_path, 1000)
    call = LlmCall(
        at=1.0, model="m", base_url="u", purpose="propose", prompt_tokens=1, completion_tokens=1,
        cost_micro_usd=5, outcome="ok",
    )  # fmt: skip
    spender = LedgerSpender(journal)
    spender.reserve("llm-1", 10)
    spender.settle("llm-1", 5, call)
    spender.settle("llm-1", 5, call)
    assert ledger.totals().spent == 5 and journal.llm_calls() == [call]


def test_settings_come_from_arguments_then_the_environment() -> None:
    environment = {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "http://b/v1", "HARNESS_LLM_MODEL": "gpt-4o"}
    found = LlmSettings.from_environment(environment)
    assert found is not None
    assert (found.model, found.base_url, found.api_key) == ("gpt-4o", "http://b/v1", "k")
    found = LlmSettings.from_environment(environment, model="own", base_url="http://c/v1", price="0,0")
    assert found is not None
    assert (found.model, found.base_url, found.price) == ("own", "http://c/v1", LlmPrice(0.0, 0.0))
    assert LlmSettings.from_environment({"OPENAI_API_KEY": "k"}) is None
    with pytest.raises(MoneyError, match="HARNESS_LLM_PRICE"):
        LlmSettings.from_environment({"HARNESS_LLM_MODEL": "own"})
