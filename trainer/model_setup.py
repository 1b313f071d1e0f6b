"""A model made ready to train or to measure: dtype, saved state, evaluation batches."""

from __future__ import annotations

import json

import torch

from trainer.bpb import val_bpb
from trainer.checkpoint import checkpoint_folder, open_model, repair_checkpoint, restore_training
from trainer.config import ModelConfig
from trainer.context import RunContext
from trainer.data.catalog import DataSet
from trainer.distributed import barrier
from trainer.job import PretrainJob, SftJob
from trainer.loop import LoopState
from trainer.model import GPT
from trainer.optim import Optimizer
from trainer.tokenizer import Tokenizer

EVAL_LOGIT_BYTES = 2 << 30
MAX_EVAL_ROWS = 64


def compute_dtype(job: PretrainJob | SftJob, device: torch.device) -> torch.dtype:
    """bf16 on GPUs and fp32 on CPU unless the job says otherwise."""
    if job.dtype == "auto":
        return torch.bfloat16 if device.type == "cuda" else torch.float32
    return torch.bfloat16 if job.dtype == "bf16" else torch.float32


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
