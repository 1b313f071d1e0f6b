"""A model made ready to train or to measure: dtype, saved state, evaluation batches."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from trainer.checkpoint.reader import checkpoint_folder, open_model, repair_checkpoint, restore_training
from trainer.data.catalog import DataSet
from trainer.evaluation.bpb import val_bpb
from trainer.job import PretrainJob, SftJob
from trainer.job.host import has_bf16_products
from trainer.kinds.checks import FP8_MULTIPLE
from trainer.model.config import ModelConfig
from trainer.model.gpt import GPT, Linear
from trainer.optim.optimizer import Optimizer
from trainer.processes.group import barrier
from trainer.run.context import RunContext
from trainer.tokenizer import Tokenizer
from trainer.training.loop import LoopState

EVAL_LOGIT_BYTES = 2 << 30
MAX_EVAL_ROWS = 64
# The least that is worth turning into fp8.
SMALLEST_FP8 = 128


def fastest_dtype(device: torch.device) -> torch.dtype:
    """bf16 on GPUs and on CPUs that multiply it in hardware, else fp32.

    Depth 4, width 192, vocabulary 2,048: 1.5 times fp32's tokens a CPU-second with AMX, 1.7 with AVX-512.
    """
    return torch.bfloat16 if device.type == "cuda" or has_bf16_products() else torch.float32


def compute_dtype(job: PretrainJob | SftJob, device: torch.device) -> torch.dtype:
    """Of activations and of products that are not in fp8: the fastest, unless the job says otherwise."""
    if job.dtype == "auto":
        return fastest_dtype(device)
    return torch.float32 if job.dtype == "fp32" else torch.bfloat16


def set_precision(job: PretrainJob | SftJob, model: GPT) -> None:
    """Give the model, on its device, the job's dtype; small matrices stay in bf16 where others are in fp8."""
    model.compute_dtype = compute_dtype(job, model.device)
    if job.dtype != "fp8":
        return
    for module in model.modules():
        if isinstance(module, Linear) and min(module.weight.shape) >= SMALLEST_FP8:
            module.fp8 = all(size % FP8_MULTIPLE == 0 for size in module.weight.shape)


@contextmanager
def as_served(model: GPT) -> Iterator[None]:
    """Compute as a server does: on a CPU in fp32, whatever the model is trained in."""
    trained_in = model.compute_dtype
    if model.device.type == "cpu":
        model.compute_dtype = torch.float32
    try:
        yield
    finally:
        model.compute_dtype = trained_in


def eval_rows(config: ModelConfig, sequence_len: int, micro_batch_rows: int) -> int:
    """Rows of an evaluation batch, whose float32 logits are not fused away."""
    fitting = EVAL_LOGIT_BYTES // (4 * config.vocab_size * sequence_len)
    return max(1, min(fitting, micro_batch_rows, MAX_EVAL_ROWS))


def text_bpb(
    context: RunContext,
    model: GPT,
    tokenizer: Tokenizer,
    data: DataSet,
    tokens: int,
    rows: int,
    sequence_len: int,
) -> float:
    """`val_bpb` on this rank's share, the same value on every rank."""
    return val_bpb(
        model, tokenizer, data, tokens, sequence_len, rows, context.device, context.rank, context.world_size
    )


def resume(context: RunContext, model: GPT, optimizer: Optimizer) -> LoopState | None:
    """Go on from the run folder's checkpoint: fills model and optimizer; None where there is none.

    Raises:
        CheckpointError: when the checkpoint does not belong to this job or is damaged.
    """
    folder = context.paths.checkpoint
    if context.is_main:
        repair_checkpoint(folder)
    barrier()
    if checkpoint_folder(folder) is None:
        return None
    if (folder / "optimizer.safetensors").exists():
        return LoopState(**restore_training(folder, model, optimizer))
    # Training had ended: what is left is to evaluate.
    model.load_state_dict(open_model(folder).model.state_dict())
    return LoopState(**json.loads((folder / "loop.json").read_text()))
