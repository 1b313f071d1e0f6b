"""What can be refused before torch is imported, and what a device cannot compute."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from trainer.data.catalog import DataSet, open_data
from trainer.data.errors import DataError
from trainer.job import KINDS, Job, JobError, TokenizerJob, TrainingJob, check_references
from trainer.job.kinds import Documents


def check_job(job: Job, runs_dir: Path) -> None:
    """Check that what the job builds on is there, and that its data set has what it reads.

    Raises:
        JobError, DataError: naming the field, its value and what is allowed.
    """
    check_references(job, runs_dir)
    data = open_data(job.data)
    if not isinstance(job, TokenizerJob) and job.core.data is not None:
        _check_core(job.core.data)
    for documents in KINDS[job.kind].documents:
        if next(iter(_read(data, documents)), None) is None:
            raise DataError(f"data: {data.folder} has no {documents} documents; needed: at least one")


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


def _read(data: DataSet, documents: Documents) -> Iterable[object]:
    return data.conversations("train") if documents == "conversation" else data.texts(documents)


def _check_core(name: str) -> None:
    if open_data(name).core_folder() is None:
        raise JobError(f'core.data: "{name}"; it has no core/core.yaml; allowed: a data set with CORE tasks')
