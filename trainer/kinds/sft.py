"""Fine-tuning on conversations: loss on the assistant's tokens only."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import torch

from trainer.batches.conversations import ConversationStream, Rendered, pack_conversations
from trainer.chat import ChatError, render
from trainer.checkpoint.reader import LoadedModel, open_model, read_job_bytes
from trainer.data.catalog import DataSet, open_data
from trainer.data.conversations import Conversation
from trainer.data.errors import DataError
from trainer.data.shards import shard_paths
from trainer.evaluation.bpb import eval_rows, text_bpb, validation_rows
from trainer.job import CheckpointPaths, OptimSpec, SftJob, TokenizerJob, parse_job, run_folder_of
from trainer.model.config import ModelConfig
from trainer.model.gpt import GPT
from trainer.model.precision import set_precision
from trainer.optim.optimizer import build_optimizer
from trainer.processes.group import least_free_memory, sum_over_ranks
from trainer.run.context import Outcome, RunContext
from trainer.sizing.rates import resolve_finetuning
from trainer.tokenizer import Tokenizer
from trainer.tokens import IGNORE, Tokens
from trainer.training.resume import resume
from trainer.training.state import Horizon, LoopState
from trainer.training.training_run import TrainingRun

# Enough for a stable held-out loss, and seconds even on a CPU.
MAX_VALIDATION_CONVERSATIONS = 512
LENGTH_SAMPLE = 500


def run_sft(context: RunContext, job: SftJob) -> Outcome:
    """Fine-tune a base, or go on from the run folder's checkpoint.

    Raises:
        JobFailure, JobCancelled: as the run ends.
    """
    return build_finetuning(context, job).run()


def build_finetuning(context: RunContext, job: SftJob) -> TrainingRun:
    """Model, optimizer and conversations of a fine-tuning run; measures the base first."""
    base = open_model(run_folder_of(job.base, context.runs_dir))
    job = job.model_copy(update={"optim": inherited_optim(job, base)})
    data, tokenizer = open_data(job.data), base.tokenizer
    conversations = list(data.conversations("train"))
    if not conversations:
        raise DataError(f"{data.folder}: no conversation to train on; needed: at least one with messages")
    stream = ConversationStream(
        conversations,
        renderer(tokenizer),
        sequence_len=job.sequence_len or base.config.sequence_len,
        padding=tokenizer.special("<|bos|>"),
        seed=job.seed,
        epochs=job.epochs if job.train_tokens is None else None,
    )
    config = replace(base.config, sequence_len=max(stream.sequence_len, base.config.sequence_len))
    tokens = job.train_tokens or expected_tokens(stream)
    plan = resolve_finetuning(
        job, base.config, tokens, context.world_size, context.device.type, least_free_memory(context.device)
    )
    if job.train_tokens is None:
        # The end is that of the last epoch; its number of rows is known only once they are packed.
        plan = replace(plan, total_steps=None, train_tokens=None)
    model = base_for_training(context, job, base, config, plan.activation_checkpointing)
    optimizer = build_optimizer(model, plan)
    state = resume(context, model, optimizer)
    rows = eval_rows(config, stream.sequence_len, plan.device_batch_size)
    held_out = held_out_rows(data, tokenizer, stream.sequence_len)
    has_text = bool(shard_paths(data.folder / "pretrain"))

    def evaluate() -> dict[str, float]:
        metrics = {"val_assistant_loss": assistant_loss(context, model, held_out, rows)} if held_out else {}
        if has_text:
            length = base.config.sequence_len
            metrics["val_bpb"] = text_bpb(context, model, tokenizer, data, job.val_tokens, length, rows)
        return metrics

    def canary_row() -> Tokens:
        if has_text:
            row: Tokens = validation_rows(tokenizer, data, config.sequence_len, config.sequence_len)[0]
            return row
        return stream.render(conversations[0])[0][: config.sequence_len + 1]

    if state is None:
        state = LoopState(base_metrics={f"{name}_base": value for name, value in evaluate().items()})
    return TrainingRun(
        context=context,
        job=job,
        data=data,
        tokenizer=tokenizer,
        tokenizer_path=CheckpointPaths(base.folder).tokenizer,
        config=config,
        plan=plan,
        horizon=Horizon(plan.total_steps, job.train_seconds),
        model=model,
        optimizer=optimizer,
        state=state,
        steps=lambda rows_per_step, position: stream.steps(
            rows_per_step, context.rank, context.world_size, position
        ),
        evaluate=evaluate,
        canary_row=canary_row,
        parents=(base.meta.job_id, *base.meta.parents),
    )


def base_for_training(
    context: RunContext, job: SftJob, base: LoadedModel, config: ModelConfig, checkpointing: bool
) -> GPT:
    """The base's weights as float32 masters, in a model of `config`."""
    model = GPT(config, checkpointing)
    model.load_state_dict(base.model.state_dict())
    model.to(context.device)
    set_precision(job, model)
    return model


def inherited_optim(job: SftJob, base: LoadedModel) -> OptimSpec:
    """The base's optimizer settings, save those that the job sets to other than the defaults."""
    base_job = parse_job(read_job_bytes(base.folder))
    if isinstance(base_job, TokenizerJob) or not hasattr(base_job, "optim"):
        return job.optim
    defaults = OptimSpec()
    changed = {
        name: value for name, value in job.optim.model_dump().items() if value != getattr(defaults, name)
    }
    inherited: OptimSpec = base_job.optim.model_copy(update=changed)
    return inherited


def renderer(tokenizer: Tokenizer) -> Callable[[Conversation], Rendered]:
    """Conversation -> (tokens, mask), with the template's refusals as data errors."""

    def rendered(conversation: Conversation) -> Rendered:
        try:
            return render(conversation, tokenizer)
        except ChatError as error:
            raise DataError(f"data: a conversation that the chat template cannot hold: {error}") from None

    return rendered


def expected_tokens(stream: ConversationStream[Conversation]) -> int:
    """Tokens of all epochs, from the mean length of a sample spread over the conversations."""
    stride = math.ceil(len(stream.conversations) / LENGTH_SAMPLE)
    sample = [len(stream.render(c)[0]) for c in stream.conversations[::stride]]
    mean = sum(min(length, stream.sequence_len) for length in sample) / len(sample)
    return max(1, round(mean * (stream.total or len(stream.conversations))))


def held_out_rows(data: DataSet, tokenizer: Tokenizer, sequence_len: int) -> list[tuple[Tokens, Tokens]]:
    """Packed rows of the first held-out conversations."""
    chosen: list[Rendered] = []
    rendered = renderer(tokenizer)
    for conversation in data.conversations("validation"):
        chosen.append(rendered(conversation))
        if len(chosen) == MAX_VALIDATION_CONVERSATIONS:
            break
    return pack_conversations(chosen, sequence_len, tokenizer.special("<|bos|>"))


@torch.no_grad()
def assistant_loss(
    context: RunContext, model: GPT, rows: Sequence[tuple[Tokens, Tokens]], batch: int
) -> float:
    """Mean loss in nats over the held-out assistant tokens; every rank returns the same value."""
    totals = torch.zeros(2, dtype=torch.float64, device=context.device)
    mine = rows[context.rank :: context.world_size]
    for start in range(0, len(mine), batch):
        inputs, targets = (np.stack(part) for part in zip(*mine[start : start + batch], strict=True))
        loss_BT = model.loss_per_token(
            torch.from_numpy(inputs).long().to(context.device),
            torch.from_numpy(targets).long().to(context.device),
        )
        totals += torch.stack(
            (loss_BT.double().sum(), loss_BT.new_tensor(int((targets != IGNORE).sum())).double())
        )
    nats, count = sum_over_ranks(totals).tolist()
    return float(nats / max(1.0, count))
