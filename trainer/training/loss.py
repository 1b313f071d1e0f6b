"""The summed loss that training differentiates: fused with the model's head where that is faster."""

from collections.abc import Callable

import torch
from torch import Tensor

from trainer.kernels.compiler_hints import not_compiled
from trainer.kernels.softcap_head import LARGEST_CAP, SoftcapHeadLoss, softcap_losses
from trainer.model.gpt import GPT
from trainer.tokens import IGNORE

LossSum = Callable[[Tensor, Tensor], Tensor]


def loss_sum_of(model: GPT) -> LossSum:
    """`(tokens [B, T], targets [B, T])` -> the sum of the losses."""
    cap = model.config.logit_softcap
    if cap is not None and model.device.type == "cuda" and model.compute_dtype == torch.bfloat16:
        return _fused(model, cap)
    if cap is not None and cap <= LARGEST_CAP and model.device.type == "cpu":
        return _in_cache(model, cap)
    return lambda tokens_BT, targets_BT: model.loss_per_token(tokens_BT, targets_BT).sum()


def _in_cache(model: GPT, cap: float) -> LossSum:
    def loss_sum(tokens_BT: Tensor, targets_BT: Tensor) -> Tensor:
        x_NC = model.hidden(tokens_BT).flatten(0, 1)
        head_loss = not_compiled(_head_loss)
        return head_loss(x_NC, model.lm_head.weight, targets_BT.flatten().long(), cap)

    return loss_sum


def _head_loss(x_NC: Tensor, weight_VC: Tensor, targets_N: Tensor, cap: float) -> Tensor:
    """Never compiled: its passes over the logits beat the compiler's (docs/logs/cpu_speed.md)."""
    if not torch.is_grad_enabled():
        return softcap_losses(x_NC, weight_VC, targets_N, cap, IGNORE).sum()
    total: Tensor = SoftcapHeadLoss.apply(x_NC, weight_VC, targets_N, cap, IGNORE)
    return total


def _fused(model: GPT, cap: float) -> LossSum:
    from trainer.kernels.softcap import softcap_loss_sum  # triton comes with the CUDA builds of torch

    def loss_sum(tokens_BT: Tensor, targets_BT: Tensor) -> Tensor:
        x_NC = model.hidden(tokens_BT).flatten(0, 1)
        weight_VC = model.lm_head.weight.to(x_NC.dtype)
        fp8 = model.lm_head.fp8
        total, *_ = softcap_loss_sum(x_NC, weight_VC, targets_BT.flatten(), cap, IGNORE, fp8)
        return total  # type: ignore[no-any-return]

    return loss_sum
