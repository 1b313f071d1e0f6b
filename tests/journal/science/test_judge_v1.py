"""Version 1 of the judge: verdicts that a lab stored before version 2 come out again to the last bit."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.audit.science import verdicts_recompute
from journal.records import Verdict
from journal.science.earlier_rules.version_1 import RulesV1
from journal.science.evidence import collect_evidence as collect
from journal.science.evidence import judge_evidence, judge_hypothesis, recompute_all
from journal.science.judge import judge
from journal.science.statistics import Noise
from journal.store import Journal
from tests.support.journal_support import add_arms, hypothesis, new_journal, recipe

STORED = json.loads((Path(__file__).with_name("verdicts_v1.json")).read_text())
VALUES = st.lists(st.floats(0.5, 5.0), min_size=2, max_size=5)


@pytest.mark.parametrize("case", STORED, ids=lambda case: case["name"])
def test_stored_verdicts_come_out_again(case: dict[str, object]) -> None:
    """Made by the code that was version 1, before there was another."""
    noise = Noise(case["squares"], case["freedom"])  # type: ignore[arg-type]
    again = judge(
        hypothesis(), case["baseline"], case["treatment"], noise, case["look"], case["index"],  # type: ignore[arg-type]
        rules=RulesV1(),
    )  # fmt: skip
    assert again == Verdict.model_validate_json(json.dumps(case["verdict"]))


@given(VALUES, VALUES, st.integers(1, 9), st.integers(1, 99))
def test_budgets_and_p_values_are_those_of_version_1(
    baseline: list[float], treatment: list[float], look: int, index: int
) -> None:
    noise = Noise(20 * 0.01**2, 20)
    old = judge(hypothesis(), baseline, treatment, noise, look, index, rules=RulesV1())
    new = judge(hypothesis(replicates=2), baseline, treatment, noise, 1, index)
    assert old.judge_version == "1" and old.alpha == 0.05 * 6.0 / (math.pi**2 * index**2)
    assert old.effect == new.effect and old.sd == new.sd
    assert old.p_value == pytest.approx(min(1.0, new.p_value * look * (look + 1)))


def a_lab(folder: Path) -> Journal:
    journal = new_journal(folder)
    journal.add_recipe(recipe())
    journal.register(hypothesis())
    # Two seeds: enough for version 1, not for version 2.
    add_arms(journal, [2.0, 2.0001, 2.0002, 2.0001], [1.9, 1.9001])
    return journal


def judge_as_v1(journal: Journal, name: str, look: int = 1) -> Verdict:
    rules = RulesV1()
    return judge_evidence(journal.hypothesis(name), collect(journal, name), look, 5.0, False, rules)


def test_old_rows_are_recomputed_by_the_rules_they_name(tmp_path: Path) -> None:
    with a_lab(tmp_path) as journal:
        old = judge_as_v1(journal, "h1")
        assert (old.verdict, judge_hypothesis(journal, "h1", 5.0).verdict) == ("supported", "inconclusive")
        journal.add_verdict(old)
        assert recompute_all(journal) == [(old, old)]
        assert verdicts_recompute(journal).state == "ok"


def test_nobody_goes_back_to_older_rules(tmp_path: Path) -> None:
    with a_lab(tmp_path) as journal:
        journal.add_verdict(judge_hypothesis(journal, "h1", 5.0))
        journal.add_verdict(judge_as_v1(journal, "h1", look=2))
        found = verdicts_recompute(journal)
    assert found.state != "ok" and "older rules" in found.detail


def test_unknown_versions_are_named(tmp_path: Path) -> None:
    with a_lab(tmp_path) as journal:
        forged = judge_hypothesis(journal, "h1", 5.0).model_copy(update={"judge_version": "9"})
        journal.add_verdict(forged)
        found = verdicts_recompute(journal)
    assert found.state != "ok" and "'9'; allowed: 1, 2" in found.detail
