"""The rows that all variants train on: packed once by our tokenizer and packer."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from trainer.batches.packed_shards import PackedShards
from trainer.batches.text_stream import TextStream
from trainer.data.catalog import DataSet
from trainer.evaluation.bpb import validation_rows
from trainer.tokenizer import Tokenizer

TOKENIZER_DOCUMENTS = 4000
VALIDATION_TOKENS = 32_768


@dataclass(frozen=True)
class Shape:
    """Depth 4; `micro_batch_tokens` is a pass, `batch_tokens` a step."""

    width: int
    heads: int
    vocab_size: int
    sequence_len: int
    batch_tokens: int
    micro_batch_tokens: int


SHAPES = {
    "nanochat": Shape(256, 2, 32_768, 512, 8192, 4096),
    "starter": Shape(192, 3, 2048, 256, 4096, 2048),
}


def write_rows(data: Path, folder: Path, shape: Shape, rows: int) -> Path:
    """Write `train.npy` [rows, T + 1] and `validation.npy` (32K tokens); returns their folder."""
    dataset = DataSet(data)
    texts = [text for text, _ in zip(dataset.texts("train"), range(TOKENIZER_DOCUMENTS), strict=False)]
    tokenizer = Tokenizer.train(texts, shape.vocab_size)
    tokenizer.save(folder / "tokenizer.json")
    stream = TextStream(PackedShards(dataset, folder / "tokenizer.json", shape.sequence_len), 0)
    batch = next(stream.steps(rows, 0, 1))
    np.save(folder / "train.npy", np.concatenate((batch.inputs, batch.targets[:, -1:]), axis=1))
    np.save(
        folder / "validation.npy", validation_rows(tokenizer, dataset, VALIDATION_TOKENS, shape.sequence_len)
    )
    return folder
