"""One optimizer object: Muon for the blocks' matrices, AdamW for everything else."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from trainer.model import GPT
from trainer.muon import muon_groups
from trainer.schedule import muon_momentum, weight_decay_multiplier
from trainer.sizing import TrainingPlan

_ADAM_EPS = 1e-10


class Optimizer:
    """Steps every parameter of one model from its (already averaged) gradients.

    Learning rates are the plan's times `lr_multiplier`; momentum and weight decay follow
    `progress`. Without distributed code: equal gradients give equal steps on every rank.
    """

    def __init__(self, model: GPT, plan: TrainingPlan) -> None:
        self.plan = plan
        self._names: dict[Tensor, str] = {parameter: name for name, parameter in model.named_parameters()}
        by_role: dict[str, list[nn.Parameter]] = {}
        for name, parameter in model.named_parameters():
            by_role.setdefault(parameter_role(name, parameter), []).append(parameter)
        matrices = by_role.pop("matrix", [])
        self._muon = muon_groups(matrices) if plan.matrix_optimizer == "muon" else []
        rates = _adam_rates(plan)
        groups = [{"params": by_role[role], "base_lr": rates[role]} for role in sorted(by_role)]
        if plan.matrix_optimizer == "adamw" and matrices:
            groups.append({"params": matrices, "base_lr": plan.matrix_lr, "decayed": True})
        self._adam = _adam(groups, plan)

    def step(self, lr_multiplier: float, progress: float) -> None:
        """One update; `progress` through the horizon is between 0 and 1."""
        decay = self.plan.weight_decay * weight_decay_multiplier(progress)
        for group in self._adam.param_groups:
            group["lr"] = group["base_lr"] * lr_multiplier
            group["weight_decay"] = decay if group.get("decayed") else 0.0
        self._adam.step()
        momentum = muon_momentum(progress, self.plan.muon_momentum)
        for matrices in self._muon:
            matrices.step(self.plan.matrix_lr * lr_multiplier, momentum, decay)

    def zero_grad(self) -> None:
        """Drop all gradients."""
        for parameter in self._names:
            parameter.grad = None

    def state_tensors(self) -> dict[str, Tensor]:
        """All state, by name: the live tensors, not copies."""
        return dict(self._state())

    def load_state_tensors(self, tensors: dict[str, Tensor]) -> None:
        """Take over state saved by an optimizer of the same model and plan.

        Raises:
            ValueError: if names or shapes differ.
        """
        own = self.state_tensors()
        if own.keys() != tensors.keys():
            odd = sorted(own.keys() ^ tensors.keys())[0]
            raise ValueError(f"optimizer state does not fit the model: {odd}")
        for name, tensor in own.items():
            if tensor.shape != tensors[name].shape:
                raise ValueError(
                    f"optimizer state does not fit the model: {name} {tuple(tensors[name].shape)}"
                )
            tensor.copy_(tensors[name])

    def _state(self) -> Iterator[tuple[str, Tensor]]:
        for matrices in self._muon:
            yield f"muon.{matrices.name}.momentum", matrices.momentum
            yield f"muon.{matrices.name}.second_moment", matrices.second_moment
        for parameter, state in self._adam.state.items():
            for key in ("step", "exp_avg", "exp_avg_sq"):
                yield f"adamw.{self._names[parameter]}.{key}", state[key]


def build_optimizer(model: GPT, plan: TrainingPlan) -> Optimizer:
    """The optimizer of `plan`; `model` must already be on its device and not wrapped."""
    return Optimizer(model, plan)


def parameter_role(name: str, parameter: Tensor) -> str:
    """Which rate a parameter follows: matrix, embedding, value_embedding, unembedding, residual or scalar."""
    if name.startswith("embed_tokens"):
        return "embedding"
    if name.startswith("value_embeddings"):
        return "value_embedding"
    if name.startswith("lm_head"):
        return "unembedding"
    if parameter.ndim >= 2:
        return "matrix"
    return "scalar" if name == "x0_lambdas" else "residual"


def _adam_rates(plan: TrainingPlan) -> dict[str, float]:
    return {
        "embedding": plan.embedding_lr,
        "value_embedding": plan.embedding_lr * 0.5,
        "unembedding": plan.unembedding_lr,
        "scalar": plan.scalar_lr,
        # Gains near 1 multiply through all layers: a hundredth of the scalar rate (as nanochat).
        "residual": plan.scalar_lr * 0.01,
    }


def _adam(groups: list[dict[str, object]], plan: TrainingPlan) -> torch.optim.AdamW:
    betas = (plan.adam_beta1, plan.adam_beta2)
    adam = torch.optim.AdamW(groups, lr=0.0, betas=betas, eps=_ADAM_EPS, weight_decay=0.0, fused=True)
    for group in adam.param_groups:
        for parameter in group["params"]:
            # Before the first step, so that a fresh optimizer can take over saved state.
            adam.state[parameter] = {
                "step": torch.zeros((), dtype=torch.float32, device=parameter.device),
                "exp_avg": torch.zeros_like(parameter),
                "exp_avg_sq": torch.zeros_like(parameter),
            }
    return adam
