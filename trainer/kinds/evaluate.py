"""The eval job: held-out bits per byte and CORE of a checkpoint."""

from __future__ import annotations

import time
from pathlib import Path

import torch

from trainer.checkpoint.contents import CheckpointError
from trainer.checkpoint.reader import LoadedModel, open_model, read_meta
from trainer.data.catalog import DataSet, open_data
from trainer.data.shards import shard_paths
from trainer.evaluation.bpb import eval_rows, text_bpb
from trainer.evaluation.core import evaluate_core
from trainer.evaluation.paired_text import paired_gain
from trainer.job import CoreReport, EvalJob, JobError, references_of, run_folder_of
from trainer.job.events import Evaluated, Started
from trainer.kinds.kind import Kind, PreparedJob
from trainer.model.precision import fastest_dtype
from trainer.run.context import JobCancelled, Outcome, RunContext


def run_eval(context: RunContext, job: EvalJob) -> Outcome:
    """Read bits per byte where the data set has text, and CORE where it has questions.

    Raises:
        JobError: the checkpoint cannot be used, or the data set has nothing to evaluate on.
        DataError: the data set is broken.
        JobCancelled: between two tasks of CORE, when any rank was asked to stop.
    """
    loaded, data = _open(context, "checkpoint", job.checkpoint), open_data(job.data)
    core_data = open_data(job.core.data) if job.core.data is not None else data
    core_folder = core_data.core_folder() if job.core.enabled else None
    has_text = bool(shard_paths(data.folder / "pretrain"))
    if not has_text and core_folder is None:
        raise JobError(f'data: "{job.data}"; neither pretraining text nor CORE there; needed: one of them')
    context.emit(Started(time=time.time(), job_id=context.paths.job_id))
    metrics = _held_out_bpb(context, job, loaded, data) if has_text else {}
    if job.against is not None:
        metrics |= _paired(context, job, loaded, data)
    core = _core(context, job, loaded, core_folder) if core_folder is not None else None
    if core is not None:
        metrics |= {"core_metric": core.core_metric, "core_lower": core.lower, "core_upper": core.upper}
    return _outcome(loaded, data, metrics, core)


def _open(context: RunContext, field: str, reference: str) -> LoadedModel:
    dtype = torch.bfloat16 if context.device.type == "cuda" else torch.float32
    try:
        loaded = open_model(run_folder_of(reference, context.runs_dir), context.device, dtype)
    except CheckpointError as error:
        raise JobError(f"{field}: {error}") from None
    loaded.model.compute_dtype = fastest_dtype(context.device)
    return loaded


def _held_out_bpb(context: RunContext, job: EvalJob, loaded: LoadedModel, data: DataSet) -> dict[str, float]:
    context.progress.update(0.0, "held-out text")
    length, rows = loaded.config.sequence_len, eval_rows(loaded.config, loaded.config.sequence_len)
    value = text_bpb(context, loaded.model, loaded.tokenizer, data, job.val_tokens, length, rows, job.text)
    metrics = {"val_bpb" if job.text == "validation" else "locked_bpb": value}
    context.emit(Evaluated(time=time.time(), step=loaded.meta.step, metrics=metrics))
    return metrics


def _paired(context: RunContext, job: EvalJob, loaded: LoadedModel, data: DataSet) -> dict[str, float]:
    assert job.against is not None
    context.progress.update(0.3, "held-out text of both")
    other = _open(context, "against", job.against)
    return paired_gain(context, loaded, other, data, job.text, job.val_tokens)


def _core(context: RunContext, job: EvalJob, loaded: LoadedModel, core_folder: Path) -> CoreReport:
    def on_progress(fraction: float, text: str) -> None:
        context.progress.update(fraction, text)
        if context.should_stop():
            raise JobCancelled("stopped on request during CORE")

    return evaluate_core(
        loaded.model,
        loaded.tokenizer,
        core_folder,
        max_per_task=job.core.max_per_task,
        device=context.device,
        on_progress=on_progress,
        rank=context.rank,
        world=context.world_size,
    )


def _outcome(
    loaded: LoadedModel, data: DataSet, metrics: dict[str, float], core: CoreReport | None
) -> Outcome:
    meta, config = loaded.meta, loaded.config
    return Outcome(
        metrics={**metrics, "parameters": float(sum(p.numel() for p in loaded.model.parameters()))},
        resolved={
            "checkpoint_job_id": meta.job_id,
            "checkpoint_kind": meta.kind,
            "checkpoint_step": meta.step,
            "depth": config.depth,
            "width": config.width,
            "sequence_len": config.sequence_len,
            "vocab_size": config.vocab_size,
            "dtype": "bf16" if loaded.model.compute_dtype == torch.bfloat16 else "fp32",
        },
        core=core,
        data_hash=data.content_hash(),
        tokenizer_hash=loaded.tokenizer.content_hash(),
    )


def _prepare(
    job: EvalJob, runs_dir: Path, world_size: int, device_type: str, memory_bytes: int | None
) -> PreparedJob:
    for reference in references_of(job):
        try:
            read_meta(run_folder_of(reference.value, runs_dir))
        except CheckpointError as error:
            raise JobError(f"{reference.setting}: {error}") from None
    return lambda context: run_eval(context, job)


KIND = Kind(prepare=_prepare)
