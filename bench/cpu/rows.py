"""The rows that all variants train on: packed once by our tokenizer and packer."""

from pathlib import Path

import numpy as np

from trainer.bpb import validation_rows
from trainer.data.catalog import DataSet
from trainer.packing import TextStream
from trainer.tokenizer import Tokenizer

SEQUENCE_LEN = 512
VOCAB_SIZE = 32_768
TOKENIZER_DOCUMENTS = 4000
VALIDATION_TOKENS = 32_768


def write_rows(data: Path, folder: Path, rows: int) -> Path:
    """Write `train.npy` [rows, T + 1] and `validation.npy` [64, T + 1]; returns their folder."""
    dataset = DataSet(data)
    texts = [text for text, _ in zip(dataset.texts("train"), range(TOKENIZER_DOCUMENTS), strict=False)]
    tokenizer = Tokenizer.train(texts, VOCAB_SIZE)
    stream = TextStream(dataset, tokenizer, SEQUENCE_LEN, 0, TOKENIZER_DOCUMENTS)
    batch = next(stream.steps(rows, 0, 1))
    np.save(folder / "train.npy", np.concatenate((batch.inputs, batch.targets[:, -1:]), axis=1))
    np.save(folder / "validation.npy", validation_rows(tokenizer, dataset, VALIDATION_TOKENS, SEQUENCE_LEN))
    return folder
