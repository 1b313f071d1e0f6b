"""Every stored verdict follows again from the journal, whatever happened since."""

import json
import sqlite3
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import TempPathFactory

from journal.science.evidence import judge_hypothesis, recompute_all
from journal.store import Journal
from tests.support.journal_support import LEARNING_RATE, add_arms, add_ended, hypothesis, new_journal, recipe

VALUES = st.lists(st.floats(1.0, 3.0), min_size=0, max_size=4)


@settings(max_examples=10, deadline=None)
@given(st.lists(VALUES, min_size=1, max_size=4), VALUES, st.integers(0, 3))
def test_recomputed_verdicts_are_equal(
    tmp_path_factory: TempPathFactory, arms: list[list[float]], baseline: list[float], diverged: int
) -> None:
    with new_journal(tmp_path_factory.mktemp("lab")) as journal:
        journal.add_recipe(recipe())
        add_ended(journal, 99, 2.0, arm="baseline")
        for number, arm in enumerate(arms, start=1):
            name = f"h{number}"
            patch = {LEARNING_RATE: 0.02 + number / 1000}
            journal.register(hypothesis(name, patch))
            add_arms(journal, baseline if number == 1 else [], arm, name)
            journal.add_verdict(judge_hypothesis(journal, name, 5.0))
            for seed in range(50, 50 + diverged):
                add_ended(
                    journal, seed, None, patch, state="failed", reason="nan",
                    purpose="hypothesis", hypothesis_id=name, arm="treatment",
                )  # fmt: skip
            journal.add_verdict(judge_hypothesis(journal, name, 6.0, closing=True))
        path = journal.path
    with Journal.read_only(path) as journal:
        pairs = recompute_all(journal)
    assert len(pairs) == 2 * len(arms)
    assert all(stored == again for stored, again in pairs)


def test_a_forged_verdict_is_found_out(tmp_path: Path) -> None:
    with new_journal(tmp_path) as journal:
        journal.add_recipe(recipe())
        journal.register(hypothesis())
        add_arms(journal, [2.0, 2.01], [2.0, 2.02])
        honest = judge_hypothesis(journal, "h1", 5.0)
        journal.add_verdict(honest)
        forger = sqlite3.connect(journal.path)
        forger.execute("DROP TRIGGER verdicts_no_update")
        record = json.loads(honest.model_dump_json()) | {"verdict": "supported"}
        forger.execute("UPDATE verdicts SET record = ?", [json.dumps(record)])
        forger.commit()
        forger.close()
        [(stored, again)] = recompute_all(journal)
        assert stored.verdict == "supported" != again.verdict
