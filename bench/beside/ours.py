"""The trainer's own loop, as a pretraining job assembles it, on rows that are given."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from bench.beside.learner import Learner, StepRows, fill_zero_projections
from bench.beside.spec import Spec
from trainer.batches.packing import StepBatch
from trainer.job import PretrainJob, RunPaths
from trainer.kinds.checks import check_precision
from trainer.model.gpt import GPT
from trainer.model.precision import set_precision
from trainer.optim.optimizer import build_optimizer
from trainer.processes.group import set_threads
from trainer.processes.ranks import Ranks
from trainer.run.context import RunContext
from trainer.sizing.flops import flops_per_token
from trainer.sizing.rates import resolve_training
from trainer.sizing.shape import resolve_model
from trainer.training.loop import Loop
from trainer.training.state import Horizon, LoopState
from trainer.training.training_run import TrainingRun

# What an idle GPU is short of: its driver's share.
_TAKEN_BYTES = 1_000_000_000


def build(spec: Spec, ranks: Ranks, device: torch.device) -> Learner:
    """Inside the process group.

    Raises:
        ValidationError, JobError: where the trainer has no such job, or it does not fit.
    """
    set_threads(ranks)
    training = training_of(spec, _context(ranks, device))
    # Its own way to a loop, so that what is measured compiles, warms up and captures as jobs do.
    loop = training._loop()
    steps = _Steps(loop, StepRows(spec, ranks.rank, ranks.world_size), spec.total_batch_size)
    return Learner(
        steps.take, device, flops_per_token(training.config, spec.sequence_len), _details(training, loop)
    )


def training_of(spec: Spec, context: RunContext) -> TrainingRun:
    """As `trainer.kinds.pretrain.build_pretraining`, without data and tokenizer; no weights of zero."""
    job = job_of(spec)
    check_precision(job, context.device.type)
    config = resolve_model(job.model, spec.vocab_size)
    memory = _memory(context.device)
    plan = resolve_training(job, config, context.world_size, context.device.type, memory)
    model = GPT(config, plan.activation_checkpointing)
    model.init_weights(job.seed)
    fill_zero_projections(model)
    model.to(context.device)
    set_precision(job, model)
    unused: Any = None
    return TrainingRun(
        context=context, job=job, data=unused, tokenizer=unused, tokenizer_path=unused, config=config,
        plan=plan, horizon=Horizon(plan.total_steps), model=model, optimizer=build_optimizer(model, plan),
        state=LoopState(), steps=unused, evaluate=dict, canary_row=unused, parents=(),
    )  # fmt: skip


def job_of(spec: Spec) -> PretrainJob:
    """The job that trains this variant."""
    shape = {"depth": spec.depth, "sequence_len": spec.sequence_len, "window_pattern": spec.windows}
    shape |= {"smear": True, "backout": True}  # which nanochat has
    document = {
        "kind": "pretrain",
        "tokenizer": "none",
        "model": shape,
        "total_batch_size": spec.total_batch_size,
        "device_batch_size": spec.our_device_batch_size,
        "dtype": "fp8" if spec.fp8 else "auto",
    }
    return PretrainJob.model_validate(document)


def _memory(device: torch.device) -> int:
    """What were free if no other variant waited on this GPU: each plans as it would alone."""
    return torch.cuda.mem_get_info(device)[1] - _TAKEN_BYTES if device.type == "cuda" else 0


def _context(ranks: Ranks, device: torch.device) -> RunContext:
    """A run that writes nothing."""
    nowhere = Path("beside")
    return RunContext(
        paths=RunPaths(nowhere), runs_dir=nowhere, rank=ranks.rank, world_size=ranks.world_size,
        device=device, job_bytes=b"", spec_hash="",
    )  # fmt: skip


def _details(training: TrainingRun, loop: Loop) -> str:
    rows = f"{training.plan.device_batch_size} rows a pass"
    compiled = "compiled" if training.compiled else "not compiled"
    captured = "captured" if loop._gradients.captured is not None else "not captured"
    attention = training._resolved()["attention"]
    return f"attention {attention}, {training._dtype_name()}, {rows}, {compiled}, {captured}"


class _Steps:
    """Hands the loop its batches, a few at a time."""

    def __init__(self, loop: Loop, rows: StepRows, tokens: int) -> None:
        self._loop, self._rows, self._tokens = loop, rows, tokens

    def take(self, count: int) -> float:
        """`count` optimizer steps; the last one's loss."""
        self._loop.run(self._batches(count))
        return self._loop.state.losses[-1]

    def _batches(self, count: int) -> Iterator[StepBatch]:
        for _ in range(count):
            rows = self._rows.steps[self._rows.next()]
            yield StepBatch(rows[:, :-1], rows[:, 1:], self._tokens, 0.0, 0.0, {})
