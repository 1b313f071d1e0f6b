"""`python -m bench.cpu.train VARIANT ROWS BATCH MICRO_BATCH NANOCHAT`: trains a step a line of input."""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from bench.cpu.rows import SEQUENCE_LEN, VOCAB_SIZE

DEPTH, WIDTH, HEADS = 4, 256, 2


@dataclass(frozen=True)
class Learner:
    """`mean_loss` of inputs and targets [B, T]; `update` steps the optimizer and drops the gradients."""

    mean_loss: Callable[[Tensor, Tensor], Tensor]
    update: Callable[[], None]


def nanochat(folder: str, compiled: bool) -> Learner:
    """Its model and its optimizer, with its defaults."""
    sys.path.insert(0, folder)
    from nanochat.gpt import GPT, GPTConfig  # type: ignore[import-not-found]

    torch.manual_seed(0)
    config = GPTConfig(
        sequence_len=SEQUENCE_LEN, vocab_size=VOCAB_SIZE, n_layer=DEPTH, n_head=HEADS, n_kv_head=HEADS,
        n_embd=WIDTH, window_pattern="L",
    )  # fmt: skip
    model = GPT(config)
    model.init_weights()
    optimizer = model.setup_optimizer()
    forward: Any = torch.compile(model, dynamic=False) if compiled else model

    def update() -> None:
        optimizer.step()
        model.zero_grad(set_to_none=True)

    return Learner(forward, update)


def ours(dtype: str, batch_tokens: int, micro_batch_tokens: int) -> Learner:
    """The trainer's model, loss and optimizer, with its defaults."""
    from trainer.job import PretrainJob
    from trainer.model import GPT
    from trainer.model_setup import compute_dtype
    from trainer.optim import build_optimizer
    from trainer.sizing import resolve_model, resolve_training
    from trainer.training_loss import loss_sum_of

    job = PretrainJob.model_validate(
        {
            "kind": "pretrain", "tokenizer": "none", "dtype": dtype, "train_tokens": 100 * batch_tokens,
            "model": {
                "depth": DEPTH, "width": WIDTH, "head_dim": WIDTH // HEADS, "sequence_len": SEQUENCE_LEN,
            },
            "total_batch_size": batch_tokens, "device_batch_size": micro_batch_tokens // SEQUENCE_LEN,
        }
    )  # fmt: skip
    config = resolve_model(job.model, VOCAB_SIZE)
    model = GPT(config)
    model.init_weights(0)
    model.compute_dtype = compute_dtype(job, torch.device("cpu"))
    optimizer = build_optimizer(model, resolve_training(job, config, 1, "cpu"))
    loss_sum = loss_sum_of(model)

    def update() -> None:
        optimizer.step(1.0, 0.1)
        optimizer.zero_grad()

    return Learner(lambda x, y: loss_sum(x, y) / y.numel(), update)


def main() -> None:
    name, folder, batch_tokens, micro_tokens, checkout = sys.argv[1:]
    torch.set_num_threads(1)
    train, validation = (
        torch.from_numpy(np.load(Path(folder) / f"{split}.npy")).long() for split in ("train", "validation")
    )
    batch, micro = int(batch_tokens) // SEQUENCE_LEN, int(micro_tokens) // SEQUENCE_LEN
    if name.startswith("nanochat"):
        learner = nanochat(checkout, name.endswith("compiled"))
    else:
        learner = ours("bf16" if "bf16" in name else "fp32", int(batch_tokens), int(micro_tokens))
    print("{}", flush=True)
    at = 0
    for line in sys.stdin:
        if line.strip() == "step":
            _say(step(learner, train[at : at + batch], micro))
            at += batch
        else:
            _say({"loss": held_out(learner, validation, micro)})


def step(learner: Learner, rows: Tensor, micro: int) -> dict[str, float]:
    """Gradients of all rows, then the optimizer; tokens and CPU seconds."""
    begun, pieces = time.process_time(), rows.split(micro)
    for piece in pieces:
        (learner.mean_loss(*_pair(piece)) / len(pieces)).backward()  # type: ignore[no-untyped-call]
    learner.update()
    return {"tokens": rows[:, 1:].numel(), "cpu_seconds": time.process_time() - begun}


@torch.no_grad()
def held_out(learner: Learner, rows: Tensor, micro: int) -> float:
    """Mean nats a token."""
    pieces = rows[: len(rows) // micro * micro].split(micro)
    return sum(float(learner.mean_loss(*_pair(piece))) for piece in pieces) / len(pieces)


def _pair(rows: Tensor) -> tuple[Tensor, Tensor]:
    return rows[:, :-1].contiguous(), rows[:, 1:].contiguous()


def _say(answer: dict[str, float]) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
