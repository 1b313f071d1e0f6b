"""An endpoint that fails in a row is left alone for a growing while, by the journal and the lab's clock."""

import gzip
import json
from pathlib import Path

import pytest

from agent.breaker import BACK_EVENT, PAUSED_EVENT, breaker
from agent.llm import LlmProposer
from agent.llm_http import MAX_ERROR_BYTES
from agent.mixed import MixedProposer
from agent.search.proposer import SearchProposer
from agent.settings import LlmSettings
from agent.spender import LedgerSpender
from journal.ledger.ledger import Ledger
from journal.prices import LlmPrice
from journal.records import LlmCall
from journal.store import Journal
from tests.support.agent_support import context, tried
from tests.support.journal_support import new_journal
from tests.support.llm.lying_llm import Lie, completion, http, liar, proposals
from tests.support.llm.scripted_openai import Answer, Refusal, proposals_json, scripted_openai

GOOD = proposals_json({"patch": [{"field": "model.logit_softcap", "value": 30.0}]})
RUBBISH = "I would rather talk about the weather."


class HandClock:
    """Stands still until it is set."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    opened = new_journal(tmp_path)
    Ledger(opened).add_budget(10_000_000)
    return opened


def proposer(journal: Journal, base_url: str, clock: HandClock, timeout_seconds: float = 20.0) -> LlmProposer:
    settings = LlmSettings(
        model="scripted",
        price=LlmPrice(1.0, 10.0),
        base_url=base_url,
        retry_wait_seconds=0.01,
        timeout_seconds=timeout_seconds,
    )
    return LlmProposer(settings, LedgerSpender(journal), clock=clock)


def call(at: float, outcome: str, model: str = "m", base_url: str = "u") -> LlmCall:
    return LlmCall.model_validate(
        {
            "at": at,
            "model": model,
            "base_url": base_url,
            "purpose": "propose",
            "prompt_tokens": None,
            "completion_tokens": None,
            "cost_micro_usd": 0,
            "outcome": outcome,
            "detail": f"at {at:g}",
        }
    )


def said(journal: Journal) -> list[str]:
    return [event.kind for event in journal.events() if event.kind in (PAUSED_EVENT, BACK_EVENT)]


@pytest.mark.parametrize(
    ("outcomes", "failures", "pause_seconds"),
    [
        ([], 0, 0.0),
        (["error", "invalid"], 2, 0.0),
        (["error", "invalid", "error"], 3, 300.0),
        (["error"] * 4, 4, 600.0),
        (["error"] * 6, 6, 2400.0),
        (["error"] * 5000, 5000, 3600.0),
        (["error"] * 9 + ["ok"], 0, 0.0),
        (["error"] * 9 + ["repaired", "invalid"], 1, 0.0),
    ],
)
def test_the_pause_grows_with_the_failures_in_a_row(
    outcomes: list[str], failures: int, pause_seconds: float
) -> None:
    found = breaker([call(float(n), outcome) for n, outcome in enumerate(outcomes)], "m", "u")
    assert (found.failures, found.pause_seconds) == (failures, pause_seconds)


def test_it_lasts_from_the_last_failure_on_and_a_clock_set_back_ends_it() -> None:
    found = breaker([call(float(at), "error") for at in (10, 20, 30)], "m", "u")
    assert [found.is_paused(now) for now in (29.0, 30.0, 329.0, 330.0)] == [False, True, True, False]
    assert found.why == "at 30"


def test_another_model_or_address_starts_afresh() -> None:
    calls = [call(1.0, "error")] * 3
    assert breaker(calls, "m", "u").is_open
    assert not breaker(calls, "other", "u").failures and not breaker(calls, "m", "other").failures
    assert breaker([*calls, call(2.0, "ok", "other")], "m", "u").is_open


@pytest.mark.parametrize(("answer", "rounds"), [(Refusal(503), 1), (Refusal(401), 3), (RUBBISH, 2)])
def test_whoever_fails_in_a_row_is_left_alone_and_searched_without(
    journal: Journal, answer: Answer, rounds: int
) -> None:
    lab, clock = context(*tried(5)), HandClock()
    with scripted_openai(answer) as server:
        asked = proposer(journal, server.base_url, clock)
        for _ in range(rounds):
            asked.propose(lab, 1)
        before = len(server.requests)
        clock.seconds += 250.0
        restarted = proposer(journal, server.base_url, clock)
        assert restarted.propose(lab, 2) == SearchProposer().propose(lab, 2)
        assert len(server.requests) == before
        assert said(journal) == [PAUSED_EVENT]


def test_after_the_pause_one_attempt_and_each_turn_is_said_once(journal: Journal) -> None:
    clock = HandClock()
    with scripted_openai(*[Refusal(503)] * 4, GOOD) as server:
        asked = proposer(journal, server.base_url, clock)
        asked.propose(context(), 1)
        clock.seconds += 301.0
        assert asked.propose(context(), 1)[0].proposer == "search"
        assert len(server.requests) == 4
        clock.seconds += 301.0
        asked.propose(context(), 1)
        assert len(server.requests) == 4, "the second pause is longer"
        assert said(journal) == [PAUSED_EVENT]
        clock.seconds += 300.0
        assert asked.propose(context(), 1)[0].proposer == "llm"
        assert asked.propose(context(), 1)[0].proposer == "llm"
    assert said(journal) == [PAUSED_EVENT, BACK_EVENT]
    assert [event.at for event in journal.events(PAUSED_EVENT)] == [1000.0]
    assert journal.events(PAUSED_EVENT)[0].detail["failures"] == 3


def test_the_mixture_searches_meanwhile(journal: Journal) -> None:
    lab, clock = context(*tried(6)), HandClock()
    with scripted_openai(Refusal(503)) as server:
        asked = proposer(journal, server.base_url, clock)
        mixed = MixedProposer([(SearchProposer(), 0.5), (asked, 0.5)])
        mixed.propose(lab, 2)
        before = len(server.requests)
        assert [draft.proposer for draft in mixed.propose(lab, 4)] == ["search"] * 4
        assert len(server.requests) == before == 3


def test_silence_costs_the_time_out_once(journal: Journal) -> None:
    with liar(Lie("silence", (b"",), 3.0)) as server:
        proposer(journal, server.base_url, HandClock(), timeout_seconds=0.3).propose(context(), 1)
        assert len(server.requests) == 1
    assert [found.outcome for found in journal.llm_calls()] == ["error"]


def test_a_refusal_is_read_no_further_than_its_start(journal: Journal) -> None:
    # Whoever reads on finds the body cut short, which is no refusal any more but may have been charged.
    for_ever = Lie("404 for ever", (http(b"", "404 No", length=10**12), *[b"x" * MAX_ERROR_BYTES] * 20))
    with liar(for_ever) as server:
        proposer(journal, server.base_url, HandClock()).propose(context(), 1)
    [found] = journal.llm_calls()
    assert found.detail.startswith("NotFoundError") and found.cost_micro_usd == 0


@pytest.mark.parametrize(
    ("status", "word"), [("200 OK", "content-encoding: gzip"), ("404 No", "NotFoundError")]
)
def test_nothing_compressed_is_unfolded(journal: Journal, status: str, word: str) -> None:

    body = gzip.compress(json.dumps(completion(proposals({}))).encode())
    whole = http(body, status).replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n", 1)
    with liar(Lie("gzip", (whole,))) as server:
        proposer(journal, server.base_url, HandClock()).propose(context(), 1)
    assert word in journal.llm_calls()[0].detail
