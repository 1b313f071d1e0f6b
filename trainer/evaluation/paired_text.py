"""Two checkpoints read the same held-out text, block by block: which needs fewer bits, and how surely."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from trainer.checkpoint.reader import LoadedModel
from trainer.data.catalog import DataSet
from trainer.data.errors import DataError
from trainer.data.shards import Split
from trainer.evaluation.bpb import eval_rows, text_bpb
from trainer.run.context import RunContext
from trainer.tokenizer import Tokenizer

BLOCKS = 32
LEAST_BLOCKS = 8


@dataclass(frozen=True)
class Block:
    """Consecutive documents of one split."""

    documents: Sequence[str]
    tokens: int

    def texts(self, split: Split) -> Iterator[str]:
        yield from self.documents


def paired_gain(
    context: RunContext, model: LoadedModel, other: LoadedModel, data: DataSet, split: Split, tokens: int
) -> dict[str, float]:
    """Mean over blocks of (bits per byte of `other` - of `model`), and its standard error.

    Blocks of whole documents are the unit that is drawn anew with other text; within a block both
    read the same, so what is hard about it falls out of the difference. Each packs at its own length.

    Raises:
        DataError: the split is too small for a comparison.
    """
    blocks = blocks_of(data.texts(split), model.tokenizer, tokens)
    if len(blocks) < LEAST_BLOCKS:
        raise DataError(f"data: {len(blocks)} blocks of {split} text; needed: at least {LEAST_BLOCKS}")
    gains = []
    for number, block in enumerate(blocks):
        context.progress.update(0.3 + 0.3 * number / len(blocks), "held-out text of both")
        gains.append(_bpb(context, other, block, split) - _bpb(context, model, block, split))
    mean = math.fsum(gains) / len(gains)
    variance = math.fsum((gain - mean) ** 2 for gain in gains) / (len(gains) - 1)
    error = math.sqrt(variance / len(gains))
    return {"gain_bpb": mean, "gain_standard_error": error, "gain_blocks": float(len(gains))}


def blocks_of(documents: Iterable[str], tokenizer: Tokenizer, tokens: int) -> list[Block]:
    """Whole documents in blocks of about tokens / 32, about `tokens` in all; a rest is left out."""
    blocks: list[Block] = []
    gathered: list[str] = []
    size = 0
    for document in documents:
        gathered.append(document)
        size += len(tokenizer.encode_batch([document])[0])
        if size * BLOCKS >= tokens:
            blocks.append(Block(tuple(gathered), size))
            gathered, size = [], 0
        if len(blocks) == BLOCKS:
            break
    return blocks


def _bpb(context: RunContext, loaded: LoadedModel, block: Block, split: Split) -> float:
    length = loaded.config.sequence_len
    rows = eval_rows(loaded.config, length)
    return text_bpb(context, loaded.model, loaded.tokenizer, block, block.tokens, length, rows, split)
