"""nanochat's training step, as its scripts/base_train.py takes it, on rows that are given."""

from __future__ import annotations

import gc
import math
import sys
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn

from bench.beside.learner import Learner, StepRows, fill_zero_projections
from bench.beside.spec import Spec

_ASPECT_RATIO, _HEAD_DIM = 64, 128
_TOKENS_PER_PARAMETER, _WEIGHT_DECAY, _REFERENCE_BATCH = 12, 0.28, 2**19
_WARMUP_STEPS, _WARMDOWN, _FINAL_LR = 40, 0.65, 0.05


def build(spec: Spec) -> Learner:
    """Raises: ModuleNotFoundError: where the checkout, or a package that it needs, is absent."""
    sys.path.insert(0, str(spec.nanochat))
    from nanochat import flash_attention  # type: ignore[import-not-found]
    from nanochat.common import COMPUTE_DTYPE, compute_init  # type: ignore[import-not-found]

    _, rank, _, ranks, device = compute_init(spec.device)
    if ranks > 1 and not dist.is_initialized():
        _join_on_cpu()
    model = _on_meta(spec, spec.depth)
    model.to_empty(device=device)
    model.init_weights()
    fill_zero_projections(model)
    # Counted before fp8: what is converted is no longer of the class that it counts.
    flops = float(model.estimate_flops())
    if spec.fp8:
        _to_fp8(model)
    step = Step(spec, model, StepRows(spec, rank, ranks), ranks, device)
    # Without FA3 a sliding window is a mask that SDPA is given, so SSSL saves it nothing.
    attention = "FA3" if flash_attention.USE_FA3 else "SDPA"
    dtype = "fp8" if spec.fp8 else str(COMPUTE_DTYPE).removeprefix("torch.")
    return Learner(step.take, device, flops, f"{attention}, {dtype}, {spec.device_batch_size} rows a pass")


def _join_on_cpu() -> None:
    """Its own start joins ranks on GPUs alone."""
    from nanochat import optim

    from bench.beside.gloo import Collectives

    dist.init_process_group("gloo")
    optim.dist = Collectives


def _on_meta(spec: Spec, depth: int) -> Any:
    """Its shape for a depth: widths are rounded up to whole heads."""
    from nanochat.gpt import GPT, GPTConfig  # type: ignore[import-not-found]

    heads = math.ceil(depth * _ASPECT_RATIO / _HEAD_DIM)
    config = GPTConfig(
        sequence_len=spec.sequence_len, vocab_size=spec.vocab_size, n_layer=depth, n_head=heads,
        n_kv_head=heads, n_embd=heads * _HEAD_DIM, window_pattern=spec.windows,
    )  # fmt: skip
    with torch.device("meta"):
        return GPT(config)


def _to_fp8(model: nn.Module) -> None:
    """Tensorwise, every layer that is large enough."""
    from nanochat.fp8 import (  # type: ignore[import-not-found]
        Float8LinearConfig,
        convert_to_float8_training,
    )

    if not torch.cuda.is_available():
        raise RuntimeError("nanochat converts to fp8 on GPUs only")

    def large(module: nn.Module, _: str) -> bool:
        if not isinstance(module, nn.Linear):
            return False
        sizes = (module.in_features, module.out_features)
        return all(size % 16 == 0 for size in sizes) and min(sizes) >= 128

    recipe = Float8LinearConfig.from_recipe_name("tensorwise")
    convert_to_float8_training(model, config=recipe, module_filter_fn=large)


class Step:
    """Compiled passes, the optimizer and its schedules; reads each step's loss, as the script does."""

    def __init__(self, spec: Spec, model: Any, rows: StepRows, ranks: int, device: torch.device) -> None:
        self._model = model
        self._compiled: Any = torch.compile(model, dynamic=False)
        self._passes, rest = divmod(spec.total_batch_size, spec.device_batch_size * spec.sequence_len * ranks)
        if rest or not self._passes:
            raise ValueError(f"{spec.total_batch_size} tokens are no whole passes of {ranks} ranks")
        self._rows, self._device = rows, device
        self._staged = [self._stage(step, spec.device_batch_size) for step in rows.steps]
        self._here = torch.empty_like(self._staged[0][0], device=device)
        self._set_up_optimizer(spec)
        self._at = 0

    def take(self, count: int) -> float:
        """`count` optimizer steps; the last one's loss."""
        return [self._step() for _ in range(count)][-1]

    def _stage(self, rows: Any, rows_per_pass: int) -> list[Tensor]:
        """Inputs and targets [2, B, T] of each pass, pinned for one copy, as its loader has them."""
        tokens = torch.from_numpy(rows).long()
        pairs = torch.stack((tokens[:, :-1], tokens[:, 1:]))
        pieces = [piece.contiguous() for piece in torch.split(pairs, rows_per_pass, dim=1)]
        return [piece.pin_memory() for piece in pieces] if self._device.type == "cuda" else pieces

    def _set_up_optimizer(self, spec: Spec) -> None:
        """Rates and decay scaled to batch and horizon by its rules."""
        parameters, reference = (_scaling_parameters(m) for m in (self._model, _on_meta(spec, 12)))
        scale = math.sqrt(spec.total_batch_size / _REFERENCE_BATCH)
        self._weight_decay = _WEIGHT_DECAY * scale * reference / parameters
        self._horizon = max(1, _TOKENS_PER_PARAMETER * parameters // spec.total_batch_size)
        self._optimizer = self._model.setup_optimizer(
            unembedding_lr=0.008 * scale, embedding_lr=0.3 * scale, scalar_lr=0.5 * scale,
            matrix_lr=0.02 * scale, weight_decay=self._weight_decay,
        )  # fmt: skip

    def _step(self) -> float:
        pieces = self._staged[self._rows.next()]
        self._wait()
        for piece in pieces:
            self._here.copy_(piece, non_blocking=True)
            loss = self._compiled(self._here[0], self._here[1])
            (loss / self._passes).backward()
        self._set_rates()
        self._optimizer.step()
        self._model.zero_grad(set_to_none=True)
        value = float(loss.detach().item())
        self._wait()
        self._at += 1
        if self._at == 1:
            self._stop_collecting()
        return value

    def _set_rates(self) -> None:
        """Its schedules of rate, momentum and decay."""
        at, horizon = self._at, self._horizon
        warmdown = max(1, round(_WARMDOWN * horizon))
        left = min(1.0, max(0.0, (horizon - at) / warmdown))
        rate = (at + 1) / _WARMUP_STEPS if at < _WARMUP_STEPS else left + (1 - left) * _FINAL_LR
        for group in self._optimizer.param_groups:
            group["lr"] = group["initial_lr"] * rate
            if group["kind"] == "muon":
                group["momentum"] = 0.85 + 0.12 * min(1.0, at / 400)
                group["weight_decay"] = self._weight_decay * 0.5 * (1 + math.cos(math.pi * at / horizon))

    def _wait(self) -> None:
        if self._device.type == "cuda":
            torch.cuda.synchronize(self._device)

    @staticmethod
    def _stop_collecting() -> None:
        gc.collect()
        gc.freeze()
        gc.disable()


def _scaling_parameters(model: Any) -> int:
    counts: dict[str, int] = model.num_scaling_params()
    return counts["transformer_matrices"] + counts["lm_head"]
