"""What can be refused before anything is written: data, tokenizer, shapes, batches."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from trainer.data.catalog import DataSet, open_data
from trainer.data.errors import DataError
from trainer.job import (
    EvalJob,
    Job,
    JobError,
    PretrainJob,
    RunPaths,
    SftJob,
    TokenizerJob,
    TrainingJob,
    check_references,
    run_folder_of,
)


def check_memory(job: Job, runs_dir: Path, world_size: int, memory_bytes: int) -> None:
    """Check that a step fits in what is free on every GPU.

    Raises:
        JobError: naming the setting, what is needed, what there is, and what would fit.
    """
    if isinstance(job, PretrainJob):
        _check_pretrain(job, runs_dir, world_size, "cuda", memory_bytes)
    elif isinstance(job, SftJob):
        _check_sft(job, runs_dir, world_size, "cuda", memory_bytes)


def check_precision(job: Job, device_type: str) -> None:
    """Check that this machine computes in the job's dtype.

    Raises:
        JobError: for fp8 where it cannot.
    """
    if not isinstance(job, TrainingJob) or job.dtype != "fp8":
        return
    from trainer.kernels.dispatch import has_kernels

    if device_type != "cuda" or not has_kernels() or job.compile is False:
        raise JobError('dtype: "fp8"; needs a Hopper GPU and compiled passes; allowed: auto, bf16, fp32')


def check_job(job: Job, runs_dir: Path, world_size: int) -> None:
    """Check everything that does not need a device.

    Raises:
        JobError, DataError: naming the field, its value and what is allowed.
    """
    check_references(job, runs_dir)
    data = open_data(job.data)
    if not isinstance(job, TokenizerJob) and job.core.data is not None:
        _check_core(job.core.data)
    if isinstance(job, TokenizerJob):
        _first(data.texts("train"), "train", data)
    elif isinstance(job, PretrainJob):
        _first(data.texts("train"), "train", data)
        _first(data.texts("validation"), "validation", data)
        _check_pretrain(job, runs_dir, world_size)
    elif isinstance(job, SftJob):
        _first(data.conversations("train"), "conversation", data)
        _check_sft(job, runs_dir, world_size)
    else:
        _check_eval(job, runs_dir)


def _first(items: Iterable[object], what: str, data: DataSet) -> None:
    if next(iter(items), None) is None:
        raise DataError(f"data: {data.folder} has no {what} documents; needed: at least one")


def _check_core(name: str) -> None:
    if open_data(name).core_folder() is None:
        raise JobError(f'core.data: "{name}"; it has no core/core.yaml; allowed: a data set with CORE tasks')


def _check_pretrain(
    job: PretrainJob, runs_dir: Path, world_size: int, device_type: str = "cpu", memory_bytes: int = 0
) -> None:
    from trainer.model.precision import FP8_MULTIPLE
    from trainer.sizing.rates import resolve_training
    from trainer.sizing.shape import resolve_model
    from trainer.tokenizer import Tokenizer, TokenizerError

    try:
        tokenizer = Tokenizer.load(RunPaths(run_folder_of(job.tokenizer, runs_dir)).tokenizer)
    except TokenizerError as error:
        raise JobError(f"tokenizer: {error}") from None
    config = resolve_model(job.model, tokenizer.vocab_size)
    if job.dtype == "fp8" and config.sequence_len % FP8_MULTIPLE:
        raise JobError(
            f"model.sequence_len: {config.sequence_len}; allowed in fp8: a multiple of {FP8_MULTIPLE}"
        )
    resolve_training(job, config, world_size, device_type, memory_bytes)


def _check_sft(
    job: SftJob, runs_dir: Path, world_size: int, device_type: str = "cpu", memory_bytes: int = 0
) -> None:
    from trainer.checkpoint.contents import CheckpointError
    from trainer.checkpoint.reader import read_job_bytes, read_meta
    from trainer.model.precision import FP8_MULTIPLE
    from trainer.sizing.rates import resolve_finetuning

    folder = run_folder_of(job.base, runs_dir)
    try:
        config = read_meta(folder).config
        read_job_bytes(folder)
    except CheckpointError as error:
        raise JobError(f"base: {error}") from None
    length = job.sequence_len or config.sequence_len
    if job.dtype == "fp8" and length % FP8_MULTIPLE:
        raise JobError(f"sequence_len: {length}; allowed in fp8: a multiple of {FP8_MULTIPLE}")
    resolve_finetuning(job, config, job.train_tokens or 1, world_size, device_type, memory_bytes)


def _check_eval(job: EvalJob, runs_dir: Path) -> None:
    from trainer.checkpoint.contents import CheckpointError
    from trainer.checkpoint.reader import read_meta

    for field, reference in (("checkpoint", job.checkpoint), ("against", job.against)):
        try:
            if reference is not None:
                read_meta(run_folder_of(reference, runs_dir))
        except CheckpointError as error:
            raise JobError(f"{field}: {error}") from None
