"""Everything that a training step runs, compiled and tuned before any step is timed."""

import copy
import time

import torch

from trainer.model.gpt import GPT
from trainer.optim.optimizer import build_optimizer
from trainer.sizing.plan import TrainingPlan
from trainer.training.loss import LossSum

_PASSES = 2  # the second adds to gradients that are there, which is other code


def warm_up(model: GPT, plan: TrainingPlan, loss_sum: LossSum, rows: int) -> float:
    """Rehearse one step of passes of `rows` sequences on random tokens; returns its seconds.

    The model keeps its weights: the optimizer that steps here, and the weights it steps, are copies.
    """
    started = time.perf_counter()
    shape = (rows, plan.sequence_len)
    generator = torch.Generator().manual_seed(0)
    tokens_BT = torch.randint(model.config.vocab_size, shape, generator=generator).to(model.device)
    # One tensor for both would be compiled as such, and what training calls once more.
    targets_BT = tokens_BT.clone()
    for _ in range(_PASSES):
        (loss_sum(tokens_BT, targets_BT) / tokens_BT.numel()).backward()  # type: ignore[no-untyped-call]
    rehearsal = copy.deepcopy(model)
    for parameter, trained in zip(rehearsal.parameters(), model.parameters(), strict=True):
        parameter.grad, trained.grad = trained.grad, None
    build_optimizer(rehearsal, plan).step(0.0, 0.0)
    if model.device.type == "cuda":
        torch.cuda.synchronize(model.device)
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats(model.device)
    return time.perf_counter() - started
