"""Whole labs whose model lies: they end with a model, every verdict stands, every bill is in the ledger."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.knowledge.insights import INSIGHT_EVENT
from journal.ledger.account import account_kind
from journal.ledger.ledger import Ledger
from journal.science.evidence import recompute_all
from tests.support.harness_lab import CliLab
from tests.support.llm.lying_llm import Liar, Lie, bills, claims, faults, liar

KEY = "sk-hidden-key"
SESSION_SECONDS = 240


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[CliLab]:
    found = CliLab(tmp_path / "lab")
    yield found
    found.clean_up()


def named(name: str) -> Lie:
    [found] = [lie for lie in claims() if lie.name == name]
    return found


def play(lab: CliLab, model: Liar, proposer: str, hypotheses: int) -> None:
    """A session from its start to a clean end."""
    lab.extra = {
        "HARNESS_LLM_MODEL": "liar",
        "HARNESS_LLM_PRICE": "0.1,1",
        "OPENAI_BASE_URL": model.base_url,
        "OPENAI_API_KEY": KEY,
    }
    session = lab.popen(
        *lab.start_arguments("--proposer", proposer, "--max-hypotheses", str(hypotheses))
    )  # fmt: skip
    printed, _ = session.communicate(timeout=SESSION_SECONDS)
    assert session.returncode == 0, printed


def check(lab: CliLab, model: Liar, hypotheses: int) -> None:
    """Nothing the model said is in a verdict, and nothing it cost is outside the ledger."""
    lab.check_money()
    with lab.journal() as journal:
        pairs, calls = recompute_all(journal), journal.llm_calls()
        registered, final = journal.hypotheses(), [v for v in journal.verdicts() if v.final]
        entries = [e for e in Ledger(journal).entries() if account_kind(e.account or "") == "llm"]
        insights = journal.events(INSIGHT_EVENT)
        hashes = [journal.hash_of(h.hypothesis_id) for h in registered]
    assert pairs and all(stored == again for stored, again in pairs)
    assert hashes == [h.sha256() for h in registered]
    assert {v.hypothesis_id for v in final} == {h.hypothesis_id for h in registered}
    assert len(registered) == hypotheses and insights
    reserved = {e.account: e.reserved_micro_usd for e in entries if e.kind == "reserve"}
    charged = {e.account: e.spent_micro_usd for e in entries if e.kind == "llm"}
    assert len(model.requests) == len(calls) == len(charged) == len(reserved) > 0
    assert all(charged[key] <= amount for key, amount in reserved.items())
    # An unknown bill is charged as reserved, and there were such.
    assert any(charged[key] == amount for key, amount in reserved.items())
    for path in (path for path in lab.folder.rglob("*") if path.is_file()):
        assert KEY.encode() not in path.read_bytes(), path


def test_claims_and_false_bills(lab: CliLab) -> None:
    lies = [*claims(), *bills()]
    random.Random(1).shuffle(lies)
    with liar(named("markup"), named("injection"), *lies) as model:
        play(lab, model, "llm", 12)
    check(lab, model, 12)
    shown, report = lab.run("journal"), (lab.folder / "report" / "report.html").read_text()
    assert shown.returncode == 0 and "[/b]" in shown.stdout
    assert "<script>" not in report and "&lt;script&gt;" in report
    assert "\\<script>" in (lab.folder / "report" / "report.md").read_text()


def test_faults_of_the_server_beside_the_search(lab: CliLab) -> None:
    lies = faults(pause_seconds=0.05)
    random.Random(2).shuffle(lies)
    with liar(*lies) as model:
        play(lab, model, "mixed", 12)
    check(lab, model, 12)
