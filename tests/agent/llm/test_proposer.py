"""The language model over real HTTP: its answer, its repaired answer, and life without it."""

import json
from pathlib import Path
from typing import Any

import pytest

from agent.llm import LlmProposer
from agent.search.proposer import SearchProposer
from agent.settings import LlmSettings
from agent.spender import LedgerSpender
from journal.ledger.ledger import Ledger
from journal.prices import LlmPrice
from journal.store import Journal
from tests.support.agent_support import check_drafts, context, settings_of, tried
from tests.support.journal_support import new_journal
from tests.support.llm.scripted_openai import (
    Answer,
    Hangup,
    Raw,
    Refusal,
    ScriptedOpenAI,
    proposals_json,
    scripted_openai,
)

GOOD = {
    "statement": "A softcap of 30 lowers val_bpb.",
    "patch": [{"field": "model.logit_softcap", "value": 30.0}],
}
OTHER = {"statement": "Less decay lowers val_bpb.", "patch": {"optim.weight_decay": 0.05}}
BAD_VALUE = {"patch": [{"field": "optim.matrix_lr", "value": "high"}]}


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    opened = new_journal(tmp_path)
    Ledger(opened).add_budget(1_000_000)
    return opened


def proposer(journal: Journal, server: ScriptedOpenAI, **changes: Any) -> LlmProposer:
    settings = LlmSettings(
        model="scripted",
        price=LlmPrice(1.0, 10.0),
        base_url=server.base_url,
        retry_wait_seconds=0.01,
        timeout_seconds=20.0,
        **changes,
    )
    return LlmProposer(settings, LedgerSpender(journal))


def outcomes(journal: Journal) -> list[str]:
    return [call.outcome for call in journal.llm_calls()]


def test_a_proposal_comes_from_its_answer(journal: Journal) -> None:
    with scripted_openai(proposals_json(GOOD)) as server:
        lab = context()
        drafts = proposer(journal, server).propose(lab, 1)
    check_drafts(lab, drafts, 1, "llm")
    assert drafts[0].patch == {"model.logit_softcap": 30.0}
    assert drafts[0].statement == GOOD["statement"]
    assert outcomes(journal) == ["ok"]


def test_an_answer_is_repaired_after_it_sees_the_fault(journal: Journal) -> None:
    with scripted_openai(proposals_json(BAD_VALUE), proposals_json(GOOD)) as server:
        drafts = proposer(journal, server).propose(context(), 1)
    assert [(d.proposer, d.patch) for d in drafts] == [("llm", {"model.logit_softcap": 30.0})]
    first, second = server.requests
    assert second["messages"][:2] == first["messages"]
    assert second["messages"][2]["content"] == proposals_json(BAD_VALUE)
    assert 'optim.matrix_lr: "high"' in second["messages"][3]["content"]
    assert outcomes(journal) == ["invalid", "repaired"]


def test_two_bad_answers_fall_back_to_search(journal: Journal) -> None:
    lab = context(*tried(6))
    with scripted_openai("I would rather talk about the weather.", proposals_json(BAD_VALUE)) as server:
        drafts = proposer(journal, server).propose(lab, 1)
    check_drafts(lab, drafts, 1, "search")
    assert len(server.requests) == 2
    assert outcomes(journal) == ["invalid", "invalid"]


def test_good_proposals_are_kept_and_the_rest_is_searched(journal: Journal) -> None:
    with scripted_openai(proposals_json(GOOD, BAD_VALUE), proposals_json(GOOD)) as server:
        drafts = proposer(journal, server).propose(context(), 3)
    assert [d.proposer for d in drafts] == ["llm", "search", "search"]
    assert len({json.dumps(settings_of(context(), d), sort_keys=True) for d in drafts}) == 3
    assert "was tried before" in journal.llm_calls()[1].detail


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        ({"patch": {"model.depth": 12}}, "model.depth: may not be changed"),
        ({"patch": {"optim.matrix_lr": 1e9}}, "optim.matrix_lr: 1000000000.0"),
        ({"patch": {"optim.matrix_lr": 0.02}}, "changes nothing"),
        ({"patch": {"optim.matrix_lr": 0.006}}, "was tried before"),
        ({"patch": {"optim.scalar_lr": 0.1}}, "optim.scalar_lr: may not be changed"),
        ({"patch": {}}, "patch"),
        ({"patch": [1, 2]}, "patch"),
        ({"patch": {"optim.embedding_lr": [1]}}, "patch.optim.embedding_lr"),
        ({**GOOD, "prior": 7.0}, "prior: 7.0"),
        ({**GOOD, "statement": ""}, "statement"),
        ({**GOOD, "extra": 1}, "extra"),
        ({**GOOD, "minimum_effect": -0.1}, "minimum_effect: -0.1"),
        ({**GOOD, "statement": None}, "statement"),
    ],
)
def test_what_is_refused_is_named_to_the_model(journal: Journal, raw: dict[str, Any], fault: str) -> None:
    lab = context(*tried(1), forbidden=("optim.scalar_lr",))
    with scripted_openai(proposals_json(raw)) as server:
        drafts = proposer(journal, server).propose(lab, 1)
    assert fault in server.requests[1]["messages"][3]["content"]
    assert [d.proposer for d in drafts] == ["search"]


@pytest.mark.parametrize(
    "text",
    [
        f"Sure! ```json\n{proposals_json(OTHER)}\n``` Good luck.",
        f"<think>{{not json}} [1]</think>{proposals_json(OTHER)}",
        json.dumps([OTHER]),
        json.dumps(OTHER),
    ],
)
def test_json_is_found_in_prose(journal: Journal, text: str) -> None:
    with scripted_openai(text) as server:
        [draft] = proposer(journal, server).propose(context(), 1)
    assert draft.patch == {"optim.weight_decay": 0.05}


def test_no_more_than_asked_for(journal: Journal) -> None:
    with scripted_openai(proposals_json(GOOD, OTHER)) as server:
        assert len(proposer(journal, server).propose(context(), 1)) == 1
        assert proposer(journal, server).propose(context(), 0) == []


@pytest.mark.parametrize(
    "answer",
    [
        Refusal(500), Refusal(429), Refusal(401), Refusal(404), Refusal(400), Hangup(),
        Raw(b"<html>proxy</html>", "text/html"), Raw(b"{"), Raw(b"[]"), Raw(b'{"choices": 3}'),
        Raw(b'{"choices": [null]}'), Raw(b'{"choices": [{}]}'), Raw(b"null"),
        Raw(b'{"choices": [], "usage": {"prompt_tokens": "many", "completion_tokens": -1}}'),
    ],
)  # fmt: skip
def test_a_broken_server_never_raises(journal: Journal, answer: Answer) -> None:
    lab = context(*tried(5))
    with scripted_openai(answer) as server:
        drafts = proposer(journal, server).propose(lab, 2)
    assert drafts == SearchProposer().propose(lab, 2)
    assert set(outcomes(journal)) <= {"error", "invalid"} and outcomes(journal)
    assert Ledger(journal).totals().reserved == 0


def test_killing_the_server_does_not_stop_the_lab(journal: Journal) -> None:
    with scripted_openai(proposals_json(GOOD)) as server:
        asked = proposer(journal, server)
        assert asked.propose(context(), 1)[0].proposer == "llm"
    spent = Ledger(journal).totals().spent
    assert asked.propose(context(), 1)[0].proposer == "search"
    assert outcomes(journal) == ["ok", "error", "error", "error"]
    assert Ledger(journal).totals().spent == spent


def test_a_passing_fault_is_retried(journal: Journal) -> None:
    with scripted_openai(Refusal(503), Hangup(), proposals_json(GOOD)) as server:
        [draft] = proposer(journal, server).propose(context(), 1)
    assert draft.proposer == "llm"
    assert outcomes(journal) == ["error", "error", "ok"]


def test_output_is_constrained_by_the_job_contract(journal: Journal) -> None:
    with scripted_openai(proposals_json(GOOD)) as server:
        proposer(journal, server).propose(context(forbidden=("model",)), 2)
    request = server.requests[0]
    schema = request["response_format"]["json_schema"]["schema"]
    changes = schema["properties"]["proposals"]["items"]["properties"]["patch"]["items"]["anyOf"]
    by_field = {c["properties"]["field"]["enum"][0]: c["properties"]["value"] for c in changes}
    assert by_field["optim.matrix_lr"] == {"type": "number", "exclusiveMinimum": 0.0, "maximum": 100.0}
    assert by_field["optim.matrix_optimizer"] == {"type": "string", "enum": ["muon", "adamw"]}
    assert "model.logit_softcap" not in by_field and "model.depth" not in by_field


def test_servers_without_json_schema_are_asked_plainly(journal: Journal) -> None:
    with scripted_openai(Refusal(400, "response_format is not supported"), proposals_json(GOOD)) as server:
        asked = proposer(journal, server)
        assert asked.propose(context(), 1)[0].proposer == "llm"
        asked.propose(context(*tried(1)), 1)
    assert ["response_format" in request for request in server.requests] == [True, False, False]


def test_models_that_renamed_the_limit_are_understood(journal: Journal) -> None:
    refusal = Refusal(400, "Unsupported parameter: use 'max_completion_tokens' instead of 'max_tokens'")
    with scripted_openai(refusal, proposals_json(GOOD)) as server:
        assert proposer(journal, server).propose(context(), 1)[0].proposer == "llm"
    assert [{"max_tokens", "max_completion_tokens"} & set(r) for r in server.requests] == [
        {"max_tokens"},
        {"max_completion_tokens"},
    ]
    assert "response_format" in server.requests[1]


def test_the_prompt_shows_the_lab(journal: Journal) -> None:
    lab = context(*tried(6), brief="Prefer small steps.")
    with scripted_openai(proposals_json(GOOD)) as server:
        proposer(journal, server).propose(lab, 1)
    text = server.requests[0]["messages"][1]["content"]
    for piece in (
        "Prefer small steps.", "2.0000, 2.0100", "sd: 0.00500", '{"optim.matrix_lr": 0.018}',
        "$1.00 left", "model.logit_softcap = 15.0",
        json.dumps(SearchProposer().propose(lab, 3)[0].patch),
    ):  # fmt: skip
        assert piece in text


def test_a_long_history_is_cut(journal: Journal) -> None:
    with scripted_openai(proposals_json(GOOD)) as server:
        proposer(journal, server).propose(context(*tried(90)), 1)
    text = server.requests[0]["messages"][1]["content"]
    assert "(30 earlier ones are not shown)" in text and text.count("val_bpb 2.") == 60
