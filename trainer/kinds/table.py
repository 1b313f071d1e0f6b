"""How each kind of job is prepared and run: one module a kind, which has a `KIND`."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trainer.job import Job, JobKind
from trainer.kinds.kind import Kind, PreparedJob

_MODULES: Mapping[JobKind, str] = {
    "tokenizer": "trainer.kinds.tokenizer",
    "pretrain": "trainer.kinds.pretrain",
    "sft": "trainer.kinds.sft",
    "eval": "trainer.kinds.evaluate",
}


def kind_of(job: Job) -> Kind[Any]:
    """Loads the module of this kind alone: what others need takes seconds to import."""
    kind: Kind[Any] = importlib.import_module(_MODULES[job.kind]).KIND
    return kind


def prepare(
    job: Job, runs_dir: Path, world_size: int, device_type: str, memory_bytes: int | None
) -> PreparedJob:
    """Settle the job's numbers for these ranks; `memory_bytes` are free on the fullest GPU.

    Raises:
        JobError: naming the setting that cannot be, or what does not fit in memory.
    """
    return kind_of(job).prepare(job, runs_dir, world_size, device_type, memory_bytes)
