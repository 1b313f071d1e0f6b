"""The fused GPU kernels, each beside what it replaces, on random data.

    python -m bench.kernels --tokens 131072 --width 768
    python -m bench.kernels --tokens 32768 --width 1536 --only fp8
    python -m bench.kernels --only products --sustain 0.5

Prints the median milliseconds of each. Needs a Hopper GPU.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor
from triton.testing import do_bench

from bench.step import synthetic_tokens
from trainer.kernels import choice
from trainer.kernels import softcap as softcap_triton
from trainer.kernels.attention import cudnn as cudnn_attention
from trainer.kernels.attention import flash as flash_attention
from trainer.kernels.products import fp8
from trainer.kernels.products import relu_squared as relu_squared_triton
from trainer.kernels.products.cublaslt import Factors, Product
from trainer.kernels.products.fp8_triton import E4M3, E5M2, quantize, relu_squared_back
from trainer.kernels.products.tuned import mm
from trainer.kernels.residual import mix_norm_back
from trainer.kernels.table import sum_rows
from trainer.tokens import IGNORE

Timing = tuple[str, float]
DEVICE = torch.device("cuda")


def milliseconds(work: Callable[[], object]) -> float:
    return float(do_bench(work, warmup=20, rep=60, return_mode="median"))


def sustained_ms(work: Callable[[], object], args: argparse.Namespace) -> float:
    """As `trainer.kernels.choice` times: in the second half of `--sustain` seconds of nothing else."""
    return choice.milliseconds(work, 1e3 * args.sustain)


def random(*shape: int, scale: float = 1.0) -> Tensor:
    return (scale * torch.randn(shape, device=DEVICE)).bfloat16()


def copy_rate() -> Iterator[Timing]:
    """What the memory allows: 2 GB through it."""
    source = torch.empty(2**30, dtype=torch.uint8, device=DEVICE)
    target = torch.empty_like(source)
    yield "copy 1 GB", milliseconds(lambda: target.copy_(source))


def tables(args: argparse.Namespace) -> Iterator[Timing]:
    """The gradient of a table."""
    tokens = synthetic_tokens(1, args.tokens, args.vocab_size, DEVICE).flatten()
    grad = random(args.tokens, args.width)
    ordered, order = tokens.int().sort()
    compiled = torch.compile(
        lambda g, t: torch.ops.aten.embedding_dense_backward(g.float(), t, args.vocab_size, -1, False)
    )
    compiled(grad, tokens)
    yield "table gradient, compiled", milliseconds(lambda: compiled(grad, tokens))
    yield "table gradient, sorted", milliseconds(lambda: sum_rows(grad, order, ordered, args.vocab_size))
    yield "the sort", milliseconds(lambda: tokens.int().sort())


def mixing(args: argparse.Namespace) -> Iterator[Timing]:
    """The residual mix with its norm, backwards; five tensors of this size are read and written."""
    tensors = [random(args.tokens, args.width) for _ in range(4)]
    factors = torch.tensor([1.0, 0.1], device=DEVICE)

    def plain(x: Tensor, start: Tensor, factors: Tensor) -> tuple[Tensor, Tensor]:
        mixed = factors[0] * x + factors[1] * start
        return mixed, F.rms_norm(mixed, (args.width,), eps=1e-6)

    x, start = (t.requires_grad_() for t in tensors[2:])
    factors.requires_grad_()
    outputs = torch.compile(plain)(x, start, factors)
    inputs = (x, start, factors)
    yield (
        "mix and norm backwards, compiled",
        milliseconds(lambda: torch.autograd.grad(outputs, inputs, tensors[:2], retain_graph=True)),
    )
    with torch.no_grad():
        yield "mix and norm backwards, fused", milliseconds(lambda: mix_norm_back(*tensors, factors))


def losses(args: argparse.Namespace) -> Iterator[Timing]:
    """The loss and its gradient in place, by the size of a piece of a row and the warps on it."""
    logits = random(args.tokens, args.vocab_size)
    targets = torch.randint(args.vocab_size, (args.tokens,), device=DEVICE)
    out = torch.empty(args.tokens, device=DEVICE)
    for block, warps in ((4096, 8), (8192, 8), (8192, 16), (16384, 16), (16384, 32), (32768, 32)):

        def run(block: int = block, warps: int = warps) -> None:
            softcap_triton._loss_then_gradient[(args.tokens,)](
                logits, targets, out, 15.0, 1 / 15.0, args.vocab_size, logits.stride(0),
                IGNORE=IGNORE, BLOCK=block, num_warps=warps,
            )  # fmt: skip

        yield f"loss, {block:,} a piece, {warps} warps", milliseconds(run)


def fp8_products(args: argparse.Namespace) -> Iterator[Timing]:
    """Products and gradients of a layer and of the head, in bf16 and fp8, and the turning into fp8."""
    width = args.width
    for inputs, outputs in ((width, 3 * width), (width, width), (width, 4 * width), (4 * width, width)):
        yield from _fp8_product(args.tokens, inputs, outputs)
    yield from _fp8_product(args.tokens, width, args.vocab_size)
    inner, grad = random(args.tokens, 4 * width), random(args.tokens, 4 * width)
    yield "fp8 of relu², forwards", milliseconds(lambda: quantize(inner, E4M3, squared=True, by_column=False))
    yield "fp8 of relu²'s gradient", milliseconds(lambda: relu_squared_back(grad, inner))


def _fp8_product(tokens: int, inputs: int, outputs: int) -> Iterator[Timing]:
    x, weight, grad = random(tokens, inputs), random(outputs, inputs, scale=0.03), random(tokens, outputs)
    x8, grad8 = quantize(x, E4M3), quantize(grad, E5M2)
    kept = fp8.product(x, weight)[1]
    name = f"{inputs:,} to {outputs:,}"
    yield f"{name}, bf16", milliseconds(lambda: x @ weight.T)
    yield f"{name}, bf16, gradients", milliseconds(lambda: (grad @ weight, grad.T @ x))
    weight8 = quantize(weight, E4M3)
    yield (
        f"{name}, fp8",
        milliseconds(
            lambda: fp8.multiply(x8.rows, weight8.rows, x8.inverse_scale, weight8.inverse_scale, True)
        ),
    )
    yield f"{name}, fp8, gradients", milliseconds(lambda: fp8.product_back(grad8, kept))
    yield f"{name}, x into fp8", milliseconds(lambda: quantize(x, E4M3))
    yield f"{name}, gradient into fp8", milliseconds(lambda: quantize(grad, E5M2))


def products(args: argparse.Namespace) -> Iterator[Timing]:
    """Every algorithm of a layer's and the head's products, each run for `--sustain` seconds.

    The GPU's power limit acts after tens of milliseconds: the fastest in a burst need not be it then.
    """
    width = args.width
    for inputs, outputs in (
        (width, 3 * width),
        (width, width),
        (width, 4 * width),
        (4 * width, width),
        (width, args.vocab_size),
    ):
        x, weight, grad = random(args.tokens, inputs), random(outputs, inputs), random(args.tokens, outputs)
        kinds = {"": (x, weight.T), ", gradient of x": (grad, weight), ", of weight": (grad.T, x)}
        for kind, (a, b) in kinds.items():
            factors = Factors(a, b)
            product = Product(factors)
            ways = {"torch": factors.by_torch}
            ways |= {f"algorithm {n}": partial(product.run, n, factors) for n in range(product.count)}
            for way, work in ways.items():
                yield f"{inputs:,} to {outputs:,}{kind}, {way}", sustained_ms(work, args)


def relu_squared(args: argparse.Namespace) -> Iterator[Timing]:
    """ReLU² with its product, and its gradient, by Triton and by quack; the products alone."""
    x, grad = random(args.tokens, args.width), random(args.tokens, args.width)
    up, down = random(4 * args.width, args.width, scale=0.03), random(args.width, 4 * args.width, scale=0.03)
    hidden = relu_squared_triton._hidden_by_triton(x, up)
    ways: dict[str, Callable[[], object]] = {
        "its product alone, torch": lambda: x @ up.T,
        "Triton": lambda: relu_squared_triton._hidden_by_triton(x, up),
        "quack": lambda: relu_squared_triton._hidden_by_quack(x, up),
        "gradient's product alone, torch": lambda: grad @ down,
        "gradient, Triton": lambda: relu_squared_triton._inner_gradient_by_triton(grad, down, hidden),
        "gradient, quack": lambda: relu_squared_triton._inner_gradient_by_quack(grad, down, hidden),
    }
    for name, way in ways.items():
        yield f"ReLU², {name}", sustained_ms(way, args)


def sums(args: argparse.Namespace) -> Iterator[Timing]:
    """A product added to the residual stream, by the norm that follows or where it is written."""
    x, stream = random(args.tokens, args.width), random(args.tokens, args.width)
    weight = random(args.width, args.width, scale=0.03)
    shape = (args.width,)
    norm = torch.compile(lambda s: F.rms_norm(s, shape, eps=1e-6))
    add_norm = torch.compile(lambda s, y: (s + y, F.rms_norm(s + y, shape, eps=1e-6)))
    with torch.no_grad():
        yield (
            "product, then sum and norm",
            sustained_ms(lambda: add_norm(stream, mm(x, weight.T)), args),
        )
        yield "product and sum, then norm", sustained_ms(lambda: norm(mm(x, weight.T, stream)), args)


def attentions(args: argparse.Namespace) -> Iterator[Timing]:
    """Attention's gradients for rows of 2,048 tokens and heads of 128, by cuDNN and by flash-attn-4."""
    heads, parts = args.width // 128, 3 * [args.width // 128]
    rows = (args.tokens // 2048, 2048)
    qkv, grad = random(*rows, 3 * heads, 128), random(*rows, heads, 128, scale=0.01)
    q, k, v = qkv.split(parts, dim=2)
    into = torch.empty_like(qkv).split(parts, dim=2)
    for window in (512, 2048):
        out, stats = cudnn_attention.attention(q, k, v, window, 0.1)
        for name, way in {"cuDNN": cudnn_attention, "flash-attn-4": flash_attention}.items():
            work = partial(way.attention_backward, grad, q, k, v, out, stats, window, 0.1, into)
            yield f"gradients of attention, window {window:,}, {name}", sustained_ms(work, args)


PARTS = {
    "attention": attentions,
    "products": products,
    "relu": relu_squared,
    "sums": sums,
    "tables": tables,
    "mixing": mixing,
    "losses": losses,
    "fp8": fp8_products,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tokens", type=int, default=131_072)
    parser.add_argument("--width", type=int, default=768)
    parser.add_argument("--vocab-size", type=int, default=32_768)
    parser.add_argument("--sustain", type=float, default=0.3, help="seconds of each way of a product")
    parser.add_argument("--only", nargs="+", choices=tuple(PARTS), default=tuple(PARTS))
    args = parser.parse_args()
    if not torch.cuda.is_available() or torch.cuda.get_device_capability()[0] != 9:
        parser.error("no Hopper GPU here")
    print(f"{torch.cuda.get_device_name()}, torch {torch.__version__}, {args.tokens:,} tokens")
    for timings in (copy_rate(), *(PARTS[name](args) for name in args.only)):
        for name, spent in timings:
            print(f"{spent:9.3f} ms  {name}", flush=True)
            torch.cuda.empty_cache()


if __name__ == "__main__":
    main()
