"""Held-out bits per byte: comparable across vocabularies, the same for any number of ranks."""

import math
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Protocol

import numpy as np
import torch

from trainer.batches.packing import pack_rows
from trainer.data.errors import DataError
from trainer.data.shards import Split
from trainer.sizing.memory import EVAL_LOGIT_BYTES
from trainer.tokenizer import Tokenizer
from trainer.tokens import IGNORE, Tokens

if TYPE_CHECKING:
    from trainer.model.config import ModelConfig
    from trainer.model.gpt import GPT
    from trainer.run.context import RunContext

MAX_EVAL_ROWS = 64
DOCUMENTS_PER_CHUNK = 64
# Activations should stay in a CPU's caches: at depth 4, 1.3 times as fast as 8,192 tokens a pass.
CPU_BATCH_TOKENS = 1024


class ValidationText(Protocol):
    """What is needed of a data set."""

    def texts(self, split: Split) -> Iterable[str]: ...


@torch.no_grad()
def val_bpb(
    model: "GPT",
    tokenizer: Tokenizer,
    dataset: ValidationText,
    val_tokens: int,
    sequence_len: int,
    batch: int,
    device: torch.device,
    rank: int = 0,
    world: int = 1,
    split: Split = "validation",
) -> float:
    """Bits per byte of the first `val_tokens` tokens of held-out text, special tokens excluded.

    sum of nats over ordinary target tokens / (ln 2 · their bytes). Every rank returns the same value.
    `batch` is the most rows of a forward pass; a CPU may take fewer.

    Raises:
        DataError: there is no such text.
    """
    if device.type == "cpu":
        batch = min(batch, max(1, CPU_BATCH_TOKENS // sequence_len))
    rows = validation_rows(tokenizer, dataset, val_tokens, sequence_len, split)
    token_bytes = torch.from_numpy(tokenizer.token_bytes().astype(np.int64)).to(device)
    totals = torch.zeros(2, dtype=torch.float64, device=device)
    for tokens_BT, targets_BT in _batches(rows[rank::world], batch):
        totals += _nats_and_bytes(model, tokens_BT.to(device), targets_BT.to(device), token_bytes)
    if world > 1:
        torch.distributed.all_reduce(totals)
    nats, size = totals.tolist()
    return float(nats / (math.log(2) * size)) if size else math.nan


def text_bpb(
    context: "RunContext",
    model: "GPT",
    tokenizer: Tokenizer,
    dataset: ValidationText,
    val_tokens: int,
    sequence_len: int,
    batch: int,
    split: Split = "validation",
) -> float:
    """`val_bpb` shared by a run's ranks, the same value on every rank."""
    return val_bpb(
        model,
        tokenizer,
        dataset,
        val_tokens,
        sequence_len,
        batch,
        context.device,
        context.rank,
        context.world_size,
        split,
    )


def eval_rows(config: "ModelConfig", sequence_len: int, most: int = MAX_EVAL_ROWS) -> int:
    """Rows of an evaluation batch, whose float32 logits are not fused away."""
    fitting = EVAL_LOGIT_BYTES // (4 * config.vocab_size * sequence_len)
    return max(1, min(fitting, most, MAX_EVAL_ROWS))


def validation_rows(
    tokenizer: Tokenizer,
    dataset: ValidationText,
    val_tokens: int,
    sequence_len: int,
    split: Split = "validation",
) -> Tokens:
    """Rows [N, sequence_len + 1] of packed held-out text, packed as in training.

    A text shorter than one row gives a single row, filled up with IGNORE.

    Raises:
        DataError: there is no such text.
    """
    row_len, bos = sequence_len + 1, tokenizer.special("<|bos|>")
    wanted = max(1, val_tokens // sequence_len) * row_len
    pieces = _first_pieces(_documents(tokenizer, dataset, split), wanted, row_len, bos)
    if not pieces:
        raise DataError(f"data: the {split} split holds no text; needed: at least one document")
    rows = pack_rows(pieces, row_len, bos)[: wanted // row_len]
    if rows:
        return np.stack(rows)
    short = np.concatenate(pieces)
    return np.pad(short, (0, row_len - len(short)), constant_values=IGNORE)[None]


def _documents(tokenizer: Tokenizer, dataset: ValidationText, split: Split) -> Iterator[Tokens]:
    texts = iter(dataset.texts(split))
    while chunk := list(islice(texts, DOCUMENTS_PER_CHUNK)):
        yield from tokenizer.encode_batch(chunk)


def _first_pieces(documents: Iterable[Tokens], wanted: int, row_len: int, bos: int) -> list[Tokens]:
    """The first documents, cut to at most a row each with `<|bos|>` in front, `wanted` tokens in all."""
    pieces: list[Tokens] = []
    left = wanted
    for document in documents:
        for start in range(0, len(document), row_len - 1):
            if left < 2:
                return pieces
            body = document[start : start + min(row_len, left) - 1]
            pieces.append(np.concatenate((np.array([bos], np.int32), body)))
            left -= len(pieces[-1])
    return pieces


def _batches(rows: Tokens, batch: int) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Inputs and targets [batch, T]; the last batch is filled up, so that one shape serves all."""
    for start in range(0, len(rows), batch):
        part = rows[start : start + batch]
        filled = np.pad(part, ((0, batch - len(part)), (0, 0)), constant_values=IGNORE)
        tokens = torch.from_numpy(filled).long()
        yield tokens[:, :-1].clamp(min=0).contiguous(), tokens[:, 1:].contiguous()


def _nats_and_bytes(
    model: "GPT", tokens_BT: torch.Tensor, targets_BT: torch.Tensor, token_bytes: torch.Tensor
) -> torch.Tensor:
    bytes_BT = torch.where(targets_BT >= 0, token_bytes[targets_BT.clamp(min=0)], 0)
    ordinary_BT = torch.where(bytes_BT > 0, targets_BT, IGNORE)
    nats = model.loss_per_token(tokens_BT, ordinary_BT).double().sum()
    return torch.stack((nats, bytes_BT.sum().double()))
