"""Pretraining: packed text, next-token loss on every token."""

from __future__ import annotations

from trainer.batches.packed_shards import PackedShards
from trainer.batches.text_stream import TextStream
from trainer.data.catalog import open_data
from trainer.evaluation.bpb import eval_rows, text_bpb, validation_rows
from trainer.job import PretrainJob, RunPaths, run_folder_of
from trainer.model.gpt import GPT
from trainer.model.precision import set_precision
from trainer.optim.optimizer import build_optimizer
from trainer.processes.group import least_free_memory
from trainer.run.context import Outcome, RunContext
from trainer.sizing.rates import resolve_training
from trainer.sizing.shape import resolve_model
from trainer.tokenizer import Tokenizer
from trainer.tokens import Tokens
from trainer.training.resume import resume
from trainer.training.state import Horizon, LoopState
from trainer.training.training_run import TrainingRun


def run_pretrain(context: RunContext, job: PretrainJob) -> Outcome:
    """Pretrain to the horizon, or go on from the run folder's checkpoint.

    Raises:
        JobFailure, JobCancelled: as the run ends.
    """
    return build_pretraining(context, job).run()


def build_pretraining(context: RunContext, job: PretrainJob) -> TrainingRun:
    """Model, optimizer and data of a pretraining run, at its start or where its checkpoint stands."""
    tokenizer_path = RunPaths(run_folder_of(job.tokenizer, context.runs_dir)).tokenizer
    tokenizer = Tokenizer.load(tokenizer_path)
    data = open_data(job.data)
    config = resolve_model(job.model, tokenizer.vocab_size)
    plan = resolve_training(
        job, config, context.world_size, context.device.type, least_free_memory(context.device)
    )
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
