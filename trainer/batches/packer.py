"""Documents to rows, window by window: a shard's whole text is never in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Protocol

import numpy as np

from trainer.batches.packing import ROWS_PER_WINDOW, fill_rows
from trainer.tokens import Tokens

DOCUMENTS_PER_CHUNK = 128


class Encoder(Protocol):
    """What the packer needs of a tokenizer."""

    def encode_batch(self, texts: list[str]) -> list[Tokens]: ...
    def special(self, name: str) -> int: ...


def packed_windows(texts: Iterable[str], tokenizer: Encoder, row_len: int) -> Iterator[list[Tokens]]:
    """Yield windows of full rows; what fills none goes over to the next window, and at the end is dropped."""
    bos = tokenizer.special("<|bos|>")
    waiting: list[Tokens] = []
    tokens = 0
    for pieces in _pieces(texts, tokenizer, row_len):
        waiting += pieces
        tokens += sum(len(piece) for piece in pieces)
        if tokens >= ROWS_PER_WINDOW * row_len:
            rows, waiting = fill_rows(waiting, row_len, bos)
            tokens = sum(len(piece) for piece in waiting)
            yield rows
    yield fill_rows(waiting, row_len, bos)[0]


def repeated_rows(texts: Iterable[str], tokenizer: Encoder, row_len: int) -> tuple[list[Tokens], int]:
    """Rows of a text too short for one, and how often it was repeated to fill it; no rows of no text."""
    pieces = [piece for chunk in _pieces(texts, tokenizer, row_len) for piece in chunk]
    tokens = sum(len(piece) for piece in pieces)
    if not tokens:
        return [], 0
    repeats = -(-row_len // tokens)
    return fill_rows(pieces * repeats, row_len, tokenizer.special("<|bos|>"))[0], repeats


def _pieces(texts: Iterable[str], tokenizer: Encoder, row_len: int) -> Iterator[list[Tokens]]:
    """Documents cut to at most a row each; every piece starts with `<|bos|>`."""
    bos, body = np.array([tokenizer.special("<|bos|>")], np.int32), row_len - 1
    texts = iter(texts)
    while chunk := list(islice(texts, DOCUMENTS_PER_CHUNK)):
        yield [
            np.concatenate([bos, tokens[start : start + body]])
            for tokens in tokenizer.encode_batch(chunk)
            for start in range(0, len(tokens), body)
        ]
