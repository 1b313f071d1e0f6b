"""Predicted memory is near what was measured; a job is fitted to it, or refused in one line."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.trainer_lab import lab
from trainer.job import JobError, ModelSpec, PretrainJob, SftJob, validate_job
from trainer.kinds.table import prepare
from trainer.sizing.memory import StepShape, needed_bytes, peak_bytes
from trainer.sizing.passes import step_shape
from trainer.sizing.plan import TrainingPlan
from trainer.sizing.rates import resolve_finetuning, resolve_training
from trainer.sizing.shape import resolve_model

GB = 10**9
TOKENS = 2**19
# One H200, depth 12, T 2048, V 32768, fused kernels; docs/logs/gpu_speed.md.
MEASURED = [
    ("L", 32, 25.6),
    ("L", 32, 27.7),
    ("L", 64, 46.6),
    ("L", 64, 47.3),
    ("L", 128, 88.5),
    ("SSSL", 32, 28.0),
    ("SSSL", 32, 25.0),
    ("SSSL", 64, 47.0),
    ("SSSL", 64, 50.1),
]


def job_of(depth: int = 12, windows: str = "SSSL", length: int = 2048, **settings: Any) -> PretrainJob:
    model = ModelSpec(depth=depth, window_pattern=windows, sequence_len=length)
    return PretrainJob(
        kind="pretrain", tokenizer="t", model=model, **{"total_batch_size": TOKENS, **settings}
    )


def planned(job: PretrainJob, gigabytes: float, world_size: int = 1) -> TrainingPlan:
    config = resolve_model(job.model, 32_768)
    return resolve_training(job, config, world_size, "cuda", round(gigabytes * GB))


def predicted(job: PretrainJob, gigabytes: float = 1e6) -> float:
    config = resolve_model(job.model, 32_768)
    return peak_bytes(config, step_shape(job, planned(job, gigabytes), config)) / GB


@pytest.mark.parametrize(("windows", "rows", "measured"), MEASURED)
def test_within_a_tenth_of_what_was_measured(windows: str, rows: int, measured: float) -> None:
    assert predicted(job_of(windows=windows, device_batch_size=rows)) == pytest.approx(measured, rel=0.1)


@given(
    st.integers(1, 32),
    st.sampled_from([64, 512, 2048]),
    st.integers(1, 64),
    st.sampled_from(["gpt", "llama"]),
    st.sampled_from(["fused", "compiled", "eager"]),
    st.sampled_from(["muon", "adamw"]),
)
def test_more_needs_more(
    depth: int, length: int, rows: int, block: str, kernels: Any, optimizer: Any
) -> None:
    config = resolve_model(ModelSpec.model_validate({"depth": depth, "block": block}), 4096)
    deeper = resolve_model(ModelSpec.model_validate({"depth": depth + 2, "block": block}), 4096)

    def bytes_of(model: Any = config, rows: int = rows, saving: bool = False, ranks: int = 1) -> int:
        step = StepShape(rows, length, True, saving, optimizer, kernels, 2, ranks)
        assert needed_bytes(model, step) >= peak_bytes(model, step)
        return peak_bytes(model, step)

    assert bytes_of(rows=rows + 1) >= bytes_of() > 16 * 1024
    assert bytes_of(deeper) > bytes_of()
    assert bytes_of(saving=True) <= bytes_of() or depth < 2
    assert bytes_of(ranks=8) < bytes_of()


def test_passes_are_the_largest_that_fit() -> None:
    assert [planned(job_of(), memory).device_batch_size for memory in (140, 80, 40, 20, 12)] == [
        128,
        64,
        32,
        16,
        8,
    ]
    assert predicted(job_of(), 80) <= 0.9 * 80
    assert not planned(job_of(), 12).activation_checkpointing


def test_where_no_pass_fits_activations_are_checkpointed() -> None:
    job = job_of(depth=20, device_batch_size=32)
    assert not planned(job, 140).activation_checkpointing
    assert planned(job, 60).activation_checkpointing
    assert planned(job, 60).device_batch_size == 32
    assert predicted(job, 60) <= 0.9 * 60


def test_more_ranks_hold_what_one_cannot() -> None:
    with pytest.raises(JobError):
        planned(job_of(depth=36), 80)
    assert planned(job_of(depth=36), 80, world_size=8).device_batch_size >= 1


@pytest.mark.parametrize(
    ("settings", "gigabytes", "complaint"),
    [
        (
            {"device_batch_size": 64, "activation_checkpointing": False},
            40,
            "device_batch_size: 64; needs 4.* at most 32$",
        ),
        (
            {"device_batch_size": 128},
            16,
            "device_batch_size: 128; needs .* 16.0 are free .* allowed: at most 8$",
        ),
        (
            {"activation_checkpointing": False, "length": 131_072},
            40,
            "activation_checkpointing: false; needs .*; allowed: true$",
        ),
        (
            {"depth": 40},
            80,
            "model.depth: 40; needs .* GB .* 80.0 are free .*; allowed: at most 2. at this width$",
        ),
        ({"depth": 12}, 1, "model.depth: 12; .*; allowed: a smaller model.width or model.sequence_len$"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_would(
    settings: dict[str, Any], gigabytes: float, complaint: str
) -> None:
    with pytest.raises(JobError, match=complaint) as refused:
        planned(job_of(**settings), gigabytes)
    assert "\n" not in str(refused.value)


def test_a_base_that_is_too_large_to_tune_is_refused() -> None:
    config = resolve_model(ModelSpec(depth=40), 32_768)
    with pytest.raises(JobError, match=r'base: "b"; needs .* allowed: a smaller base'):
        resolve_finetuning(SftJob(kind="sft", base="b"), config, 10**6, 1, "cuda", 80 * GB)


def test_a_job_is_checked_against_the_memory_before_it_has_a_folder() -> None:
    job = validate_job(lab().pretrain())
    prepare(job, lab().runs, 1, "cuda", 80 * GB)
    with pytest.raises(JobError, match=r"model\.depth: 2; needs 0\.\d GB of GPU memory, 0\.0 are free"):
        prepare(job, lab().runs, 1, "cuda", GB // 100)
