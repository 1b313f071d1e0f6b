"""On a GPU: every algorithm that cuBLASLt offers gives torch's product, and what was chosen is used again."""

import json
from pathlib import Path

import pytest
import torch

from trainer.kernels import choice
from trainer.kernels.cute import QUACK, version
from trainer.kernels.products import tuned as tuned_product

pytestmark = pytest.mark.skipif(
    not torch.cuda.is_available() or torch.cuda.get_device_capability() < (9, 0), reason="needs a Hopper GPU"
)
# Past the size from which products are measured.
ROWS, SUMMED, COLUMNS = 4096, 2048, 2304


def _random(rows: int, columns: int, transposed: bool) -> torch.Tensor:
    x = torch.randn((columns, rows) if transposed else (rows, columns), device="cuda").bfloat16()
    return x.T if transposed else x


@pytest.mark.parametrize("transposed", [(False, False), (False, True), (True, False), (True, True)])
def test_all_algorithms_agree(transposed: tuple[bool, bool]) -> None:
    from trainer.kernels.products.cublaslt import Factors, Product

    factors = Factors(_random(ROWS, SUMMED, transposed[0]), _random(SUMMED, COLUMNS, transposed[1]))
    exact = factors.a_MK.float() @ factors.b_KN.float()
    product = Product(factors)
    assert product.count > 0
    for number in range(product.count):
        torch.full(
            (ROWS, COLUMNS), float("nan"), device="cuda", dtype=torch.bfloat16
        )  # what is left in memory
        out = product.run(number, factors)
        assert out.shape == exact.shape and out.is_contiguous()
        assert float((out.float() - exact).norm() / exact.norm()) < 5e-3


def test_all_algorithms_add_onto_something_and_leave_it_alone() -> None:
    from trainer.kernels.products.cublaslt import Factors, Product

    onto = 100.0 * _random(ROWS, COLUMNS, False)
    before = onto.clone()
    factors = Factors(_random(ROWS, SUMMED, False), _random(SUMMED, COLUMNS, True), onto_MN=onto)
    exact = before.float() + factors.a_MK.float() @ factors.b_KN.float()
    product = Product(factors)
    assert product.count > 0
    for number in range(product.count):
        out = product.run(number, factors)
        assert float((out.float() - exact).norm() / exact.norm()) < 5e-3
    assert torch.equal(onto, before)


@pytest.mark.parametrize("rough", [False, True])
def test_all_algorithms_agree_in_fp8(rough: bool) -> None:
    from trainer.kernels.products.cublaslt import Factors, Product

    a = _random(ROWS, SUMMED, False).to(torch.float8_e5m2)
    b = _random(COLUMNS, SUMMED, False).to(torch.float8_e4m3fn).T
    scales = [torch.tensor(scale, device="cuda") for scale in (0.5, 8.0)]
    factors = Factors(a, b, (scales[0], scales[1]), rough)
    exact = 4.0 * (a.float() @ b.float())
    product = Product(factors)
    assert product.count > 0
    for number in range(product.count):
        error = float((product.run(number, factors).float() - exact).norm() / exact.norm())
        assert error < (3e-2 if rough else 5e-3)


def test_a_choice_is_kept_and_used_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path))
    a, b = _random(ROWS, SUMMED, False), _random(SUMMED, COLUMNS, True)
    first = tuned_product.mm(a, b)
    ((name, number),) = json.loads((tmp_path / "kernels.json").read_text()).items()
    assert f"{ROWS}x{SUMMED}x{COLUMNS} nt" in name and number >= 0
    choice._chosen.clear()
    (tmp_path / "kernels.json").write_text(json.dumps({name: 0}))
    assert torch.equal(tuned_product.mm(a, b), a @ b)
    assert json.loads((tmp_path / "kernels.json").read_text()) == {name: 0}
    assert float((first.float() - (a @ b).float()).norm() / first.float().norm()) < 5e-3


def test_other_types_are_left_to_torch() -> None:
    a, b = _random(ROWS, SUMMED, False).float(), _random(SUMMED, COLUMNS, True).float()
    assert tuned_product.mm(a, b).dtype == torch.float32


@pytest.mark.skipif(version(QUACK) is None, reason="needs quack-kernels")
def test_quacks_relu_squared_is_tritons() -> None:
    from trainer.kernels.products import relu_squared as relu_squared_triton

    x, up = _random(ROWS, SUMMED, False), _random(COLUMNS, SUMMED, False)
    grad, down = _random(ROWS, SUMMED, False), _random(SUMMED, COLUMNS, False)
    hidden = relu_squared_triton._hidden_by_triton(x, up)
    exact = (grad.float() @ down.float()) * 2.0 * hidden.float().sqrt()
    assert _off(relu_squared_triton._hidden_by_quack(x, up), hidden) < 1e-3
    assert _off(relu_squared_triton._inner_gradient_by_triton(grad, down, hidden), exact) < 5e-3
    assert _off(relu_squared_triton._inner_gradient_by_quack(grad, down, hidden), exact) < 5e-3


def _off(out: torch.Tensor, exact: torch.Tensor) -> float:
    return float((out.float() - exact.float()).norm() / exact.float().norm())
