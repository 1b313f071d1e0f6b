"""Centred accuracies, their mean and its interval."""

import csv
import math
import os
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from trainer.evaluation.score import accuracy_variance, centered, core_report, task_score
from trainer.evaluation.tasks import CoreTask, load_tasks
from trainer.job import TaskScore


def task(label: str, baseline: float) -> CoreTask:
    return CoreTask(label, "multiple_choice", 0, " ", baseline, Path("absent"))


def answers(right: int, items: int) -> list[bool]:
    return [item < right for item in range(items)]


def test_guessing_is_zero_and_perfection_is_one() -> None:
    assert centered(0.25, 0.25) == 0.0
    assert centered(1.0, 0.25) == 1.0
    assert centered(0.0, 0.5) == -1.0


def test_core_is_the_plain_mean_over_tasks_of_any_size() -> None:
    tasks = [task("small", 0.0), task("large", 0.5)]
    report = core_report(
        tasks, [task_score(tasks[0], answers(1, 2)), task_score(tasks[1], answers(750, 1000))]
    )
    assert report.core_metric == pytest.approx((0.5 + 0.5) / 2)


def test_the_interval_covers_the_truth_about_95_times_in_100() -> None:
    truth = {"a": (0.3, 0.25, 100), "b": (0.02, 0.0, 40), "c": (0.9, 0.5, 60)}
    tasks = [task(label, baseline) for label, (_, baseline, _) in truth.items()]
    core = math.fsum(centered(p, baseline) for p, baseline, _ in truth.values()) / 3
    rng, covered = random.Random(0), 0
    for _ in range(1000):
        correct = [sum(rng.random() < p for _ in range(n)) for p, _, n in truth.values()]
        scores = [
            task_score(t, answers(right, truth[t.label][2])) for t, right in zip(tasks, correct, strict=True)
        ]
        report = core_report(tasks, scores)
        covered += report.lower <= core <= report.upper
    assert 930 <= covered <= 980


def test_all_wrong_is_still_uncertain() -> None:
    assert accuracy_variance(0.0, 10) > accuracy_variance(0.0, 1000) > 0.0
    assert accuracy_variance(1.0, 10) == accuracy_variance(0.0, 10)


@given(st.lists(st.booleans(), min_size=1, max_size=70))
def test_a_score_keeps_each_answer(answered: list[bool]) -> None:
    score = task_score(task("t", 0.25), answered)
    again = TaskScore.model_validate_json(score.model_dump_json())
    assert again == score and again.answers() == tuple(answered)


@pytest.mark.parametrize("right", ["", "0x3", "3g", "07", "00", "13"])
def test_answers_that_do_not_give_the_accuracy_are_refused(right: str) -> None:
    score = task_score(task("t", 0.0), [False, False, True, True])
    assert score.right == "3"
    with pytest.raises(ValidationError, match="right"):
        TaskScore.model_validate(score.model_dump() | {"right": right})


def test_results_of_before_have_no_answers() -> None:
    document = task_score(task("t", 0.0), [True]).model_dump()
    del document["right"]
    assert TaskScore.model_validate(document).answers() is None


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "published"), [("", 0.113891), ("-medium", None), ("-large", None), ("-xl", 0.256525)]
)
def test_published_accuracies_give_the_published_core(name: str, published: float | None) -> None:
    folder = Path(os.environ["HARNESS_DATA"]) / "core"
    with (folder / "reference" / f"openai-community-gpt2{name}.csv").open(newline="") as file:
        rows = [[cell.strip() for cell in row] for row in csv.reader(file)][1:]
    core = float(rows[-1][2])
    tasks = load_tasks(folder)
    assert [row[0] for row in rows[:-1]] == [task.label for task in tasks]
    values = [centered(float(row[1]), task.baseline) for row, task in zip(rows, tasks, strict=False)]
    for value, row in zip(values, rows, strict=False):
        assert value == pytest.approx(float(row[2]), abs=2e-6)
    assert math.fsum(values) / len(values) == pytest.approx(core, abs=2e-6)
    assert published is None or core == published
