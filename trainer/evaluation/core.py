"""Batched evaluation of CORE: items sorted by length, several a forward pass, split over ranks."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from trainer.evaluation.passes import PassShapes, batches, padded, shapes_for
from trainer.evaluation.prompts import Example, build_examples
from trainer.evaluation.score import core_report, task_score
from trainer.evaluation.tasks import SHUFFLE_SEED, CoreTask, Item, load_items, load_tasks
from trainer.job import CoreReport, TaskScore
from trainer.tokenizer import Tokenizer
from trainer.tokens import IGNORE

if TYPE_CHECKING:
    from trainer.model.gpt import GPT

# Losses closer than this are rounding: the first candidate wins, however rows were batched.
TIE_NATS = 1e-6


@torch.no_grad()
def evaluate_core(
    model: "GPT",
    tokenizer: Tokenizer,
    core_folder: Path,
    max_per_task: int | None = None,
    seed: int = SHUFFLE_SEED,
    device: torch.device | None = None,
    on_progress: Callable[[float, str], None] | None = None,
    rank: int = 0,
    world: int = 1,
) -> CoreReport:
    """CORE of `model` on the tasks of `core_folder`; every rank returns the same report.

    Args:
        max_per_task: the first items of each task's shuffled order; None: all of them.
        seed: of that order. Keep it for numbers that are to be compared.
        on_progress: called with the fraction done and the present task's label.

    Raises:
        CoreError: the folder cannot be used.
    """
    device = device or model.device
    tasks = load_tasks(core_folder)
    scores: list[TaskScore] = []
    for number, task in enumerate(tasks):
        if on_progress is not None:
            on_progress(number / len(tasks), f"CORE {task.label}")
        items = load_items(task, seed)
        count = len(items) if max_per_task is None else min(len(items), max_per_task)
        correct = task_correctness(model, tokenizer, task, items, range(rank, count, world), device)
        scores.append(task_score(task, _of_all_ranks(correct, count, device, rank, world)))
    return core_report(tasks, scores)


@torch.no_grad()
def task_correctness(
    model: "GPT",
    tokenizer: Tokenizer,
    task: CoreTask,
    items: Sequence[Item],
    indices: Sequence[int],
    device: torch.device | None = None,
    shapes: PassShapes | None = None,
) -> list[bool]:
    """Whether the model answers `items[i]` rightly, for each i of `indices`, in that order.

    `shapes` are those of the forward passes (None: what suits the device).
    """
    length = model.config.sequence_len
    examples = build_examples(task, items, indices, tokenizer, length)
    device = device or model.device
    shapes = shapes or shapes_for(device, model.config.vocab_size)
    judge = _continuation_matches if task.shape == "language_modeling" else _gold_is_likeliest
    correct = [False] * len(examples)
    for batch in batches(examples, shapes, length):
        together = [examples[i] for i in batch]
        answers = judge(model, together, *padded(together, shapes, length, device))
        for i, answer in zip(batch, answers, strict=True):
            correct[i] = answer
    return correct


def _gold_is_likeliest(
    model: "GPT", examples: Sequence[Example], tokens_BT: torch.Tensor, targets_BT: torch.Tensor
) -> list[bool]:
    loss_BT = model.loss_per_token(tokens_BT, targets_BT).double()
    scored_B = (targets_BT != IGNORE).sum(dim=1)
    means = iter((loss_BT.sum(dim=1) / scored_B).tolist())
    grouped = [[next(means) for _ in example.rows] for example in examples]
    return [_first_lowest(losses) == e.gold for losses, e in zip(grouped, examples, strict=True)]


def _first_lowest(losses: Sequence[float]) -> int:
    lowest = min(losses)
    return next((i for i, loss in enumerate(losses) if loss <= lowest + TIE_NATS), 0)


def _continuation_matches(
    model: "GPT", examples: Sequence[Example], tokens_BT: torch.Tensor, targets_BT: torch.Tensor
) -> list[bool]:
    predicted_BT = model(tokens_BT).argmax(dim=-1)
    wrong_B = ((predicted_BT != targets_BT) & (targets_BT != IGNORE)).any(dim=1)
    return [not wrong for wrong in wrong_B.tolist()[: len(examples)]]


def _of_all_ranks(
    own: Sequence[bool], count: int, device: torch.device, rank: int, world: int
) -> Sequence[bool]:
    """All `count` answers in order, of which this rank holds every `world`-th."""
    if world == 1:
        return own
    answers = torch.zeros(count, dtype=torch.long, device=device)
    answers[rank::world] = torch.tensor(own, dtype=torch.long, device=device)
    torch.distributed.all_reduce(answers)
    return [answer == 1 for answer in answers.tolist()]
