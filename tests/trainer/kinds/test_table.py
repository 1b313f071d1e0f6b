"""Every kind of job in the contract's table has a module that prepares and runs it."""

import sys
from pathlib import Path

import pytest

from tests.trainer.job.test_kinds import DOCUMENTS
from trainer.job import KINDS, RunPaths, validate_job
from trainer.kinds.table import _MODULES, kind_of


def test_each_kind_has_its_module() -> None:
    assert tuple(_MODULES) == tuple(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_what_follows_a_job_is_a_job_that_builds_on_it(kind: str) -> None:
    job = validate_job(DOCUMENTS[kind])
    lines = kind_of(job).next_steps(job, RunPaths(Path("runs/0123456789-1")))
    makes = KINDS[job.kind].makes
    assert any("0123456789-1" in line for line in lines) == (makes is not None)
    assert _MODULES[job.kind] in sys.modules
