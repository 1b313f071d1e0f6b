"""The Triton kernels that Triton's interpreter runs on a CPU, against the plain formulas.

Run by test_kernels_interpreted.py with TRITON_INTERPRET=1, which must be set before the import.
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F

from trainer.kernels.attention.rotary import turn_back_in_place, turn_in_place
from trainer.kernels.products import fp8
from trainer.kernels.products.fp8_triton import E4M3, E5M2, quantize
from trainer.kernels.residual import mix_norm
from trainer.kernels.table import sum_rows
from trainer.model.attention import rope_tables, rotate
from trainer.optim import adam_triton, muon, muon_triton
from trainer.optim.adam import FusedAdamW
from trainer.optim.rates import GroupRates

BATCH, LENGTH, HEADS, KV_HEADS, HEAD_DIM = 2, 19, 4, 2, 16


def check_turning(gated: bool) -> None:
    """Rotation, norm and gated values, there and back."""
    every = HEADS + 2 * KV_HEADS
    qkv = torch.randn(BATCH, LENGTH, every, HEAD_DIM, requires_grad=True)
    value = torch.randn(BATCH, LENGTH, KV_HEADS, HEAD_DIM, requires_grad=True)
    gate = torch.rand(BATCH, LENGTH, KV_HEADS, requires_grad=True)
    cos, sin = (table[:LENGTH, None] for table in rope_tables(32, HEAD_DIM, 1e5))
    turning, v = qkv.split([HEADS + KV_HEADS, KV_HEADS], dim=2)
    turned = F.rms_norm(rotate(turning, cos, sin), (HEAD_DIM,), eps=1e-6)
    plain = torch.cat((turned, v + gate[..., None] * value if gated else v), dim=2)
    grad = torch.randn_like(plain)
    plain.backward(grad)
    extra = (value.detach(), gate.detach()) if gated else (None, None)
    buffer = qkv.detach().clone()
    factors = turn_in_place(buffer, cos, sin, HEADS, *extra)
    assert torch.allclose(buffer, plain, atol=1e-5)
    value_grad, gate_grad = turn_back_in_place(grad, buffer, factors, cos, sin, HEADS, *extra)
    assert qkv.grad is not None and torch.allclose(grad, qkv.grad, atol=1e-5)
    if gated:
        assert value_grad is not None and torch.allclose(value_grad, value.grad, atol=1e-5)
        assert gate_grad is not None and torch.allclose(gate_grad, gate.grad, atol=1e-5)


def check_muon(shape: tuple[int, int, int], decay: float) -> None:
    """Nesterov's average and the descent with cautious decay."""
    gradient, average, weights = (torch.randn(shape) for _ in range(3))
    average_too, weights_too = average.clone(), weights.clone()
    rates = GroupRates(0.1, decay, momentum=0.9)
    row = torch.tensor([*rates, 0.0])
    mixed = muon_triton.nesterov(gradient, average, row)
    plain = muon.nesterov(gradient.clone(), average_too, rates)
    assert torch.allclose(average, average_too, atol=1e-6)
    assert torch.allclose(mixed.float(), plain, rtol=1e-2, atol=1e-3)
    update = muon.orthogonalize(mixed.float())
    tall = shape[1] >= shape[2]
    scale = torch.rand((shape[0], shape[1], 1) if tall else (shape[0], 1, shape[2]))
    muon_triton.descend(weights, update, scale, 1.5, row)
    muon.descend(weights_too, update, scale, 1.5, rates)
    assert torch.allclose(weights, weights_too, atol=1e-6)


def check_adam(steps: int) -> None:
    """Beside torch's: rates and decays that change, a decay that ends, a parameter without a gradient."""
    sizes = ((3, 700), (1,), (5,), (40,), (2,))
    ours, theirs = ([torch.ones(size) for size in sizes] for _ in range(2))
    adams, others = (
        [FusedAdamW(group, (0.8, 0.95)) for group in (every[:2], every[2:])] for every in (ours, theirs)
    )
    for step in range(steps):
        for one, other in zip(ours[:-1], theirs[:-1], strict=True):
            one.grad = torch.randn_like(one)
            other.grad = one.grad.clone()
        rates = [(0.1 / (1 + step), max(0.0, 0.5 - 0.05 * step)), (0.02 * step, 0.3)]
        adam_triton.step(adams, torch.tensor([[*pair, 0.0, 0.0] for pair in rates]))
        for adam, (lr, decay) in zip(others, rates, strict=True):
            adam.step(lr, decay)
    for group, other_group in zip(adams, others, strict=True):
        pairs = zip(group.moments.items(), other_group.moments.items(), strict=True)
        for (one, kept), (other, its) in pairs:
            assert torch.allclose(one, other, rtol=1e-5, atol=1e-6)
            assert torch.allclose(kept.exp_avg, its.exp_avg, rtol=1e-5, atol=1e-7)
            assert torch.allclose(kept.exp_avg_sq, its.exp_avg_sq, rtol=1e-5, atol=1e-7)
            assert int(kept.step) == int(its.step) == (steps if one.grad is not None else 0)


def relative(one: torch.Tensor, other: torch.Tensor) -> float:
    return float((one.float() - other.float()).norm() / other.float().norm())


def check_quantized(dtype: torch.dtype, shape: tuple[int, int], size: float) -> None:
    """By rows and by columns alike, as near as the format allows; nothing is lost to overflow."""
    x = (size * torch.randn(shape)).bfloat16()
    x[1, 0] = 25 * size  # row 1 is not in the sample that the scale is taken from
    both = quantize(x, dtype)
    assert torch.equal(both.rows.view(torch.uint8).T, both.columns.view(torch.uint8))
    # The interpreter truncates where the GPU rounds: twice the error.
    assert relative(both.rows.float() * both.inverse_scale, x) < (0.08 if dtype == E4M3 else 0.16)


def check_fp8_products() -> None:
    """Products and gradients against those in float32, to the formats' precision."""
    x, weight, grad = torch.randn(64, 32), 0.1 * torch.randn(48, 32), 1e-6 * torch.randn(64, 48)
    x, weight, grad = (t.bfloat16() for t in (x, weight, grad))
    y, kept = fp8.product(x, weight)
    assert relative(y, x.float() @ weight.float().T) < 0.15
    x_grad, weight_grad = fp8.product_back(fp8.gradient(grad), kept)
    assert relative(x_grad, grad.float() @ weight.float()) < 0.2
    assert relative(weight_grad, grad.float().T @ x.float()) < 0.2


def check_fp8_mlp() -> None:
    """The ReLU² MLP's value and its three gradients."""
    x, up, down = torch.randn(1536, 32), 0.2 * torch.randn(64, 32), 0.1 * torch.randn(32, 64)
    values = [t.bfloat16().requires_grad_() for t in (x, up, down)]
    plain = [t.detach().float().requires_grad_() for t in values]
    grad = 1e-5 * torch.randn(1536, 32)
    fp8.fp8_relu_squared_mlp(*values)[0].backward(grad.bfloat16())
    y = F.relu(plain[0] @ plain[1].T).square() @ plain[2].T
    y.backward(grad)
    for value, other in zip(values, plain, strict=True):
        assert value.grad is not None and other.grad is not None
        assert relative(value.grad, other.grad) < 0.25


def check_sums_of_rows(tokens: torch.Tensor, width: int) -> None:
    """A token's rows are summed wherever they stand, also where they fill more than one program."""
    grad = torch.randn(len(tokens), width)
    ordered, order = tokens.int().sort()
    out = sum_rows(grad, order, ordered, 50)
    plain = torch.zeros(50, width).index_add_(0, tokens, grad)
    assert torch.allclose(out, plain, atol=1e-4)


def check_mix_norm(tokens: int, width: int, dtype: torch.dtype) -> None:
    """Three layers that mix in the same start: all gradients."""
    x, weights = torch.randn(tokens, width).to(dtype), [0.2 * torch.randn(width, width) for _ in range(3)]
    ours, plain = (x.clone().requires_grad_() for _ in range(2))
    factors, factors_too = (
        torch.tensor([[1.1, 0.1], [-0.9, 0.2], [0.8, 0.3]]).requires_grad_() for _ in range(2)
    )
    _mixed(mix_norm, ours, factors, weights).backward()
    _mixed(_plain_mix_norm, plain.float(), factors_too, weights).backward()
    error = 1e-5 if dtype == torch.float32 else 0.03
    for one, other in ((ours, plain), (factors, factors_too)):
        assert one.grad is not None and other.grad is not None and relative(one.grad, other.grad) < error


def _mixed(
    mix: Callable[..., tuple[torch.Tensor, ...]],
    start: torch.Tensor,
    factors: torch.Tensor,
    weights: list[torch.Tensor],
) -> torch.Tensor:
    x = start
    for layer, weight in enumerate(weights):
        x, normed = mix(x, start, factors[layer])
        x = x + torch.tanh(normed @ weight.to(x.dtype))
    return x.float().square().sum()


def _plain_mix_norm(
    x: torch.Tensor, start: torch.Tensor, factors: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    mixed = factors[0] * x + factors[1] * start
    return mixed, F.rms_norm(mixed, (mixed.size(-1),), eps=1e-6)


def main() -> None:
    torch.manual_seed(0)
    for dtype in (E4M3, E5M2):
        for shape in ((40, 300), (2100, 64)):
            check_quantized(dtype, shape, size=1e-4)
            check_quantized(dtype, shape, size=100.0)
    check_sums_of_rows(torch.randint(50, (200,)), 130)
    check_sums_of_rows(torch.tensor([7] * 300 + [3] + [49] * 63 + [0] * 65), 16)
    for dtype in (torch.float32, torch.bfloat16):
        check_mix_norm(40, 24, dtype)
    check_fp8_products()
    check_fp8_mlp()
    check_turning(gated=False)
    check_turning(gated=True)
    for shape in ((3, 70, 130), (2, 130, 70), (1, 6, 32)):
        check_muon(shape, decay=0.0)
        check_muon(shape, decay=0.1)
    check_adam(steps=20)


if __name__ == "__main__":
    main()
