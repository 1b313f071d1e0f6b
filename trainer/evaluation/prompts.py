"""From an item to token rows, each with the span whose likelihood is read.

Prompt formats follow llm-foundry's in-context tasks as nanochat simplified them.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trainer.evaluation.tasks import CoreTask, Item
from trainer.tokenizer import Tokenizer
from trainer.tokens import Tokens

FEWSHOT_SEED = 1234


@dataclass(frozen=True)
class Example:
    """One item, ready for the model: row `i` is scored on tokens `starts[i]` to its end."""

    rows: tuple[Tokens, ...]
    starts: tuple[int, ...]
    gold: int

    @property
    def longest(self) -> int:
        return max(len(row) for row in self.rows)


def fewshot_indices(index: int, count: int, pool_size: int) -> list[int]:
    """Which other items precede item `index`: the same for every model, and never the item itself."""
    drawn = random.Random(FEWSHOT_SEED + index).sample(range(pool_size - 1), min(count, pool_size - 1))
    return [position + (position >= index) for position in drawn]


def prompt_texts(task: CoreTask, items: Sequence[Item], index: int) -> list[str]:
    """The texts of item `index`: one for each candidate; for language modelling the prompt
    without its continuation, then with it."""
    item = items[index]
    shots = fewshot_indices(index, task.shots, len(items))
    prefix = "".join(items[shot].answered(task.delimiter) + "\n\n" for shot in shots)
    prompts = [
        f"{prefix}{context}{task.delimiter}{continuation}"
        for context in item.contexts
        for continuation in item.continuations
    ]
    if task.shape != "language_modeling":
        return prompts
    # A blank at the end would merge into the continuation's first token.
    return [f"{prefix}{item.contexts[0]}{task.delimiter}".strip(), *prompts]


def build_examples(
    task: CoreTask, items: Sequence[Item], indices: Sequence[int], tokenizer: Tokenizer, sequence_len: int
) -> list[Example]:
    """Tokenised prompts of `items[i] for i in indices`, each row at most `sequence_len` tokens."""
    texts = [prompt_texts(task, items, index) for index in indices]
    encoded = iter(tokenizer.encode_batch([text for group in texts for text in group]))
    bos = np.array([tokenizer.special("<|bos|>")], dtype=np.int32)
    examples = []
    for index, group in zip(indices, texts, strict=True):
        rows = [np.concatenate((bos, next(encoded))) for _ in group]
        examples.append(_example(task, rows, items[index].gold, sequence_len))
    return examples


def _example(task: CoreTask, rows: list[Tokens], gold: int, sequence_len: int) -> Example:
    if task.shape == "schema":
        suffix = common_prefix_length([row[::-1] for row in rows])
        starts = [len(row) - suffix for row in rows]
    else:
        starts = [common_prefix_length(rows)] * len(rows)
    if task.shape == "language_modeling":
        rows, starts = rows[1:], starts[1:]
    cropped = [_crop(row, start, sequence_len) for row, start in zip(rows, starts, strict=True)]
    return Example(tuple(row for row, _ in cropped), tuple(start for _, start in cropped), gold)


def _crop(row: Tokens, start: int, sequence_len: int) -> tuple[Tokens, int]:
    """The last `sequence_len` tokens, with at least one token scored and one before it."""
    excess = max(0, len(row) - sequence_len)
    return row[excess:], min(max(start - excess, 1), len(row) - excess - 1)


def common_prefix_length(rows: Sequence[Tokens]) -> int:
    """How many first tokens all rows share."""
    shortest = min(len(row) for row in rows)
    stacked = np.stack([row[:shortest] for row in rows])
    differs = (stacked != stacked[0]).any(axis=0)
    return int(differs.argmax()) if differs.any() else shortest
