"""Bits per byte: against a computation by hand, in any batches, on any amount of text."""

import math
from collections.abc import Iterator

import numpy as np
import pytest
import torch

from tests.support.core_support import tiny_model
from trainer.data.errors import DataError
from trainer.evaluation.bpb import val_bpb, validation_rows
from trainer.tokenizer import Tokenizer
from trainer.tokens import IGNORE

TEXT = "The quick brown fox jumps over the lazy dog, naïvely. "


class Texts:
    """A data set of given documents."""

    def __init__(self, *documents: str) -> None:
        self._documents = documents

    def texts(self, split: str) -> Iterator[str]:
        assert split == "validation"
        return iter(self._documents)


def documents() -> Texts:
    return Texts(*(f"{n} " + TEXT * (n % 7) for n in range(1, 40)))


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.train([TEXT * 20], 300)


CPU = torch.device("cpu")


def by_hand(tokenizer: Tokenizer, rows: np.ndarray, sequence_len: int) -> float:
    model = tiny_model(tokenizer.vocab_size, sequence_len)
    nats, size = 0.0, 0
    for row in rows:
        with torch.no_grad():
            logp = model(torch.tensor(row[None, :-1].clip(min=0), dtype=torch.long))[0].log_softmax(-1)
        for position, target in enumerate(row[1:].tolist()):
            if target == IGNORE or not (piece := tokenizer.decode_bytes([target])):
                continue
            nats -= logp[position, target].item()
            size += len(piece)
    return nats / (math.log(2) * size)


@pytest.mark.parametrize("batch", [1, 3, 20])
def test_bits_per_byte_as_by_hand(tokenizer: Tokenizer, batch: int) -> None:
    model = tiny_model(tokenizer.vocab_size, 32)
    value = val_bpb(model, tokenizer, documents(), 800, 32, batch, CPU)
    rows = validation_rows(tokenizer, documents(), 800, 32)
    assert value == pytest.approx(by_hand(tokenizer, rows, 32), rel=1e-5)


def test_rows_hold_the_first_text_and_begin_with_bos(tokenizer: Tokenizer) -> None:
    rows = validation_rows(tokenizer, documents(), 800, 32)
    assert rows.shape == (25, 33)
    assert (rows[:, 0] == tokenizer.special("<|bos|>")).all()
    assert (rows == validation_rows(tokenizer, documents(), 800, 32)).all()
    text = b"".join(tokenizer.decode_bytes(row) for row in rows)
    assert len(text) >= 0.9 * 800


def test_a_short_text_is_one_row_filled_up(tokenizer: Tokenizer) -> None:
    rows = validation_rows(tokenizer, Texts("fox"), 800, 32)
    assert rows.shape == (1, 33)
    assert tokenizer.decode_bytes(rows[0][rows[0] != IGNORE]) == b"fox"
    model = tiny_model(tokenizer.vocab_size, 32)
    value = val_bpb(model, tokenizer, Texts("fox"), 800, 32, 4, CPU)
    assert value == pytest.approx(by_hand(tokenizer, rows, 32), rel=1e-5)


def test_no_text_is_refused(tokenizer: Tokenizer) -> None:
    with pytest.raises(DataError, match="holds no text"):
        validation_rows(tokenizer, Texts(), 800, 32)
