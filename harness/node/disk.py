"""Disk as a resource: what a job will write, what is free, and telling a full disk from other failures."""

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

from trainer.job import (
    Job,
    PretrainJob,
    TokenizerJob,
    base_of,
    makes_checkpoint,
    matrix_parameters,
    width_of,
)

# Events, log, result; a tokenizer is smaller than that.
_FILES_BYTES = 4 << 20
# What the journal, its log and the report may still need when a job has taken its part.
KEPT_FREE_BYTES = 16 << 20
_FLOAT_BYTES = 4
# The weights and at most two moments of each; a new checkpoint is written beside the old one.
_TENSORS = 3
_COPIES = 2
_LARGEST_VOCAB = 65_536
_FULL = (errno.ENOSPC, errno.EDQUOT)


def bytes_of(job: Job, base: Callable[[str], Job | None]) -> int:
    """The most that a job will have on disk; `base` finds the job that a reference names."""
    if not makes_checkpoint(job.kind):
        return _FILES_BYTES
    pretrain = _pretrain_of(job, base)
    if pretrain is None:
        return _FILES_BYTES  # a checkpoint from elsewhere: the trainer says so when the disk is full
    return _parameters(pretrain, base) * _FLOAT_BYTES * _TENSORS * _COPIES + _FILES_BYTES


def free_bytes(folder: Path) -> int:
    """What an unprivileged process may still write there."""
    return shutil.disk_usage(folder).free


def size_of(folder: Path) -> int:
    """What a folder's files take, each hard link counted."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(root) / name).lstat().st_blocks * 512
            except OSError:
                continue  # gone meanwhile
    return total


def is_disk_full(error: BaseException) -> bool:
    """Whether the operating system or SQLite says that nothing more can be written."""
    if isinstance(error, sqlite3.OperationalError):
        return "disk is full" in str(error) or "disk I/O error" in str(error)
    return isinstance(error, OSError) and error.errno in _FULL


def _pretrain_of(job: Job, base: Callable[[str], Job | None]) -> PretrainJob | None:
    found: Job | None = job
    while found is not None and (reference := base_of(found)) is not None:
        found = base(reference)
    return found if isinstance(found, PretrainJob) else None


def _parameters(job: PretrainJob, base: Callable[[str], Job | None]) -> int:
    """No fewer than the model has: every second layer may have value embeddings."""
    tokenizer = base(job.tokenizer)
    vocab = tokenizer.vocab_size if isinstance(tokenizer, TokenizerJob) else _LARGEST_VOCAB
    width, depth = width_of(job.model), job.model.depth
    embeddings = vocab * width * (1 + (depth + 1) // 2)
    return matrix_parameters(depth, vocab, width) + embeddings
