"""Large matrix products by the fastest of cuBLASLt's algorithms for their shape (`trainer.kernels.choice`).

torch takes the library's first guess: at the power limit it takes 1% longer in bf16 at depth 12, and 4% in
fp8 at depth 24 (all products of a pass, docs/logs/gpu_speed.md).
"""

from collections.abc import Sequence
from functools import partial

from torch import Tensor

from trainer.kernels.choice import LEAST_FLOP, Way, by_fastest
from trainer.kernels.products.cublaslt import Factors, Product, library, version


def mm(a_MK: Tensor, b_KN: Tensor, onto_MN: Tensor | None = None) -> Tensor:
    """a b [M, N] of bf16, added to `onto_MN` if given; each is contiguous or the transpose of what is."""
    return _multiply(Factors(a_MK, b_KN, onto_MN=onto_MN))


def scaled_mm(a_MK: Tensor, b_KN: Tensor, scale_a: Tensor, scale_b: Tensor, rough: bool) -> Tensor:
    """a b · scales [M, N] in bf16, of fp8; a is contiguous and b the transpose of what is."""
    return _multiply(Factors(a_MK, b_KN, (scale_a, scale_b), rough))


def _multiply(factors: Factors) -> Tensor:
    if factors.flop < LEAST_FLOP or not factors.are_taken() or library() is None:
        return factors.by_torch()
    name = f"{version()} {factors.kind}"
    return by_fastest(
        name, Factors.by_torch, partial(_algorithms, factors), factors.a_MK.get_device(), factors
    )


def _algorithms(factors: Factors) -> Sequence[Way[Tensor]]:
    try:
        product = Product(factors)
    except RuntimeError:
        return []
    return [partial(product.run, number) for number in range(product.count)]
