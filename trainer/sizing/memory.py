"""Peak memory of a training step, from the shape: what a GPU must hold, before anything is put there.

A step has four phases, and its peak is that of the largest: the end of the forward pass, when all activations
and the logits lie there; the end of the backward pass, when all gradients do; the optimizer; an evaluation.
Counts of tensors are those of the compiled graph; what they leave out is in `_MEASURED_SHARE`.
"""

from __future__ import annotations

import math
import resource
from collections import Counter
from dataclasses import dataclass, replace
from typing import Literal

import torch

from trainer.model.config import ModelConfig
from trainer.sizing.flops import param_counts

Kernels = Literal["fused", "compiled", "eager"]

# Of an evaluation batch, in float32.
EVAL_LOGIT_BYTES = 2 << 30
_HOPPER = 9  # as in trainer.kernels.dispatch
# Of free memory: the rest is for what the allocator cannot use, and for estimates that are too low.
USABLE_SHARE = 0.9
# One H200, fused kernels, depth 12, T 2048, V 32768: 25.6, 46.6 and 88.5 GB with 32, 64 and 128 rows, so
# 320 KB a token and 4.6 GB besides (docs/logs/gpu_speed.md). Counting alone gives 304 KB and 4.7 GB.
_MEASURED_SHARE = 1.07
# Bytes a token, a layer and a unit of width. Compiled: depths 8 and 12 on one H200. Eager: counted on a CPU.
_UNFUSED_LAYER_BYTES: dict[Kernels, int] = {"compiled": 38, "eager": 65}
# Bytes a token and a vocabulary entry, all copies of the logits together.
_LOGIT_BYTES: dict[Kernels, int] = {"fused": 2, "compiled": 4, "eager": 18}
# Matrix products' own scratch memory: cuBLAS takes 32 MiB a stream, and trainer.kernels.products.cublaslt 64.
_WORKSPACE_BYTES = 128 << 20
# float32 gradients and weights of a stack, and bf16 products of its orthogonalisation.
_MUON_STACK_BYTES = 14


@dataclass(frozen=True)
class StepShape:
    """What a step's memory depends on besides the model; `rows` are those of one forward pass."""

    rows: int
    sequence_len: int
    accumulates: bool
    activation_checkpointing: bool
    matrix_optimizer: Literal["muon", "adamw"] = "muon"
    kernels: Kernels = "fused"
    value_bytes: int = 2
    ranks: int = 1

    @property
    def tokens(self) -> int:
        return self.rows * self.sequence_len


def peak_bytes(config: ModelConfig, step: StepShape) -> int:
    """The most memory that training and evaluation hold at once, in bytes, on each GPU."""
    return math.ceil(max(phases(config, step).values()))


def needed_bytes(config: ModelConfig, step: StepShape) -> int:
    """What must be free: the peak, and that of the step that `trainer.training.warmup` rehearses.

    It passes twice, whatever the step does, and steps a copy of the weights with an optimizer of its own.
    """
    if step.kernels == "eager":
        return peak_bytes(config, step)
    twice = peak_bytes(config, replace(step, accumulates=True))
    copies = 12.0 * param_counts(config)["total"] + 2 * _optimizer_state(config, step)
    return max(twice, math.ceil(copies + _stacks(config, step) + _WORKSPACE_BYTES))


def phases(config: ModelConfig, step: StepShape) -> dict[str, float]:
    """Bytes held at the height of `forward`, `backward`, `optimizer` and `evaluation`."""
    parameters = param_counts(config)["total"]
    held = 4.0 * parameters + _optimizer_state(config, step) + _WORKSPACE_BYTES
    gradients = 4.0 * parameters
    before = gradients if step.accumulates else 0.0
    cast = 0.0 if step.value_bytes == 4 else 2.0 * (_matrix_parameters(config) + _head(config))
    activations = step.tokens * (_saved(config, step) + _at_the_top(config, step))
    return {
        # The head's gradient is there first: in the compute dtype, scaled, and as float32.
        "forward": held + before + cast + activations + _head(config) * (4 + 2 * step.value_bytes),
        # A compiled backward pass hands all its gradients over at its end.
        "backward": held + before + gradients + cast + step.tokens * _at_the_bottom(config, step),
        # The weights before the step, where norms are measured.
        "optimizer": held + 2 * gradients + _stacks(config, step),
        "evaluation": held + evaluation_bytes(config, step),
    }


def measured_peak_bytes(device: torch.device) -> int:
    """The most this process has held: of a GPU's memory by tensors, else of the machine's in all."""
    if device.type == "cuda":
        return int(torch.cuda.max_memory_allocated(device))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024  # kilobytes, on Linux


def kernels_of(config: ModelConfig, compiled: bool, bf16: bool) -> Kernels:
    """Which kernels a GPU runs this model with; without a GPU: those of the one that is planned for."""
    if not compiled:
        return "eager"
    hopper = not torch.cuda.is_available() or torch.cuda.get_device_capability()[0] == _HOPPER
    fits = config.head_dim & (config.head_dim - 1) == 0 and 16 <= config.head_dim <= 128
    return "fused" if bf16 and hopper and fits and config.block == "gpt" else "compiled"


def _matrix_parameters(config: ModelConfig) -> int:
    return param_counts(config)["matrices"]


def _head(config: ModelConfig) -> int:
    return config.vocab_size * config.width


def _optimizer_state(config: ModelConfig, step: StepShape) -> float:
    """Muon: one float32 momentum (its second moment is a vector a matrix); AdamW: two moments.

    Each rank keeps those of its share (trainer.optim.sharding).
    """
    matrices = _matrix_parameters(config)
    rest = param_counts(config)["total"] - matrices
    return (8.0 * rest + (4.0 if step.matrix_optimizer == "muon" else 8.0) * matrices) / step.ranks


def _saved(config: ModelConfig, step: StepShape) -> float:
    """Bytes a token that all layers keep for the backward pass."""
    ends = 3 * config.width * step.value_bytes  # the embedding, and the final norm's input and output
    if step.activation_checkpointing:
        # A block's input and its value embedding.
        layers = config.depth * config.width + len(config.value_embedding_layers) * _kv_width(config)
        return ends + layers * step.value_bytes
    return ends + config.depth * _of_a_layer(config, step)


def _of_a_layer(config: ModelConfig, step: StepShape) -> float:
    """Bytes a token of what one layer keeps."""
    if step.kernels != "fused":
        return _UNFUSED_LAYER_BYTES[step.kernels] * config.width * step.value_bytes / 2
    heads = config.heads * config.head_dim
    gated = len(config.value_embedding_layers) / config.depth * _kv_width(config)
    # The residual stream and its norm, each before attention and before the MLP; q, k, v and what
    # attention makes of them; the MLP's hidden units.
    kept = 4 * config.width + 2 * heads + 2 * _kv_width(config) + gated + config.mlp_width
    return _MEASURED_SHARE * kept * step.value_bytes


def _at_the_top(config: ModelConfig, step: StepShape) -> float:
    """Bytes a token of the loss, or of the layer that is worked on where that is more."""
    # The logits, and the gradient of what the head reads before and after it is scaled.
    loss = _LOGIT_BYTES[step.kernels] * config.vocab_size * step.value_bytes / 2
    computed_again = _of_a_layer(config, step) if step.activation_checkpointing else 0.0
    return max(loss + 2 * config.width * step.value_bytes, computed_again + _gradients(config, step))


def _at_the_bottom(config: ModelConfig, step: StepShape) -> float:
    """Bytes a token while the first layer's gradients are taken, the last ones of all."""
    return _of_a_layer(config, step) + _gradients(config, step)


def _gradients(config: ModelConfig, step: StepShape) -> float:
    """Bytes a token of one layer's gradients: of its hidden units, of q, k, v and of x."""
    return (config.mlp_width + 4 * config.width + 2 * _kv_width(config)) * step.value_bytes


def _stacks(config: ModelConfig, step: StepShape) -> float:
    """Muon's copies while it steps the largest stack of equal matrices."""
    if step.matrix_optimizer == "adamw":
        return 0.0
    c, q, kv, m = config.width, config.heads * config.head_dim, _kv_width(config), config.mlp_width
    ups = 1 if config.block == "gpt" else 2
    shapes = [(q, c), (kv, c), (kv, c), (c, q), *[(m, c)] * ups, (c, m)]
    largest = max(rows * columns * count for (rows, columns), count in Counter(shapes).items())
    return _MUON_STACK_BYTES * largest * config.depth / step.ranks


def evaluation_bytes(config: ModelConfig, step: StepShape) -> int:
    """Float32 logits of a batch, three copies at once while they are capped, and the bf16 ones."""
    return math.ceil(3.5 * min(EVAL_LOGIT_BYTES, 4.0 * config.vocab_size * step.tokens))


def _kv_width(config: ModelConfig) -> int:
    return config.kv_heads * config.head_dim
