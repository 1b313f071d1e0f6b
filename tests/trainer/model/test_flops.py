"""Costs are counted from shapes and agree with the model itself."""

import pytest

from tests.support.model_support import tiny_config, tiny_model
from trainer.job import ModelSpec, matrix_parameters
from trainer.sizing.flops import flops_per_token, mfu, param_counts, peak_flops
from trainer.sizing.shape import resolve_model


@pytest.mark.parametrize(
    "overrides",
    [{}, {"kv_heads": 1}, {"value_embeddings": False}, {"block": "llama"}, {"block": "llama", "kv_heads": 2}],
)
def test_counted_parameters_are_the_model_s(overrides: dict[str, object]) -> None:
    config = tiny_config(**overrides)
    sizes = {name: parameter.numel() for name, parameter in tiny_model(config).named_parameters()}
    counts = param_counts(config)
    assert counts["total"] == sum(sizes.values())
    assert counts["embedding"] == sizes["embed_tokens.weight"]
    assert counts["head"] == sizes["lm_head.weight"]
    assert counts["value_embeddings"] == sum(n for name, n in sizes.items() if "value_embeddings" in name)


@pytest.mark.parametrize(("depth", "width"), [(4, None), (12, None), (4, 192)])
def test_the_formula_of_the_contract_is_that_of_the_model(depth: int, width: int | None) -> None:
    config = resolve_model(ModelSpec(depth=depth, width=width, value_embeddings=False), 32_768)
    counts = param_counts(config)
    assert counts["matrices"] + counts["head"] == matrix_parameters(depth, 32_768, width)


def test_flops_at_depth_12_are_the_published_count() -> None:
    # nanochat reports 8.87e8 at depth 12, T 2048, vocabulary 32,768, full windows; this is 8.8710e8.
    config = resolve_model(ModelSpec(depth=12, window_pattern="L"), 32_768)
    assert flops_per_token(config) == pytest.approx(8.87e8, rel=1e-3)


def test_flops_recompute_from_shapes_by_hand() -> None:
    config = tiny_config(depth=2, width=32, head_dim=8, window_pattern="S", window_fraction=0.25)
    matrices = 2 * (4 * 32 * 32 + 2 * 4 * 32 * 32) + 32 * 4  # two blocks and one value gate
    attention = 12 * 32 * (4 + 16)  # a window of 4, then everything
    assert flops_per_token(config) == 6 * (matrices + 32 * 300) + attention


def test_windows_save_flops() -> None:
    full = resolve_model(ModelSpec(depth=12, window_pattern="L"), 32_768)
    windowed = resolve_model(ModelSpec(depth=12), 32_768)
    saved = flops_per_token(full) - flops_per_token(windowed)
    assert saved == 12 * 768 * 9 * (2048 - 512)


@pytest.mark.parametrize(
    ("name", "peak"),
    [
        ("NVIDIA H200", 989e12),
        ("NVIDIA H100 80GB HBM3", 989e12),
        ("NVIDIA H100 PCIe", 756e12),
        ("NVIDIA A100-SXM4-80GB", 312e12),
        ("Some CPU", None),
    ],
)
def test_peaks_by_device_name(name: str, peak: float | None) -> None:
    assert peak_flops(name, "bf16") == peak
    assert peak_flops(name, "fp32") is None


def test_mfu_is_a_share_of_all_devices() -> None:
    config = resolve_model(ModelSpec(depth=12, window_pattern="L"), 32_768)
    one = mfu(552_000, config, 1, 989e12)
    assert one == pytest.approx(0.495, abs=0.001)
    assert mfu(2 * 552_000, config, 2, 989e12) == pytest.approx(one)
