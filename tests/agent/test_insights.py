"""What the results suggest: words made from rows, once a batch, and where they are shown."""

from pathlib import Path

import pytest

from agent.context import build_context
from agent.knowledge.insights import INSIGHT_EVENT, add_insight, directions, draft_insight
from agent.llm_prompt import prompt
from harness.reports.report import render
from harness.reports.sections import report_sections
from journal.records import Patch
from journal.science.evidence import judge_hypothesis
from journal.store import Journal
from tests.support.journal_support import LEARNING_RATE, add_arms, add_ended, hypothesis, new_journal, recipe

BASELINE = [2.0, 2.01, 2.005, 1.995]


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    opened = new_journal(tmp_path)
    opened.add_recipe(recipe())
    for seed, value in enumerate(BASELINE):
        add_ended(opened, seed, value, purpose="baseline", arm="baseline")
    return opened


def judged(
    journal: Journal, number: int, patch: Patch, values: list[float], closing: bool = True, **changes: object
) -> str | None:
    """Register, run and judge h<number>; what was said after that."""
    name = f"h{number}"
    journal.register(hypothesis(name, patch, **changes))
    add_arms(journal, [], values, name)
    journal.add_verdict(judge_hypothesis(journal, name, float(number), closing))
    return add_insight(journal, float(number))


def test_an_insight_names_its_rows_and_numbers(journal: Journal) -> None:
    judged(journal, 1, {LEARNING_RATE: 0.03}, [1.95, 1.96])
    said = judged(journal, 2, {LEARNING_RATE: 0.05}, [1.90, 1.91])
    event = journal.events(INSIGHT_EVENT)[-1]
    assert event.detail["hypothesis_ids"] == ["h1", "h2"] and event.detail["verdicts"] == 2
    assert event.detail["estimate"] == pytest.approx(2.0025 - 1.93)
    assert said == event.detail["text"]
    assert said.startswith("A higher optim.matrix_lr may lower val_bpb further: +0.0725 ± ")
    assert said.endswith("(h1, h2).")


def test_its_error_counts_the_shared_baseline_once(journal: Journal) -> None:
    judged(journal, 1, {LEARNING_RATE: 0.03}, [1.95, 1.96])
    judged(journal, 2, {LEARNING_RATE: 0.05}, [1.90, 1.91])
    [found] = directions(journal)
    variance = sum((v.sd or 0.0) ** 2 for v in journal.latest_verdicts().values()) / 2
    assert found.standard_error == pytest.approx((variance * (1 / 4 + 1 / 4)) ** 0.5)


def test_the_strongest_of_several_is_said_to_flatter_itself(journal: Journal) -> None:
    judged(journal, 1, {LEARNING_RATE: 0.03}, [2.0, 2.005])
    said = judged(journal, 2, {"optim.weight_decay": 0.4}, [2.2, 2.21])
    assert said is not None and "optim.weight_decay may raise val_bpb" in said
    assert "the strongest of 2, so expect less" in said


def test_a_promise_goes_before_a_harm(journal: Journal) -> None:
    judged(journal, 1, {LEARNING_RATE: 0.03}, [1.95, 1.955])
    said = judged(journal, 2, {"optim.weight_decay": 0.4}, [2.4, 2.405])
    assert said is not None and said.startswith("A higher optim.matrix_lr may lower")


def test_noise_is_not_talked_up(journal: Journal) -> None:
    said = judged(journal, 1, {"model.window_pattern": "L"}, [2.0, 2.004])
    assert said is not None and said.startswith("No direction stands out of 1 tried")
    assert "model.window_pattern = L" in said


def test_it_is_said_once_a_batch(journal: Journal) -> None:
    for number in (2, 3):
        journal.register(hypothesis(f"h{number}", {LEARNING_RATE: 0.01 * number + 0.01}))
    for number in (2, 3):
        add_arms(journal, [], [1.95, 1.96], f"h{number}")
        journal.add_verdict(judge_hypothesis(journal, f"h{number}", float(number), True))
        said = add_insight(journal, 9.0)
        assert (said is not None) == (number == 3)
    assert add_insight(journal, 10.0) is None


def test_open_questions_hold_it_back_for_four_verdicts(journal: Journal) -> None:
    journal.register(hypothesis("h9", {LEARNING_RATE: 0.9}))
    said = [judged(journal, n, {LEARNING_RATE: 0.02 + n / 100}, [1.95, 1.96]) for n in range(1, 9)]
    assert [words is not None for words in said] == [False, False, False, True] * 2


def test_other_rungs_and_looks_that_were_not_the_last_are_left_out(journal: Journal) -> None:
    judged(journal, 1, {LEARNING_RATE: 0.03}, [1.95, 1.96], rung="d2")
    judged(journal, 2, {LEARNING_RATE: 0.05}, [1.90, 1.91])
    journal.register(hypothesis("h3", {LEARNING_RATE: 0.06}))
    assert [found.hypothesis_ids for found in directions(journal)] == [("h2",)]
    assert draft_insight([]) is None


def test_it_is_told_to_the_model_and_in_the_report(journal: Journal) -> None:
    said = judged(journal, 1, {LEARNING_RATE: 0.03}, [1.90, 1.91])
    context = build_context(
        journal, recipe(), brief="", remaining_micro_usd=1, job_cost_micro_usd=1, seed=1
    )  # fmt: skip
    assert said is not None and said in prompt(context, 1, [])[1]["content"]
    assert said in render("report.md", report_sections(journal, None, None), has_plot=False)
