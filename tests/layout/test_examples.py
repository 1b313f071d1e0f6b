"""The example jobs are valid, and each names the one before it."""

from itertools import pairwise

import pytest

from tests.support.paths import ROOT
from trainer.job import EvalJob, PretrainJob, SftJob, job_id, parse_job

EXAMPLES = ROOT / "examples"
CHAINS = [("tokenizer", "pretrain", "sft", "eval"), ("tokenizer-32k", "pretrain-d12")]


@pytest.mark.parametrize("chain", CHAINS)
def test_each_example_builds_on_the_one_before(chain: tuple[str, ...]) -> None:
    jobs = [parse_job((EXAMPLES / f"{name}.json").read_bytes()) for name in chain]
    for before, job in pairwise(jobs):
        if isinstance(job, PretrainJob):
            reference = job.tokenizer
        elif isinstance(job, SftJob):
            reference = job.base
        else:
            assert isinstance(job, EvalJob)
            reference = job.checkpoint
        assert reference == job_id(before, 1)
