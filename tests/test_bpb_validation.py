"""Bits per byte: against a computation by hand, for any number of ranks, on any amount of text."""

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.multiprocessing as mp

from tests.test_core_evaluate import tiny_model
from trainer.bpb import IGNORE, val_bpb, validation_rows
from trainer.data.errors import DataError
from trainer.tokenizer import Tokenizer

TEXT = "The quick brown fox jumps over the lazy dog, naïvely. "


class Texts:
    """A data set of given documents."""

    def __init__(self, *documents: str) -> None:
        self._documents = documents

    def texts(self, split: str, start_document: int = 0) -> Iterator[str]:
        assert split == "validation"
        return iter(self._documents[start_document:])


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


@pytest.mark.parametrize("batch", [1, 3, 64])
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


def _rank(rank: int, world: int, tokenizer_path: str, store: str, out: str) -> None:
    torch.set_num_threads(1)
    torch.distributed.init_process_group("gloo", init_method=f"file://{store}", rank=rank, world_size=world)
    tokenizer = Tokenizer.load(Path(tokenizer_path))
    model = tiny_model(tokenizer.vocab_size, 32)
    value = val_bpb(model, tokenizer, documents(), 800, 32, 4, CPU, rank, world)
    Path(f"{out}.{rank}").write_text(repr(value))
    torch.distributed.destroy_process_group()


def test_any_number_of_ranks_gives_the_same_value(tokenizer: Tokenizer, tmp_path: Path) -> None:
    tokenizer.save(tmp_path / "tokenizer.json")
    arguments = (2, str(tmp_path / "tokenizer.json"), str(tmp_path / "store"), str(tmp_path / "out"))
    mp.spawn(_rank, args=arguments, nprocs=2)
    values = [float((tmp_path / f"out.{rank}").read_text()) for rank in range(2)]
    alone = val_bpb(tiny_model(tokenizer.vocab_size, 32), tokenizer, documents(), 800, 32, 4, CPU)
    assert values[0] == values[1] == pytest.approx(alone, rel=1e-6)
