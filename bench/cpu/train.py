"""`python -m bench.cpu.train VARIANT SHAPE ROWS STEPS NANOCHAT`: trains a step a line of input."""

import json
import math
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from bench.cpu.rows import SHAPES, Shape

DEPTH = 4


@dataclass(frozen=True)
class Learner:
    """`mean_loss` of inputs and targets [B, T]; `update(lr_multiplier)` steps and drops the gradients."""

    mean_loss: Callable[[Tensor, Tensor], Tensor]
    update: Callable[[float], None]


def nanochat(folder: str, compiled: bool, shape: Shape) -> Learner:
    """Its model and its optimizer, with the rates of its training script, scaled to the batch as there."""
    sys.path.insert(0, folder)
    from nanochat.gpt import GPT, GPTConfig  # type: ignore[import-not-found]

    torch.manual_seed(0)
    config = GPTConfig(
        sequence_len=shape.sequence_len, vocab_size=shape.vocab_size, n_layer=DEPTH, n_head=shape.heads,
        n_kv_head=shape.heads, n_embd=shape.width, window_pattern="L",
    )  # fmt: skip
    model = GPT(config)
    model.init_weights()
    scale = math.sqrt(shape.batch_tokens / 2**19)
    optimizer = model.setup_optimizer(
        unembedding_lr=0.008 * scale, embedding_lr=0.3 * scale, matrix_lr=0.02 * scale, scalar_lr=0.5 * scale
    )
    forward: Any = torch.compile(model, dynamic=False) if compiled else model

    def update(lr_multiplier: float) -> None:
        for group in optimizer.param_groups:
            group["lr"] = group["initial_lr"] * lr_multiplier
        optimizer.step()
        model.zero_grad(set_to_none=True)

    return Learner(forward, update)


def ours(dtype: str, compiled: bool, shape: Shape) -> Learner:
    """The trainer's model, loss and optimizer, with its defaults."""
    from trainer.job import PretrainJob
    from trainer.model.gpt import GPT
    from trainer.model.precision import compute_dtype
    from trainer.optim.optimizer import build_optimizer
    from trainer.sizing.rates import resolve_training
    from trainer.sizing.shape import resolve_model
    from trainer.training.loss import loss_sum_of

    job = PretrainJob.model_validate(
        {
            "kind": "pretrain", "tokenizer": "none", "dtype": dtype, "train_tokens": 100 * shape.batch_tokens,
            "model": {
                "depth": DEPTH, "width": shape.width, "head_dim": shape.width // shape.heads,
                "sequence_len": shape.sequence_len, "window_pattern": "L",
            },
            "total_batch_size": shape.batch_tokens,
            "device_batch_size": shape.micro_batch_tokens // shape.sequence_len,
        }
    )  # fmt: skip
    config = resolve_model(job.model, shape.vocab_size)
    model = GPT(config)
    model.init_weights(0)
    model.compute_dtype = compute_dtype(job, torch.device("cpu"))
    optimizer = build_optimizer(model, resolve_training(job, config, 1, "cpu"))
    loss_sum = torch.compile(loss_sum_of(model), dynamic=False) if compiled else loss_sum_of(model)

    def update(lr_multiplier: float) -> None:
        optimizer.step(lr_multiplier, 0.1)
        optimizer.zero_grad()

    return Learner(lambda x, y: loss_sum(x, y) / y.numel(), update)


def main() -> None:
    name, shape_name, folder, steps, checkout = sys.argv[1:]
    shape = SHAPES[shape_name]
    torch.set_num_threads(1)
    train, validation = (
        torch.from_numpy(np.load(Path(folder) / f"{split}.npy")).long() for split in ("train", "validation")
    )
    batch, micro = (n // shape.sequence_len for n in (shape.batch_tokens, shape.micro_batch_tokens))
    if name.startswith("nanochat"):
        learner = nanochat(checkout, name.endswith("compiled"), shape)
    else:
        dtype = "bf16" if "bf16" in name else "fp32"
        learner = ours(dtype, name.endswith("compiled"), shape)
    print("{}", flush=True)
    at = 0
    for line in sys.stdin:
        if line.strip() == "step":
            rows = train[at * batch : (at + 1) * batch]
            at += 1
            _say(step(learner, rows, micro, lr_multiplier(at / int(steps))))
        else:
            _say({"loss": held_out(learner, validation, micro)})


def lr_multiplier(progress: float) -> float:
    """The same for all: up over the first fifth, down to a twentieth over the last half."""
    return min(1.0, 5.0 * progress, 0.05 + 1.9 * (1.0 - progress))


def step(learner: Learner, rows: Tensor, micro: int, lr_multiplier: float) -> dict[str, float]:
    """Gradients of all rows, then the optimizer; tokens and CPU seconds."""
    begun, pieces = time.process_time(), rows.split(micro)
    for piece in pieces:
        (learner.mean_loss(*_pair(piece)) / len(pieces)).backward()  # type: ignore[no-untyped-call]
    learner.update(lr_multiplier)
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
