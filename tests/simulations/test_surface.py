"""The simulated loss knows the very settings that the search varies."""

import pytest

from agent.proposals.space import ADAMW_RATE_FACTOR, job_settings, searched_numbers
from harness.simulation.surface import QUADRATIC_LOSSES, settings_of
from trainer.job import OptimSpec, PretrainJob


def job(optim: OptimSpec | None = None) -> PretrainJob:
    return PretrainJob(kind="pretrain", tokenizer="0123456789-1", optim=optim or OptimSpec())


def test_every_searched_number_has_an_effect() -> None:
    assert {loss.path for loss in QUADRATIC_LOSSES} == set(searched_numbers(job_settings(job())))
    assert set(settings_of(job())) == {loss.path for loss in QUADRATIC_LOSSES}


def test_the_rate_of_adamw_counts_as_muons() -> None:
    found = settings_of(job(OptimSpec(matrix_optimizer="adamw", matrix_lr=0.02 * ADAMW_RATE_FACTOR)))
    assert found["optim.matrix_lr"] == pytest.approx(0.02)
    assert "optim.muon_momentum" not in found, "it belongs to Muon alone"
