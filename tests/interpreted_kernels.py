"""The Triton kernels that Triton's interpreter runs on a CPU, against the plain formulas.

Run by `tests/test_kernels_interpreted.py` with TRITON_INTERPRET=1, which must be set before the import.
"""

import torch
import torch.nn.functional as F

from trainer import muon, muon_triton
from trainer.attention import rope_tables, rotate
from trainer.rotary_triton import turn_back_in_place, turn_in_place

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
    mixed = muon_triton.nesterov(gradient, average, 0.9)
    plain = muon.nesterov(gradient.clone(), average_too, 0.9)
    assert torch.allclose(average, average_too, atol=1e-6)
    assert torch.allclose(mixed.float(), plain, rtol=1e-2, atol=1e-3)
    update = muon.orthogonalize(mixed.float())
    tall = shape[1] >= shape[2]
    scale = torch.rand((shape[0], shape[1], 1) if tall else (shape[0], 1, shape[2]))
    muon_triton.descend(weights, update, scale, 1.5, 0.1, decay)
    muon.descend(weights_too, update, scale, 1.5, 0.1, decay)
    assert torch.allclose(weights, weights_too, atol=1e-6)


def main() -> None:
    torch.manual_seed(0)
    check_turning(gated=False)
    check_turning(gated=True)
    for shape in ((3, 70, 130), (2, 130, 70), (1, 6, 32)):
        check_muon(shape, decay=0.0)
        check_muon(shape, decay=0.1)


if __name__ == "__main__":
    main()
