"""Batch, horizon and rates follow the published rules and divide over ranks."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.plan.shapes import likely_batch_tokens
from trainer.job import JobError, ModelSpec, OptimSpec, PretrainJob, SftJob
from trainer.model.config import ModelConfig
from trainer.sizing.plan import TrainingPlan
from trainer.sizing.rates import resolve_finetuning, resolve_training
from trainer.sizing.shape import resolve_model


def config_of(depth: int, vocab_size: int = 32_768, **overrides: Any) -> ModelConfig:
    return resolve_model(ModelSpec(depth=depth, **overrides), vocab_size)


def plan_of(config: ModelConfig, world_size: int = 1, device: str = "cuda", **settings: Any) -> TrainingPlan:
    job = PretrainJob(kind="pretrain", tokenizer="t", **settings)
    return resolve_training(job, config, world_size, device)


def test_the_reference_is_its_own_rule() -> None:
    plan = plan_of(config_of(12))
    assert plan.total_batch_size == 2**19
    assert plan.optim.matrix_lr == pytest.approx(0.02) and plan.optim.embedding_lr == pytest.approx(0.3)
    assert plan.optim.unembedding_lr == pytest.approx(0.008) and plan.optim.scalar_lr == pytest.approx(0.5)
    assert plan.optim.weight_decay == pytest.approx(0.28, rel=1e-6)
    assert plan.train_tokens == plan.total_steps * plan.total_batch_size
    assert plan.train_tokens == pytest.approx(1.156e9, rel=0.01)


@pytest.mark.parametrize(("depth", "batch"), [(8, 2**18), (10, 2**19), (12, 2**19), (24, 2**20)])
def test_batches_by_depth_are_the_published_ones(depth: int, batch: int) -> None:
    assert plan_of(config_of(depth)).total_batch_size == batch


@pytest.mark.parametrize(
    ("tokens", "on_gpu", "on_cpu"),
    [(2e6, 2**12, 2**11), (8e6, 2**14, 2**13), (16e6, 2**14, 2**14), (64e6, 2**16, 2**16)],
)
def test_a_short_run_on_a_gpu_has_fewer_and_larger_steps(tokens: float, on_gpu: int, on_cpu: int) -> None:
    config = resolve_model(ModelSpec(depth=8, sequence_len=1024), 32_768)
    horizon = {"train_tokens": int(tokens)}
    assert plan_of(config, **horizon).total_batch_size == on_gpu == likely_batch_tokens(tokens)
    assert plan_of(config, device="cpu", **horizon).total_batch_size == on_cpu


def test_rates_at_the_optimal_horizon_follow_batch_and_width() -> None:
    plan = plan_of(config_of(8))
    assert plan.optim.matrix_lr == pytest.approx(0.02 * 0.5**0.5)
    assert plan.optim.embedding_lr == pytest.approx(0.3 * 0.5**0.5 * (768 / 512) ** 0.5)


def test_a_short_run_gets_steps_and_undiminished_rates() -> None:
    config = config_of(4, 2048, width=192, sequence_len=256)
    plan = plan_of(config, device="cpu", train_tokens=1_000_000)
    assert plan.total_batch_size == 2048 and plan.total_steps == 488
    assert plan.optim.matrix_lr == pytest.approx(0.02)
    assert plan.optim.matrix_lr * plan.optim.weight_decay <= 0.1


def test_adamw_on_matrices_moves_them_as_far_as_muon() -> None:
    config = config_of(12)
    adamw = plan_of(config, optim=OptimSpec(matrix_optimizer="adamw"))
    assert adamw.optim.matrix_lr == pytest.approx(plan_of(config).optim.matrix_lr / 768**0.5)


def test_overrides_scale_with_the_defaults_and_reach_the_plan() -> None:
    config = config_of(12)
    plan = plan_of(config, optim=OptimSpec(matrix_lr=0.6, muon_momentum=0.9, adam_beta1=0.7))
    assert plan.optim.matrix_lr == pytest.approx(0.6)
    assert (plan.optim.muon_momentum, plan.optim.adam_beta1) == (0.9, 0.7)
    assert plan.resolved()["matrix_lr"] == plan.optim.matrix_lr


def test_a_horizon_in_seconds_has_no_steps() -> None:
    plan = plan_of(config_of(8), train_seconds=180.0)
    assert (plan.train_seconds, plan.total_steps, plan.train_tokens) == (180.0, None, None)


def test_a_run_of_seconds_is_planned_for_the_tokens_that_it_can_see() -> None:
    short, long = (plan_of(config_of(12), train_seconds=seconds) for seconds in (180.0, 18_000.0))
    assert (short.total_batch_size, long.total_batch_size) == (2**17, 2**20)
    assert short.optim.matrix_lr == pytest.approx(0.04) and short.optim.embedding_lr == pytest.approx(0.6)
    assert short.optim.scalar_lr == pytest.approx(0.5)
    assert plan_of(config_of(12), device="cpu", train_seconds=180.0).total_batch_size == 2**19


def test_rates_never_fall_as_runs_get_shorter() -> None:
    config = config_of(10)
    batch = {"total_batch_size": 2**17}
    plans = [plan_of(config, train_tokens=tokens, **batch) for tokens in (10**10, 10**9, 10**8, 10**7)]
    rates = [plan.optim.matrix_lr for plan in plans]
    assert rates == sorted(rates) and rates[-1] == pytest.approx(0.04)


def test_fine_tuning_does_not_take_the_higher_rates_of_short_runs() -> None:
    job = SftJob(kind="sft", base="b", lr_scale=1.0, total_batch_size=2**17)
    plan = resolve_finetuning(job, config_of(12), 10**8, 1, "cuda")
    assert plan.optim.matrix_lr == pytest.approx(0.02) and plan.optim.table_weight_decay == 0.0


@given(
    st.integers(1, 12),
    st.sampled_from([64, 512, 2048]),
    st.integers(10_000, 10**10),
    st.integers(1, 9),
    st.sampled_from(["cpu", "cuda"]),
)
def test_the_batch_always_divides(depth: int, length: int, tokens: int, world: int, device: str) -> None:
    plan = plan_of(config_of(depth, 2048, sequence_len=length), world, device, train_tokens=tokens)
    rows = plan.device_batch_size * plan.accumulation_steps
    assert plan.total_batch_size == rows * length * world and rows >= 1
    assert plan.total_steps is not None and plan.total_steps >= 1
    assert 0 < plan.optim.matrix_lr < 1 and 0 <= plan.optim.weight_decay * plan.optim.matrix_lr <= 0.11


@given(st.sampled_from([1, 2, 4, 8]), st.integers(10**6, 10**9))
def test_the_world_size_changes_nothing_but_the_division(world: int, tokens: int) -> None:
    config = config_of(8, sequence_len=256)
    alone, together = plan_of(config, 1, train_tokens=tokens), plan_of(config, world, train_tokens=tokens)
    own = {"device_batch_size", "accumulation_steps"}
    kept = [{k: v for k, v in plan.resolved().items() if k not in own} for plan in (alone, together)]
    if together.total_batch_size > 256 * world:
        assert kept[0] == kept[1]


@pytest.mark.parametrize(
    ("settings", "world", "complaint"),
    [
        ({"total_batch_size": 1000}, 1, "total_batch_size: 1000; allowed: a multiple of 512"),
        ({"total_batch_size": 512}, 2, "total_batch_size: 512; allowed: a multiple of 1024"),
        (
            {"total_batch_size": 4096, "device_batch_size": 3},
            1,
            "device_batch_size: 3; allowed: a divisor of 8",
        ),
        (
            {"total_batch_size": 4096, "device_batch_size": 8},
            2,
            "device_batch_size: 8; allowed: a divisor of 4",
        ),
    ],
)
def test_what_does_not_divide_is_refused(settings: dict[str, int], world: int, complaint: str) -> None:
    with pytest.raises(JobError, match=complaint):
        plan_of(config_of(4, 2048), world, **settings)


def test_a_model_too_large_for_the_memory_is_refused() -> None:
    with pytest.raises(JobError, match=r"model\.depth: 48; needs"):
        plan_of(config_of(48))


def test_finetuning_starts_at_a_share_of_the_rates() -> None:
    config = config_of(4, 2048)
    whole, part = (
        resolve_finetuning(SftJob(kind="sft", base="b", lr_scale=scale), config, 500_000, 1)
        for scale in (1.0, 0.5)
    )
    for name in ("matrix_lr", "embedding_lr", "unembedding_lr", "scalar_lr"):
        assert getattr(part.optim, name) == pytest.approx(0.5 * getattr(whole.optim, name))
    assert part.optim.weight_decay == 0.0 and part.total_steps == whole.total_steps


def test_finetuning_at_another_length_divides_by_it() -> None:
    job = SftJob(kind="sft", base="b", sequence_len=128)
    plan = resolve_finetuning(job, config_of(4, 2048), 300_000, 3)
    assert plan.sequence_len == 128 and plan.total_batch_size % (3 * 128) == 0
