"""From one dial to the shape of a model."""

import math

from trainer.job import JobError, ModelSpec, width_of
from trainer.model.config import ModelConfig

# Smear and backout helped at depths 4 and 8; at 12, one pair of runs, nothing showed (docs/logs/recipe.md).
_DEEPEST_SMEARED = 8


def resolve_model(spec: ModelSpec, vocab_size: int) -> ModelConfig:
    """All sizes of the model.

    Raises:
        JobError: when sizes do not divide.
    """
    width = width_of(spec)
    head_dim = spec.head_dim or _default_head_dim(width)
    if head_dim % 2 or width % head_dim:
        raise JobError(f"model.head_dim: {head_dim}; allowed: an even divisor of the width {width}")
    heads = width // head_dim
    kv_heads = spec.kv_heads or heads
    if heads % kv_heads:
        raise JobError(f"model.kv_heads: {kv_heads}; allowed: a divisor of the {heads} heads")
    sequence_len = spec.sequence_len or (2048 if spec.depth >= 8 else 512)
    gpt, shallow = spec.block == "gpt", spec.depth <= _DEEPEST_SMEARED
    return ModelConfig(
        depth=spec.depth,
        width=width,
        heads=heads,
        kv_heads=kv_heads,
        head_dim=head_dim,
        sequence_len=sequence_len,
        vocab_size=vocab_size,
        block=spec.block,
        windows=_windows(spec, sequence_len) if gpt else (None,) * spec.depth,
        value_embedding_layers=_value_embedding_layers(spec.depth) if gpt and spec.value_embeddings else (),
        logit_softcap=spec.logit_softcap if gpt else None,
        rope_base=spec.rope_base,
        qk_scale=spec.qk_scale if gpt else 1.0,
        smear=gpt and (shallow if spec.smear is None else spec.smear),
        backout=gpt and (shallow if spec.backout is None else spec.backout),
        bigram_rows=spec.bigram_tables * vocab_size if gpt else 0,
    )


def _default_head_dim(width: int) -> int:
    preferred = (128, 64, 32, 16, 8) if width >= 512 else (64, 32, 16, 8)
    fitting = next((size for size in preferred if width % size == 0), None)
    if fitting is None:
        raise JobError(f"model.width: {width}; allowed: a multiple of 8 (better of 64)")
    return fitting


def _windows(spec: ModelSpec, sequence_len: int) -> tuple[int | None, ...]:
    """The pattern is repeated over the layers; the last one always sees everything."""
    short = math.ceil(spec.window_fraction * sequence_len)
    pattern = [spec.window_pattern[layer % len(spec.window_pattern)] for layer in range(spec.depth)]
    pattern[-1] = "L"
    return tuple(short if kind == "S" and short < sequence_len else None for kind in pattern)


def _value_embedding_layers(depth: int) -> tuple[int, ...]:
    return tuple(layer for layer in range(depth) if layer % 2 == (depth - 1) % 2)
