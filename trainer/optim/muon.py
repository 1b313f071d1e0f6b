"""Muon: momentum, orthogonalised, for matrices of the blocks."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from trainer.optim.rates import GroupRates

# Polar Express (arXiv 2505.16932): five optimal odd polynomials for singular values in [1e-3, 1].
_POLAR_EXPRESS = (
    (8.156554524902461, -22.48329292557795, 15.878769915207462),
    (4.042929935166739, -2.808917465908714, 0.5000178451051316),
    (3.8916678022926607, -2.772484153217685, 0.5060648178503393),
    (3.285753657755655, -2.3681294933425376, 0.46449024233003106),
    (2.3465413258596377, -1.7097828382687081, 0.42323551169305323),
)
_SECOND_MOMENT_BETA = 0.95


def orthogonalize(matrices_NRC: Tensor, dtype: torch.dtype = torch.float32) -> Tensor:
    """Nearest (semi-)orthogonal matrices, approximately: singular values near 1. Same shape and dtype.

    The products are taken in `dtype`; on a GPU in bf16.
    """
    x = matrices_NRC.bfloat16() if matrices_NRC.is_cuda else matrices_NRC.to(dtype)
    tall = x.size(-2) > x.size(-1)
    x = x.mT if tall else x
    x = x / (x.norm(dim=(-2, -1), keepdim=True) * 1.02 + 1e-6)
    for a, b, c in _POLAR_EXPRESS:
        gram = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return (x.mT if tall else x).to(matrices_NRC.dtype)


class MuonGroup:
    """All matrices of one shape, stepped as one stack.

    Nesterov momentum, orthogonalisation, a second moment a row or column (NorMuon, arXiv
    2510.05491), and weight decay only where update and weight agree in sign (arXiv 2510.12402).
    `like` has the shape where there may be no matrix: a rank's share can be empty. `dtype` is that of the
    orthogonalisation's products.
    """

    def __init__(
        self, parameters: Sequence[Tensor], like: Tensor | None = None, dtype: torch.dtype = torch.float32
    ) -> None:
        self.parameters, self._dtype = list(parameters), dtype
        first = self.parameters[0] if like is None else like
        rows, columns = first.shape
        self._dim = -1 if rows >= columns else -2
        self._aspect = max(1.0, rows / columns) ** 0.5
        self.momentum = torch.zeros(len(parameters), rows, columns, device=first.device)
        self.second_moment = self.momentum.mean(self._dim, keepdim=True)

    @torch.no_grad()
    def step(self, rates: GroupRates | Tensor) -> None:
        """One update from the parameters' gradients; on a GPU the rates are a row of `DeviceRates`."""
        if not self.parameters:
            return
        gradient = torch.stack([_gradient(p) for p in self.parameters])
        average, apply = _elementwise(gradient)
        update = orthogonalize(average(gradient, self.momentum, rates), self._dtype)
        weights = torch.stack([p.detach() for p in self.parameters])
        apply(weights, update, self._scale(update), self._aspect, rates)
        torch._foreach_copy_(self.parameters, list(weights.unbind(0)))

    def _scale(self, update: Tensor) -> Tensor:
        """What each row or column is multiplied by; the update's norm stays what it is."""
        mean_square = _mean_square(update, self._dim)
        self.second_moment.lerp_(mean_square, 1.0 - _SECOND_MOMENT_BETA)
        scale = self.second_moment.clamp_min(1e-10).rsqrt()
        before = mean_square.sum((-2, -1), keepdim=True).sqrt()
        after = (mean_square * scale.square()).sum((-2, -1), keepdim=True).sqrt()
        return scale * before / after.clamp_min(1e-10)


def nesterov(gradient_NRC: Tensor, average_NRC: Tensor, rates: GroupRates) -> Tensor:
    """Take the gradient into the running average; returns Nesterov's mix of both, in its place."""
    average_NRC.lerp_(gradient_NRC, 1.0 - rates.momentum)
    return gradient_NRC.lerp_(average_NRC, rates.momentum)


def descend(weights_NRC: Tensor, update_NRC: Tensor, scale: Tensor, aspect: float, rates: GroupRates) -> None:
    """weights -= lr · (aspect · update · scale, and decay where update and weight agree in sign)."""
    update = update_NRC * scale
    if rates.weight_decay > 0.0:
        agrees = (update * weights_NRC) >= 0.0
        update = update * aspect + (rates.weight_decay * weights_NRC).mul_(agrees)
    else:
        update = update * aspect
    weights_NRC.sub_(update, alpha=rates.lr)


def _elementwise(gradient: Tensor) -> tuple[Callable[..., Tensor], Callable[..., None]]:
    """`nesterov` and `descend` for the gradient's device."""
    if not gradient.is_cuda:
        return nesterov, descend
    from trainer.optim import muon_triton  # triton comes with the CUDA builds of torch

    return muon_triton.nesterov, muon_triton.descend


def _mean_square(update: Tensor, dim: int) -> Tensor:
    if not update.is_cuda:
        mean: Tensor = update.square().mean(dim, keepdim=True)
        return mean
    norms: Tensor = torch.linalg.vector_norm(update, dim=dim, keepdim=True, dtype=torch.float32)
    return norms.square() / update.size(dim)


def _gradient(parameter: Tensor) -> Tensor:
    return torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
