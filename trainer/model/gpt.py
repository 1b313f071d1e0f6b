"""The model: a decoder-only transformer, read from top to bottom.

Shape suffixes: B batch, T positions, C width, H heads, K key/value heads, D head_dim, V vocabulary.
Parameters are float32 masters; matrix products run in `compute_dtype`.
"""

import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from trainer.kernels import dispatch as gpu_kernels
from trainer.kernels.softcap_head import LARGEST_CAP, softcap_losses
from trainer.model.attention import cached_attention, causal_attention, rope_tables, rotate
from trainer.model.config import ModelConfig
from trainer.model.embedding import Embedding, bigram_rows
from trainer.model.initialisation import init_parameters
from trainer.model.kv_cache import KVCache, Placement
from trainer.tokens import IGNORE

_GATE_CHANNELS = 32


class Linear(nn.Module):
    """A matrix without bias, in its input's dtype or, in fused training passes, fp8; added to `onto`."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(outputs, inputs))
        self.fp8 = False

    def forward(self, x: Tensor, onto: Tensor | None = None) -> Tensor:
        if gpu_kernels.fits_linear(x, self.weight):
            return gpu_kernels.linear(x, self.weight, onto, self.fp8)
        y = F.linear(x, self.weight.to(x.dtype))
        return y if onto is None else onto + y


class RMSNorm(nn.Module):
    """Root-mean-square norm with a learned gain (arXiv 1910.07467)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x, (x.size(-1),), self.weight.to(x.dtype), eps=1e-6)


def norm(x: Tensor) -> Tensor:
    """Root-mean-square norm without parameters."""
    return F.rms_norm(x, (x.size(-1),), eps=1e-6)


def mix_norm(x: Tensor, start: Tensor, factors: Tensor) -> tuple[Tensor, Tensor]:
    """`factors[0] * x + factors[1] * start`, and its norm."""
    if gpu_kernels.fits_training(x):
        return gpu_kernels.mix_norm(x, start, factors)
    x = factors[0] * x + factors[1] * start
    return x, norm(x)


class Attention(nn.Module):
    """Causal self-attention with rotary positions; the gpt block adds QK-norm and value embeddings."""

    def __init__(self, config: ModelConfig, layer: int) -> None:
        super().__init__()
        self.layer, self.window = layer, config.windows[layer]
        self.heads, self.kv_heads, self.head_dim = config.heads, config.kv_heads, config.head_dim
        self.qk_norm = config.block == "gpt"
        # Scaling both q and k by qk_scale is scaling their product by its square.
        self.logit_scale = config.qk_scale**2 / math.sqrt(config.head_dim)
        self.q_proj = Linear(config.width, config.heads * config.head_dim)
        self.k_proj = Linear(config.width, config.kv_heads * config.head_dim)
        self.v_proj = Linear(config.width, config.kv_heads * config.head_dim)
        self.o_proj = Linear(config.heads * config.head_dim, config.width)
        self.value_gate: Linear | None = None
        if layer in config.value_embedding_layers:
            self.value_gate = Linear(min(_GATE_CHANNELS, config.width), config.kv_heads)

    def forward(
        self, x_BTC: Tensor, value_BTC: Tensor | None, rope: tuple[Tensor, Tensor], past: Placement | None,
        onto_BTC: Tensor,
    ) -> Tensor:  # fmt: skip
        """What attention makes of x, added to the residual stream."""
        batch, length, _ = x_BTC.shape
        # One product for all three: fewer and larger kernels, and one gradient of x instead of a sum.
        weight = torch.cat((self.q_proj.weight, self.k_proj.weight, self.v_proj.weight)).to(x_BTC.dtype)
        gate_BTK = None
        if value_BTC is not None and self.value_gate is not None:
            gate_BTK = 2 * torch.sigmoid(self.value_gate(x_BTC[..., : self.value_gate.weight.size(1)]))
            value_BTC = value_BTC.view(batch, length, self.kv_heads, self.head_dim)
        if past is None and self.qk_norm and gpu_kernels.fits_attention(x_BTC, self.head_dim):
            y = gpu_kernels.attention(
                x_BTC, weight, rope, value_BTC, gate_BTK,
                self.heads, self.head_dim, self.window, self.logit_scale, self.q_proj.fp8,
            )  # fmt: skip
            return self.o_proj(y.reshape(batch, length, -1), onto_BTC)  # type: ignore[no-any-return]
        qkv = F.linear(x_BTC, weight).view(batch, length, -1, self.head_dim)
        q, k, v = torch.split(qkv, [self.heads, self.kv_heads, self.kv_heads], dim=2)
        if value_BTC is not None and gate_BTK is not None:
            v = v + gate_BTK[..., None] * value_BTC
        q, k = rotate(q, *rope), rotate(k, *rope)
        if self.qk_norm:
            q, k = norm(q), norm(k)
        q, k = q.to(v.dtype), k.to(v.dtype)
        if past is None:
            y = causal_attention(q, k, v, self.window, self.logit_scale)
        else:
            keys, values = past.append(self.layer, k, v)
            y = cached_attention(q, keys, values, past.positions_BT, self.window, self.logit_scale)
        return self.o_proj(y.reshape(batch, length, -1), onto_BTC)  # type: ignore[no-any-return]


class ReluSquaredMLP(nn.Module):
    """x -> W2 relu(W1 x)² (arXiv 2109.08668)."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.up_proj = Linear(config.width, config.mlp_width)
        self.down_proj = Linear(config.mlp_width, config.width)

    def forward(self, x: Tensor) -> Tensor:
        if gpu_kernels.fits_mlp(x):
            up, down = self.up_proj, self.down_proj
            return gpu_kernels.relu_squared_mlp(x, up.weight, down.weight, up.fp8 and down.fp8)
        return self.down_proj(F.relu(self.up_proj(x)).square())  # type: ignore[no-any-return]


class SwiGLU(nn.Module):
    """x -> W2 (silu(Wg x) * W1 x) (arXiv 2002.05202)."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.gate_proj = Linear(config.width, config.mlp_width)
        self.up_proj = Linear(config.width, config.mlp_width)
        self.down_proj = Linear(config.mlp_width, config.width)

    def forward(self, x: Tensor) -> Tensor:
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))  # type: ignore[no-any-return]


class GPTBlock(nn.Module):
    """Parameter-free norms and ReLU²."""

    def __init__(self, config: ModelConfig, layer: int) -> None:
        super().__init__()
        self.self_attn = Attention(config, layer)
        self.mlp = ReluSquaredMLP(config)

    def forward(
        self, x: Tensor, x0: Tensor, factors: Tensor, value: Tensor | None, rope: tuple[Tensor, Tensor],
        past: Placement | None,
    ) -> Tensor:  # fmt: skip
        """The stream, after it was mixed with its start by two learned factors (modded-nanogpt)."""
        x, normed = mix_norm(x, x0, factors)
        x = self.self_attn(normed, value, rope, past, x)
        return x + self.mlp(norm(x))  # type: ignore[no-any-return]


class LlamaBlock(nn.Module):
    """Learned norms and SwiGLU, nothing else: what every other runtime can load."""

    def __init__(self, config: ModelConfig, layer: int) -> None:
        super().__init__()
        self.input_layernorm = RMSNorm(config.width)
        self.self_attn = Attention(config, layer)
        self.post_attention_layernorm = RMSNorm(config.width)
        self.mlp = SwiGLU(config)

    def forward(self, x: Tensor, rope: tuple[Tensor, Tensor], past: Placement | None) -> Tensor:
        x = self.self_attn(self.input_layernorm(x), None, rope, past, x)
        return x + self.mlp(self.post_attention_layernorm(x))  # type: ignore[no-any-return]


class GPT(nn.Module):
    """Token embedding, `depth` blocks, untied head. Parameters are not initialised: see `init_weights`."""

    rope_cos: Tensor
    rope_sin: Tensor

    def __init__(self, config: ModelConfig, activation_checkpointing: bool = False) -> None:
        super().__init__()
        self.config = config
        self.activation_checkpointing = activation_checkpointing
        # Past this many the loss works in chunks and recomputes them: 2^33 float32 are 32 GiB.
        self.max_logits = 2**33
        self.compute_dtype = torch.float32
        block = GPTBlock if config.block == "gpt" else LlamaBlock
        self.embed_tokens = Embedding(config.vocab_size, config.width)
        self.layers = nn.ModuleList(block(config, layer) for layer in range(config.depth))
        self.value_embeddings = nn.ModuleDict(
            {
                str(layer): Embedding(config.vocab_size, config.kv_heads * config.head_dim)
                for layer in config.value_embedding_layers
            }
        )
        if config.block == "gpt":
            self.resid_lambdas = nn.Parameter(torch.ones(config.depth))
            self.x0_lambdas = nn.Parameter(torch.zeros(config.depth))
        else:
            self.norm = RMSNorm(config.width)
        if config.smear:
            self.smear_gate = Linear(min(_GATE_CHANNELS, config.width), 1)
            self.smear_lambda = nn.Parameter(torch.zeros(1))
        if config.backout:
            self.backout_lambda = nn.Parameter(torch.zeros(1))
        if config.bigram_rows:
            self.bigram_embeddings = Embedding(config.bigram_rows, config.width)
        self.lm_head = Linear(config.width, config.vocab_size)
        cos, sin = rope_tables(max(4 * config.sequence_len, 2048), config.head_dim, config.rope_base)
        self.register_buffer("rope_cos", cos, persistent=False)
        self.register_buffer("rope_sin", sin, persistent=False)

    @property
    def device(self) -> torch.device:
        return self.embed_tokens.weight.device

    @property
    def max_positions(self) -> int:
        """The longest sequence that has rotary positions; the model is trained on `sequence_len`."""
        return self.rope_cos.size(0)

    def cast_parameters(self, dtype: torch.dtype) -> "GPT":
        """Hold parameters in `dtype` for inference (training keeps float32 masters)."""
        for parameter in self.parameters():
            parameter.data = parameter.data.to(dtype)
        self.compute_dtype = dtype
        return self

    def init_weights(self, seed: int) -> None:
        """Draw every parameter from `seed` and its own name: the same on any device, in any order."""
        init_parameters(self, self.config, seed)

    def forward(
        self,
        tokens_BT: Tensor,
        cache: KVCache | None = None,
        slots: Tensor | None = None,
        counts: Tensor | None = None,
        last_only: bool = False,
    ) -> Tensor:
        """Logits [B, T, V], float32.

        With a cache, row b continues slot `slots[b]` (default: slot b) at its own position and
        counts `counts[b]` of its T tokens as read (default: all; the rest is padding on the
        right). `last_only` returns [B, 1, V]: each row's last counted token.

        Raises:
            ValueError: if a slot has no room.
        """
        x_BTC = self.hidden(tokens_BT, cache.place(tokens_BT, slots) if cache is not None else None)
        if cache is not None:
            cache.advance(slots, tokens_BT.size(1) if counts is None else counts.to("cpu"))
        if last_only and counts is not None:
            rows = torch.arange(x_BTC.size(0), device=x_BTC.device)
            x_BTC = x_BTC[rows, counts.to(x_BTC.device) - 1][:, None]
        elif last_only:
            x_BTC = x_BTC[:, -1:]
        return self._logits(x_BTC)

    def loss_per_token(self, tokens_BT: Tensor, targets_BT: Tensor) -> Tensor:
        """Cross-entropy in nats [B, T], float32; 0 where the target is `IGNORE`."""
        x = self.hidden(tokens_BT, None).flatten(0, 1)
        targets = targets_BT.flatten().long()
        chunks = -(-x.size(0) * self.config.vocab_size // self.max_logits)
        if chunks == 1:
            return self._loss(x, targets).view(targets_BT.shape)
        pieces = [
            checkpoint(self._loss, x_piece, target_piece, use_reentrant=False)
            for x_piece, target_piece in zip(x.chunk(chunks), targets.chunk(chunks), strict=True)
        ]
        return torch.cat(pieces).view(targets_BT.shape)

    def hidden(self, tokens_BT: Tensor, past: Placement | None = None) -> Tensor:
        """What the head reads: [B, T, C] in `compute_dtype`."""
        rope = self._rope(tokens_BT.size(1), past)
        gpt, middle = self.config.block == "gpt", self.config.depth // 2
        x = x0 = early = self._embed(tokens_BT, past)
        for layer, block in enumerate(self.layers):
            if gpt:
                factors = torch.stack((self.resid_lambdas[layer], self.x0_lambdas[layer]))
                value = self._value(layer, tokens_BT, x.dtype)
                x = self._run(block, x, x0, factors, value, rope, past)
            else:
                x = self._run(block, x, rope, past)
            early = x if layer == middle else early
        if self.config.backout:
            # What the middle layer knew was for later layers, less for the head (modded-nanogpt).
            x = x - self.backout_lambda[0] * early
        return norm(x) if gpt else self.norm(x)

    def _run(self, block: nn.Module, *inputs: Any) -> Any:
        if self.activation_checkpointing and torch.is_grad_enabled():
            return checkpoint(block, *inputs, use_reentrant=False)
        return block(*inputs)

    def _embed(self, tokens_BT: Tensor, past: Placement | None) -> Tensor:
        """The residual stream's start [B, T, C]: the token, and what the token before it adds."""
        x = self.embed_tokens(tokens_BT, self.compute_dtype)
        if self.config.block != "gpt":
            return x  # type: ignore[no-any-return]
        x = norm(x)
        if not self.config.smear and not self.config.bigram_rows:
            return x
        # -1 before the first token of a row.
        before_BT = F.pad(tokens_BT[:, :-1], (1, 0), value=-1) if past is None else past.before_BT
        if self.config.smear:
            gate = self.smear_lambda[0] * torch.sigmoid(
                self.smear_gate(x[..., : self.smear_gate.weight.size(1)])
            )
            x = x + gate * self._before(x, before_BT, past)
        if self.config.bigram_rows:
            rows_BT = bigram_rows(before_BT, tokens_BT, self.config.bigram_rows)
            x = x + self.bigram_embeddings(rows_BT, x.dtype)
        return x  # type: ignore[no-any-return]

    def _before(self, x_BTC: Tensor, before_BT: Tensor, past: Placement | None) -> Tensor:
        """The embedding of the token before each, zero where there is none."""
        if past is None:
            return F.pad(x_BTC[:, :-1], (0, 0, 1, 0))
        before = norm(self.embed_tokens(before_BT.clamp(min=0), self.compute_dtype))
        return before * (before_BT >= 0)[..., None]

    def _value(self, layer: int, tokens_BT: Tensor, dtype: torch.dtype) -> Tensor | None:
        if layer not in self.config.value_embedding_layers:
            return None
        return self.value_embeddings[str(layer)](tokens_BT, dtype)  # type: ignore[no-any-return]

    def _rope(self, length: int, past: Placement | None) -> tuple[Tensor, Tensor]:
        end = length if past is None else past.end
        if end > self.max_positions:
            raise ValueError(f"{end} tokens; allowed: at most {self.max_positions}")
        if past is None:
            return self.rope_cos[:length, None], self.rope_sin[:length, None]
        return self.rope_cos[past.positions_BT][:, :, None], self.rope_sin[past.positions_BT][:, :, None]

    def _logits(self, x: Tensor) -> Tensor:
        logits = self.lm_head(x).float()
        cap = self.config.logit_softcap
        return logits if cap is None else cap * torch.tanh(logits / cap)

    def _loss(self, x: Tensor, targets: Tensor) -> Tensor:
        cap = self.config.logit_softcap
        if cap is not None and cap <= LARGEST_CAP and not x.is_cuda and not torch.is_grad_enabled():
            return softcap_losses(x, self.lm_head.weight, targets, cap, IGNORE)
        return F.cross_entropy(self._logits(x), targets, ignore_index=IGNORE, reduction="none")
