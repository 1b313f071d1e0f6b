"""Names of the llama block's weights where other runtimes look for them."""

from typing import Any

from trainer.model.config import ModelConfig


def exported_name(name: str) -> str:
    """Our parameter name as it stands in a Hugging Face Llama checkpoint."""
    return name if name.startswith("lm_head.") else f"model.{name}"


def exported_config(config: ModelConfig) -> dict[str, Any]:
    """`config.json` of a Hugging Face Llama checkpoint.

    Raises:
        ValueError: for the gpt block, which no such runtime knows.
    """
    if config.block != "llama":
        raise ValueError(f'model.block: "{config.block}"; allowed: "llama"')
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_size": config.width,
        "intermediate_size": config.mlp_width,
        "num_hidden_layers": config.depth,
        "num_attention_heads": config.heads,
        "num_key_value_heads": config.kv_heads,
        "head_dim": config.head_dim,
        "vocab_size": config.vocab_size,
        "max_position_embeddings": config.sequence_len,
        "rope_theta": config.rope_base,
        "rms_norm_eps": 1e-6,
        "hidden_act": "silu",
        "tie_word_embeddings": False,
        "attention_bias": False,
        "mlp_bias": False,
    }
