"""What a token costs, and what fraction of the device's peak a run reached."""

import torch

from trainer.model.config import ModelConfig

# Dense (no sparsity) peaks in FLOP/s, from the makers' data sheets; first match wins.
_BF16_PEAKS: tuple[tuple[str, float], ...] = (
    ("GB200", 2.5e15),
    ("B200", 2.25e15),
    ("H200", 989e12),
    ("H100 NVL", 835e12),
    ("H100 PCIE", 756e12),
    ("H100", 989e12),
    ("H800", 989e12),
    ("A100", 312e12),
    ("A800", 312e12),
    ("L40S", 362e12),
    ("L4", 121e12),
    ("A10G", 70e12),
    ("RTX 4090", 165.2e12),
    ("RTX 3090", 71e12),
)


def param_counts(config: ModelConfig) -> dict[str, int]:
    """Parameters by role: `total`, and `embedding`, `value_embeddings`, `bigram_embeddings`, `matrices`,
    `head` and `scalars`, which sum to it."""
    attention = config.width * config.head_dim * (2 * config.heads + 2 * config.kv_heads)
    gates = len(config.value_embedding_layers) * min(32, config.width) * config.kv_heads
    mlp = config.width * config.mlp_width * (2 if config.block == "gpt" else 3)
    smear = min(32, config.width) + 1 if config.smear else 0
    counts = {
        "embedding": config.vocab_size * config.width,
        "value_embeddings": len(config.value_embedding_layers)
        * config.vocab_size
        * config.kv_heads
        * config.head_dim,
        "bigram_embeddings": config.bigram_rows * config.width,
        "matrices": config.depth * (attention + mlp) + gates,
        "head": config.vocab_size * config.width,
        "scalars": smear + config.backout + 2 * config.depth
        if config.block == "gpt"
        else (2 * config.depth + 1) * config.width,
    }
    return {**counts, "total": sum(counts.values())}


def flops_per_token(config: ModelConfig, sequence_len: int | None = None) -> float:
    """FLOP of one training token, forward and backward.

    6 · (matrices + head), plus for each layer 12 · heads · head_dim · min(window, sequence_len):
    the usual count, in which causal masking saves nothing (PaLM, arXiv 2204.02311, appendix B).
    """
    counts = param_counts(config)
    length = sequence_len or config.sequence_len
    context = sum(length if window is None else min(window, length) for window in config.windows)
    return 6.0 * (counts["matrices"] + counts["head"]) + 12.0 * config.heads * config.head_dim * context


def peak_flops(device_name: str, dtype: str = "bf16") -> float | None:
    """Dense bf16 peak FLOP/s of a GPU by its name; None when unknown or in fp32.

    The measure for fp8, too: attention stays in bf16, and runs of both kinds compare.
    """
    name = device_name.upper()
    if dtype not in ("bf16", "bfloat16", "fp8"):
        return None
    return next((peak for key, peak in _BF16_PEAKS if key in name), None)


def planned_gpu() -> str:
    """The name of this machine's GPU, or of the one that is planned for where there is none."""
    return torch.cuda.get_device_name() if torch.cuda.is_available() else "H100"


def mfu(tokens_per_second: float, config: ModelConfig, world_size: int, peak: float) -> float:
    """Model FLOP utilisation: achieved FLOP/s over the peak of all devices, between 0 and 1."""
    return tokens_per_second * flops_per_token(config) / (peak * world_size)
