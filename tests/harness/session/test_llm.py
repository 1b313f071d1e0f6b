"""A session with a language model over real HTTP: an answer, a repaired one, a fallback, and its death."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from journal.ledger.ledger import Ledger
from tests.support.harness_lab import CliLab, eventually
from tests.support.llm.scripted_openai import proposals_json, scripted_openai

SOFTCAP = {
    "statement": "A softcap of 30 lowers val_bpb.",
    "patch": [{"field": "model.logit_softcap", "value": 30.0}],
}
DECAY = {"statement": "Less decay lowers val_bpb.", "patch": [{"field": "optim.weight_decay", "value": 0.05}]}
BAD = {"patch": [{"field": "optim.matrix_lr", "value": "high"}]}
ANSWERS = (
    proposals_json(SOFTCAP),
    proposals_json(BAD),
    proposals_json(DECAY),
    "I would rather talk about the weather.",
    proposals_json(BAD),
)


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[CliLab]:
    found = CliLab(tmp_path / "lab")
    yield found
    found.clean_up()


def test_answer_repair_fallback_and_the_models_death(lab: CliLab) -> None:
    with scripted_openai(*ANSWERS) as model:
        lab.extra = {
            "HARNESS_LLM_MODEL": "scripted",
            "HARNESS_LLM_PRICE": "0.1,1",
            "OPENAI_BASE_URL": model.base_url,
            "OPENAI_API_KEY": "hidden-key",
        }
        session = lab.popen(*lab.start_arguments("--proposer", "llm", "--max-hypotheses", "4"))
        eventually(lambda: len(model.requests) >= len(ANSWERS), "five questions to the model")
    printed, _ = session.communicate(timeout=120)
    assert session.returncode == 0, printed
    with lab.journal() as journal:
        hypotheses = journal.hypotheses()
        calls = journal.llm_calls()
        entries = [entry for entry in Ledger(journal).entries() if entry.kind == "llm"]
        jobs = {row.hypothesis_id for row in journal.jobs(state="succeeded")}
    assert [h.proposer for h in hypotheses] == ["llm", "llm", "search", "search"]
    assert hypotheses[0].patch == {"model.logit_softcap": 30.0}
    assert hypotheses[1].patch == {"optim.weight_decay": 0.05}
    assert {h.hypothesis_id for h in hypotheses} <= jobs
    assert [call.outcome for call in calls][:5] == ["ok", "invalid", "repaired", "invalid", "invalid"]
    assert [(call.prompt_tokens, call.completion_tokens) for call in calls[:5]] == [(1000, 100)] * 5
    assert [entry.spent_micro_usd for entry in entries[:5]] == [200] * 5
    told = json.loads(lab.run("status", "--json").stdout)["language_model"]
    assert told["model"] == "scripted" and told["failures_in_a_row"] >= 2
    assert "failures in a row" in " ".join(lab.run("status").stdout.split())
    lab.check_money()
    for path in lab.folder.rglob("*.json*"):
        assert "hidden-key" not in path.read_text(errors="replace"), path
