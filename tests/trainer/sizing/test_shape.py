"""One dial sets the shape; what does not fit is refused in one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.job import JobError, ModelSpec
from trainer.model.config import ModelConfig
from trainer.sizing.shape import resolve_model


def test_depth_is_the_one_dial() -> None:
    small, large = resolve_model(ModelSpec(depth=4), 2048), resolve_model(ModelSpec(depth=12), 32_768)
    assert (small.width, small.heads, small.head_dim, small.sequence_len) == (256, 4, 64, 512)
    assert (large.width, large.heads, large.head_dim, large.sequence_len) == (768, 6, 128, 2048)
    assert small.kv_heads == 4 and small.vocab_size == 2048
    assert large.windows == (512, 512, 512, None) * 3
    assert large.value_embedding_layers == (1, 3, 5, 7, 9, 11)
    assert resolve_model(ModelSpec(depth=5), 300).value_embedding_layers == (0, 2, 4)


@given(
    st.integers(1, 24),
    st.none() | st.integers(16, 2048),
    st.sampled_from(["gpt", "llama"]),
    st.sampled_from(["L", "S", "SSSL", "SL"]),
    st.floats(0.01, 1.0),
)
def test_every_spec_gives_a_consistent_shape_or_one_line(
    depth: int, width: int | None, block: str, pattern: str, fraction: float
) -> None:
    sizes = {"depth": depth, "width": width, "block": block}
    spec = ModelSpec.model_validate({**sizes, "window_pattern": pattern, "window_fraction": fraction})
    try:
        config = resolve_model(spec, 300)
    except JobError as error:
        assert str(error).startswith("model.") and "allowed" in str(error) and "\n" not in str(error)
        return
    assert config.heads * config.head_dim == config.width == (width or 64 * depth)
    assert config.windows[-1] is None and len(config.windows) == depth
    assert all(1 <= window < config.sequence_len for window in config.windows if window is not None)


@pytest.mark.parametrize(
    ("overrides", "complaint"),
    [
        ({"width": 100}, "model.width: 100; allowed: a multiple of 8"),
        ({"width": 96, "head_dim": 64}, "model.head_dim: 64; allowed: an even divisor of the width 96"),
        ({"width": 99, "head_dim": 9}, "model.head_dim: 9; allowed: an even divisor"),
        ({"kv_heads": 3}, "model.kv_heads: 3; allowed: a divisor of the 4 heads"),
    ],
)
def test_sizes_that_do_not_divide_are_refused(overrides: dict[str, int], complaint: str) -> None:
    with pytest.raises(JobError, match=complaint):
        resolve_model(ModelSpec(**overrides), 300)  # type: ignore[arg-type]


def test_a_config_that_contradicts_itself_cannot_be_made() -> None:
    good = resolve_model(ModelSpec(), 300)
    fields = {name: getattr(good, name) for name in good.__dataclass_fields__}
    for change in (
        {"width": 250},
        {"depth": 3},
        {"kv_heads": 3},
        {"value_embedding_layers": (9,)},
        {"depth": 0},
    ):
        with pytest.raises(ValueError, match="must"):
            ModelConfig(**{**fields, **change})


def test_smear_and_backout_belong_to_shallow_gpts_unless_asked_for() -> None:
    specs = (
        ModelSpec(depth=8),
        ModelSpec(depth=9),
        ModelSpec(depth=8, smear=False),
        ModelSpec(depth=12, backout=True),
        ModelSpec(depth=2, block="llama"),
    )
    configs = [resolve_model(spec, 2048) for spec in specs]
    assert [config.smear for config in configs] == [True, False, False, False, False]
    assert [config.backout for config in configs] == [True, False, True, True, False]
