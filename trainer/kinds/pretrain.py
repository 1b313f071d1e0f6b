"""Pretraining: packed text, next-token loss on every token."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from trainer.batches.packed_shards import PackedShards
from trainer.batches.text_stream import TextStream
from trainer.data.catalog import open_data
from trainer.evaluation.bpb import eval_rows, text_bpb, validation_rows
from trainer.job import JobError, PretrainJob, RunPaths, run_folder_of
from trainer.kinds.kind import Kind, PreparedJob
from trainer.model.config import ModelConfig
from trainer.model.gpt import GPT
from trainer.model.precision import FP8_MULTIPLE, set_precision
from trainer.optim.optimizer import build_optimizer
from trainer.run.context import RunContext
from trainer.run.summary import submit_next
from trainer.sizing.plan import TrainingPlan
from trainer.sizing.rates import resolve_training
from trainer.sizing.shape import resolve_model
from trainer.tokenizer import Tokenizer, TokenizerError
from trainer.tokens import Tokens
from trainer.training.resume import resume
from trainer.training.state import Horizon, LoopState
from trainer.training.training_run import TrainingRun


@dataclass(frozen=True)
class PretrainNumbers:
    """What a pretrain job resolves to on these ranks."""

    tokenizer: Tokenizer
    config: ModelConfig
    plan: TrainingPlan


def resolve_pretrain(
    job: PretrainJob, runs_dir: Path, world_size: int, device_type: str, memory_bytes: int | None
) -> PretrainNumbers:
    """Shape, batch, horizon, rates and passes.

    Raises:
        JobError: naming the setting that cannot be, or what does not fit in memory.
    """
    try:
        tokenizer = Tokenizer.load(RunPaths(run_folder_of(job.tokenizer, runs_dir)).tokenizer)
    except TokenizerError as error:
        raise JobError(f"tokenizer: {error}") from None
    config = resolve_model(job.model, tokenizer.vocab_size)
    if job.dtype == "fp8" and config.sequence_len % FP8_MULTIPLE:
        raise JobError(
            f"model.sequence_len: {config.sequence_len}; allowed in fp8: a multiple of {FP8_MULTIPLE}"
        )
    plan = resolve_training(job, config, world_size, device_type, memory_bytes)
    return PretrainNumbers(tokenizer, config, plan)


def build_pretraining(context: RunContext, job: PretrainJob, numbers: PretrainNumbers) -> TrainingRun:
    """Model, optimizer and data of a pretraining run, at its start or where its checkpoint stands."""
    tokenizer, config, plan = numbers.tokenizer, numbers.config, numbers.plan
    tokenizer_path = RunPaths(run_folder_of(job.tokenizer, context.runs_dir)).tokenizer
    data = open_data(job.data)
    model = GPT(config, plan.activation_checkpointing)
    model.init_weights(job.seed)
    model.to(context.device)
    set_precision(job, model)
    optimizer = build_optimizer(model, plan)
    state = resume(context, model, optimizer) or LoopState()
    shards = PackedShards(data, tokenizer_path, config.sequence_len, context.rank, context.world_size)
    stream = TextStream(shards, job.seed)
    rows = eval_rows(config, config.sequence_len, plan.device_batch_size)

    def canary_row() -> Tokens:
        row: Tokens = validation_rows(tokenizer, data, config.sequence_len, config.sequence_len)[0]
        return row

    return TrainingRun(
        context=context,
        job=job,
        data=data,
        tokenizer=tokenizer,
        tokenizer_path=tokenizer_path,
        config=config,
        plan=plan,
        horizon=Horizon(plan.total_steps, plan.train_seconds),
        model=model,
        optimizer=optimizer,
        state=state,
        steps=lambda rows_per_step, position: stream.steps(
            rows_per_step, context.rank, context.world_size, position
        ),
        evaluate=lambda: {
            "val_bpb": text_bpb(context, model, tokenizer, data, job.val_tokens, config.sequence_len, rows)
        },
        canary_row=canary_row,
        parents=(),
    )


def _prepare(
    job: PretrainJob, runs_dir: Path, world_size: int, device_type: str, memory_bytes: int | None
) -> PreparedJob:
    numbers = resolve_pretrain(job, runs_dir, world_size, device_type, memory_bytes)
    return lambda context: build_pretraining(context, job, numbers).run()


def _next_steps(job: PretrainJob, paths: RunPaths) -> list[str]:
    return submit_next({"kind": "sft", "data": job.data, "base": paths.job_id})


KIND = Kind(prepare=_prepare, next_steps=_next_steps)
