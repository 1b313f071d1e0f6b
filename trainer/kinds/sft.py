"""Fine-tuning on conversations: loss on the assistant's tokens only."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from trainer.batches.conversations import ConversationStream, Rendered, pack_conversations
from trainer.chat import ChatError, render
from trainer.checkpoint.contents import CheckpointError
from trainer.checkpoint.reader import LoadedModel, open_model, read_job_bytes, read_meta
from trainer.data.catalog import DataSet, open_data
from trainer.data.conversations import Conversation
from trainer.data.errors import DataError
from trainer.data.shards import shard_paths
from trainer.evaluation.bpb import eval_rows, text_bpb, validation_rows
from trainer.job import (
    CheckpointPaths,
    Job,
    JobError,
    OptimSpec,
    RunPaths,
    SftJob,
    TrainingJob,
    parse_job,
    run_folder_of,
)
from trainer.kinds.kind import Kind, PreparedJob
from trainer.model.config import ModelConfig
from trainer.model.gpt import GPT
from trainer.model.precision import FP8_MULTIPLE, set_precision
from trainer.optim.optimizer import build_optimizer
from trainer.processes.group import sum_over_ranks
from trainer.run.context import RunContext
from trainer.sizing.plan import TrainingPlan
from trainer.sizing.rates import resolve_finetuning
from trainer.tokenizer import Tokenizer
from trainer.tokens import IGNORE, Tokens
from trainer.training.resume import resume
from trainer.training.state import Horizon, LoopState
from trainer.training.training_run import TrainingRun

# Enough for a stable held-out loss, and seconds even on a CPU.
MAX_VALIDATION_CONVERSATIONS = 512
LENGTH_SAMPLE = 500


@dataclass(frozen=True)
class SftNumbers:
    """What an sft job resolves to on these ranks.

    `job` has its base's optimizer settings; `plan` is None where the horizon is in epochs, whose tokens
    are known once the conversations are rendered.
    """

    job: SftJob
    plan: TrainingPlan | None
    memory_bytes: int | None


def resolve_sft(
    job: SftJob, runs_dir: Path, world_size: int, device_type: str, memory_bytes: int | None
) -> SftNumbers:
    """Batch, horizon, rates and passes; what an epoch's horizon leaves open is checked for one token.

    Raises:
        JobError: naming the setting that cannot be, or what does not fit in memory.
    """
    folder = run_folder_of(job.base, runs_dir)
    try:
        config, base_job = read_meta(folder).config, read_job_bytes(folder)
    except CheckpointError as error:
        raise JobError(f"base: {error}") from None
    length = job.sequence_len or config.sequence_len
    if job.dtype == "fp8" and length % FP8_MULTIPLE:
        raise JobError(f"sequence_len: {length}; allowed in fp8: a multiple of {FP8_MULTIPLE}")
    job = job.model_copy(update={"optim": inherited_optim(job, parse_job(base_job))})
    plan = resolve_finetuning(job, config, job.train_tokens or 1, world_size, device_type, memory_bytes)
    return SftNumbers(job, plan if job.train_tokens is not None else None, memory_bytes)


def build_finetuning(context: RunContext, numbers: SftNumbers) -> TrainingRun:
    """Model, optimizer and conversations of a fine-tuning run; measures the base first."""
    job = numbers.job
    base = open_model(run_folder_of(job.base, context.runs_dir))
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
    plan = numbers.plan or _plan_of_epochs(context, numbers, base, stream)
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


def _plan_of_epochs(
    context: RunContext, numbers: SftNumbers, base: LoadedModel, stream: ConversationStream[Conversation]
) -> TrainingPlan:
    """Rates by the tokens that are expected; the end is that of the last epoch.

    Its number of rows is known only once they are packed.
    """
    plan = resolve_finetuning(
        numbers.job,
        base.config,
        expected_tokens(stream),
        context.world_size,
        context.device.type,
        numbers.memory_bytes,
    )
    return replace(plan, total_steps=None, train_tokens=None)


def base_for_training(
    context: RunContext, job: SftJob, base: LoadedModel, config: ModelConfig, checkpointing: bool
) -> GPT:
    """The base's weights as float32 masters, in a model of `config`."""
    model = GPT(config, checkpointing)
    model.load_state_dict(base.model.state_dict())
    model.to(context.device)
    set_precision(job, model)
    return model


def inherited_optim(job: SftJob, base_job: Job) -> OptimSpec:
    """The base's optimizer settings, save those that the job sets to other than the defaults."""
    if not isinstance(base_job, TrainingJob):
        return job.optim
    defaults = OptimSpec()
    changed = {
        name: value for name, value in job.optim.model_dump().items() if value != getattr(defaults, name)
    }
    return base_job.optim.model_copy(update=changed)


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


def _prepare(
    job: SftJob, runs_dir: Path, world_size: int, device_type: str, memory_bytes: int | None
) -> PreparedJob:
    numbers = resolve_sft(job, runs_dir, world_size, device_type, memory_bytes)
    return lambda context: build_finetuning(context, numbers).run()


def _next_steps(job: SftJob, paths: RunPaths) -> list[str]:
    return [f"To talk to it: harness chat --checkpoint {paths.checkpoint}"]


KIND = Kind(prepare=_prepare, next_steps=_next_steps)
