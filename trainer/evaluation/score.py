"""From right-or-wrong to CORE and its interval."""

import math
from collections.abc import Sequence

from trainer.evaluation.tasks import CoreTask
from trainer.job import CoreReport, TaskScore, encode_answers

Z_95 = 1.959964


def centered(accuracy: float, baseline: float) -> float:
    """Accuracy rescaled so that guessing is 0 and perfection 1 (DCLM, arXiv 2406.11794)."""
    return (accuracy - baseline) / (1.0 - baseline)


def task_score(task: CoreTask, answers: Sequence[bool]) -> TaskScore:
    """The score of one task from whether each item was answered rightly, in the order of reading."""
    accuracy = sum(answers) / len(answers)
    return TaskScore(
        label=task.label,
        shape=task.shape,
        items=len(answers),
        accuracy=accuracy,
        centered=centered(accuracy, task.baseline),
        right=encode_answers(answers),
    )


def core_report(tasks: Sequence[CoreTask], scores: Sequence[TaskScore]) -> CoreReport:
    """The mean of centred accuracies with a 95% interval over items, stratified by task.

    Items are independent and tasks fixed, so the variance of the mean is the sum over tasks of
    var(accuracy) / (1 - baseline)² / tasks². var(accuracy) is the posterior variance under
    Jeffreys' prior, which stays above 0 where a task has all items right or all wrong.
    Training seeds are another source of spread, and not in it.
    """
    core = math.fsum(score.centered for score in scores) / len(scores)
    variance = math.fsum(
        accuracy_variance(score.accuracy, score.items) / (1.0 - task.baseline) ** 2
        for task, score in zip(tasks, scores, strict=True)
    )
    half = Z_95 * math.sqrt(variance) / len(scores)
    return CoreReport(core_metric=core, lower=core - half, upper=core + half, tasks=tuple(scores))


def accuracy_variance(accuracy: float, items: int) -> float:
    """Variance of Beta(right + ½, wrong + ½)."""
    a, b = accuracy * items + 0.5, (1.0 - accuracy) * items + 0.5
    return a * b / ((a + b) ** 2 * (a + b + 1.0))
