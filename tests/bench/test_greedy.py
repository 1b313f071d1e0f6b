"""The greedy rule on a small journal: what it keeps, what the lab says, and what neither counts."""

from pathlib import Path

import pytest

from bench.greedy import clear_gap, counts, main, measured_noise, replay, table
from journal.science.evidence import judge_hypothesis
from journal.science.statistics import Noise
from journal.store import Journal
from tests.support.journal_support import LEARNING_RATE, add_ended, hypothesis, new_journal, recipe

BASELINE = (2.010, 2.000, 1.990, 2.000)
# Luck, a real effect, a smaller one that does not beat it, harm, a crash.
TREATMENTS: dict[str, tuple[float | None, ...]] = {
    "h1": (2.002, 2.006),
    "h2": (1.900, 1.902),
    "h3": (1.930, 1.928),
    "h4": (2.200, 2.200),
    "h5": (None, None),
}
# What counts as enough is the judge's business, tested elsewhere.
CALLED = {"h1": "inconclusive", "h2": "supported", "h3": "supported", "h4": "refuted"}


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    opened = new_journal(tmp_path)
    opened.add_recipe(recipe())
    # The first seed is written last: order is by seed, not by chance.
    for seed, value in reversed(list(enumerate(BASELINE))):
        add_ended(opened, seed, value, purpose="baseline", arm="baseline")
    for number, (name, values) in enumerate(TREATMENTS.items(), start=1):
        patch = {LEARNING_RATE: 0.02 + number / 100}
        opened.register(hypothesis(name, patch, minimum_effect=0.01))
        for seed, value in enumerate(values, start=10):
            ended = {"state": "failed", "reason": "nan"} if value is None else {}
            add_ended(
                opened, seed, value, patch,
                purpose="hypothesis", hypothesis_id=name, arm="treatment", **ended,
            )  # fmt: skip
        if name in CALLED:
            judged = judge_hypothesis(opened, name, 5.0, closing=True)
            opened.add_verdict(judged.model_copy(update={"verdict": CALLED[name]}))
    return opened


def test_one_run_decides_against_the_best_single_run_so_far(journal: Journal) -> None:
    decided = [(d.hypothesis.hypothesis_id, d.value, d.best, d.keeps) for d in replay(journal)]
    assert decided == [
        ("h1", 2.002, 2.010, True),
        ("h2", 1.900, 2.002, True),
        ("h3", 1.930, 1.900, False),
        ("h4", 2.200, 1.900, False),
        ("h5", None, 1.900, False),
    ]


def test_the_labs_verdicts_stand_beside(journal: Journal) -> None:
    assert [d.called for d in replay(journal)] == [*CALLED.values(), "open"]
    first, _, third, *_ = table(replay(journal)).splitlines()[2:]
    assert first.startswith("| h1 | 2.0020 | 2.0100 | keeps | ") and "discards | supported | +" in third


def test_counts_name_what_was_kept_missed_and_within_noise(journal: Journal) -> None:
    lines = counts(replay(journal), Noise(0.001, 10))
    assert lines[0].startswith("greedy keeps 2 of 5: by the lab 1 inconclusive, 1 supp")
    assert lines[1] == "the lab supports 2, of which greedy discards 1"
    assert "sd 0.01000 val_bpb between seeds (10 degrees of freedom)" in lines[2]
    assert lines[3].endswith(": 1 of 2")
    assert counts([], Noise(0.0, 0))[-1] == "noise: no two seeds of equal settings"


def test_noise_is_pooled_within_arms(journal: Journal) -> None:
    noise = measured_noise(journal)
    assert noise.degrees_of_freedom == 3 + 1 + 1 + 1 + 1
    assert noise.sum_of_squares == pytest.approx(0.0002 + 0.000008 + 0.000002 + 0.000002)
    assert clear_gap(1.0) == pytest.approx(2 * 2**0.5)


def test_a_lost_first_run_is_no_discard(journal: Journal) -> None:
    journal.register(hypothesis("h6", {LEARNING_RATE: 0.09}))
    row = {"purpose": "hypothesis", "hypothesis_id": "h6", "arm": "treatment"}
    add_ended(journal, 10, None, {LEARNING_RATE: 0.09}, state="failed", reason="lost", **row)
    assert len(replay(journal)) == 5
    add_ended(journal, 11, 1.8, {LEARNING_RATE: 0.09}, **row)
    assert replay(journal)[-1].keeps


def test_it_prints_the_table_and_its_limits(journal: Journal, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(journal.path.parent)]) == 0
    printed = capsys.readouterr().out
    assert "| h4 | 2.2000 | 1.9000 | discards | refuted |" in printed
    assert "does not say where the\nrule would have led" in printed


def test_no_journal_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"{tmp_path / 'journal.db'}: no journal there\n"
