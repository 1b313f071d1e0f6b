"""The llama block is the architecture other runtimes know, under the names they look for."""

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from tests.support.model_support import random_tokens, tiny_config, tiny_model
from trainer.checkpoint.llama import exported_config, exported_name


def reference_llama(state: dict[str, Tensor], config: dict[str, object], tokens: Tensor) -> Tensor:
    """Llama written from its description, reading only exported names and config."""
    names = ("num_attention_heads", "num_key_value_heads", "head_dim")
    heads, kv_heads, size = (int(str(config[name])) for name in names)

    def rms(x: Tensor, name: str) -> Tensor:
        return x / (x.square().mean(-1, keepdim=True) + 1e-6).sqrt() * state[name]

    def rope(x: Tensor) -> Tensor:
        angles = torch.arange(x.size(1))[:, None] * float(str(config["rope_theta"])) ** (
            -torch.arange(0, size, 2) / size
        )
        cos, sin = (torch.cat((f(angles), f(angles)), -1)[:, None] for f in (torch.cos, torch.sin))
        turned = torch.cat((-x[..., size // 2 :], x[..., : size // 2]), -1)
        return x * cos + turned * sin

    x = state["model.embed_tokens.weight"][tokens]
    batch, length = tokens.shape
    for layer in range(int(str(config["num_hidden_layers"]))):
        at = f"model.layers.{layer}."
        h = rms(x, at + "input_layernorm.weight")
        q, k, v = (
            (h @ state[f"{at}self_attn.{name}_proj.weight"].T).view(batch, length, count, size)
            for name, count in (("q", heads), ("k", kv_heads), ("v", kv_heads))
        )
        q, k = rope(q), rope(k).repeat_interleave(heads // kv_heads, 2)
        scores = torch.einsum("bthd,bshd->bhts", q, k) / size**0.5
        scores = scores.masked_fill(torch.ones(length, length).triu(1).bool(), float("-inf"))
        v = v.repeat_interleave(heads // kv_heads, 2)
        y = torch.einsum("bhts,bshd->bthd", scores.softmax(-1), v).flatten(2)
        x = x + y @ state[at + "self_attn.o_proj.weight"].T
        h = rms(x, at + "post_attention_layernorm.weight")
        gate = F.silu(h @ state[at + "mlp.gate_proj.weight"].T)
        x = x + (gate * (h @ state[at + "mlp.up_proj.weight"].T)) @ state[at + "mlp.down_proj.weight"].T
    return rms(x, "model.norm.weight") @ state["lm_head.weight"].T


@torch.no_grad()
@pytest.mark.parametrize("kv_heads", [None, 2])
def test_an_exported_model_computes_the_same_logits(kv_heads: int | None) -> None:
    config = tiny_config(block="llama", kv_heads=kv_heads)
    model = tiny_model(config, noise=0.1)
    state = {exported_name(name): tensor for name, tensor in model.state_dict().items()}
    tokens = random_tokens(2, 16)
    assert torch.allclose(model(tokens), reference_llama(state, exported_config(config), tokens), atol=1e-4)


def test_no_weight_lacks_a_place_elsewhere() -> None:
    config = tiny_config(block="llama", depth=1)
    names = {exported_name(name) for name in tiny_model(config).state_dict()}
    attention = {f"model.layers.0.self_attn.{p}_proj.weight" for p in "qkvo"}
    mlp = {f"model.layers.0.mlp.{p}_proj.weight" for p in ("gate", "up", "down")}
    norms = {f"model.layers.0.{n}_layernorm.weight" for n in ("input", "post_attention")}
    outside = {"model.embed_tokens.weight", "model.norm.weight", "lm_head.weight"}
    assert names == attention | mlp | norms | outside


def test_llama_leaves_the_gpt_block_s_features_out() -> None:
    config = tiny_config(block="llama")
    assert config.logit_softcap is None and config.value_embedding_layers == ()
    assert tiny_config(block="llama", depth=12, width=768, head_dim=64).mlp_width == 2048


def test_the_gpt_block_is_not_exported_as_llama() -> None:
    with pytest.raises(ValueError, match="allowed"):
        exported_config(tiny_config())
