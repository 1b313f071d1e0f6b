"""The gpt block against its formula, written out plainly for one sequence."""

import pytest
import torch
from torch import Tensor

from tests.support.model_support import random_tokens, tiny_config, tiny_model
from trainer.model.config import ModelConfig


def rms(x: Tensor) -> Tensor:
    return x / (x.square().mean(-1, keepdim=True) + 1e-6).sqrt()


def rope(x_TD: Tensor, base: float) -> Tensor:
    length, size = x_TD.shape
    angles = torch.arange(length)[:, None] * base ** (-torch.arange(0, size, 2) / size)
    first, second = x_TD[:, : size // 2], x_TD[:, size // 2 :]
    turned = (first * angles.cos() - second * angles.sin(), second * angles.cos() + first * angles.sin())
    return torch.cat(turned, -1)


def smeared(w: dict[str, Tensor], config: ModelConfig, x_TC: Tensor) -> Tensor:
    if not config.smear:
        return x_TC
    gates = w["smear_lambda"] * torch.sigmoid(x_TC[:, :32] @ w["smear_gate.weight"][0])
    rows = [x_TC[0], *(x_TC[t] + gates[t] * x_TC[t - 1] for t in range(1, len(x_TC)))]
    return torch.stack(rows)


def reference_gpt(w: dict[str, Tensor], config: ModelConfig, tokens_T: Tensor) -> Tensor:
    """Logits [T, V]; heads one by one, masks spelt out."""
    x = x0 = early = smeared(w, config, rms(w["embed_tokens.weight"][tokens_T]))
    distance = torch.arange(len(tokens_T))[:, None] - torch.arange(len(tokens_T))
    for layer, window in enumerate(config.windows):
        at = f"layers.{layer}."
        x = w["resid_lambdas"][layer] * x + w["x0_lambdas"][layer] * x0
        h = rms(x)
        seen = (distance >= 0) & (distance < (window or len(tokens_T)))
        heads = []
        for head in range(config.heads):
            group = head // (config.heads // config.kv_heads)
            rows = slice(head * config.head_dim, (head + 1) * config.head_dim)
            shared = slice(group * config.head_dim, (group + 1) * config.head_dim)
            q = rope(h @ w[at + "self_attn.q_proj.weight"][rows].T, config.rope_base)
            k = rope(h @ w[at + "self_attn.k_proj.weight"][shared].T, config.rope_base)
            v = h @ w[at + "self_attn.v_proj.weight"][shared].T
            if layer in config.value_embedding_layers:
                gate = 2 * torch.sigmoid(h[:, :32] @ w[at + "self_attn.value_gate.weight"][group])
                v = v + gate[:, None] * w[f"value_embeddings.{layer}.weight"][tokens_T][:, shared]
            scores = (config.qk_scale * rms(q)) @ (config.qk_scale * rms(k)).T / config.head_dim**0.5
            heads.append(scores.masked_fill(~seen, float("-inf")).softmax(-1) @ v)
        x = x + torch.cat(heads, -1) @ w[at + "self_attn.o_proj.weight"].T
        hidden = (rms(x) @ w[at + "mlp.up_proj.weight"].T).clamp_min(0).square()
        x = x + hidden @ w[at + "mlp.down_proj.weight"].T
        early = x if layer == config.depth // 2 else early
    x = x - w["backout_lambda"] * early if config.backout else x
    logits = rms(x) @ w["lm_head.weight"].T
    return (
        logits
        if config.logit_softcap is None
        else config.logit_softcap * (logits / config.logit_softcap).tanh()
    )


@torch.no_grad()
@pytest.mark.parametrize(
    "overrides",
    [
        {},
        {"kv_heads": 2},
        {"qk_scale": 0.7, "rope_base": 1000.0},
        {"logit_softcap": None},
        {"depth": 3},
        {"smear": False},
        {"backout": False},
    ],
)
def test_logits_follow_the_formula(overrides: dict[str, object]) -> None:
    config = tiny_config(**overrides)
    model = tiny_model(config, noise=0.2)
    tokens = random_tokens(1, 16)
    assert torch.allclose(model(tokens)[0], reference_gpt(model.state_dict(), config, tokens[0]), atol=1e-3)
