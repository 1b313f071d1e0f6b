"""Where the time of one training step goes, kernel by kernel, on synthetic tokens.

    python -m bench.step --depth 12 --windows L --device-batch-size 32

Prints milliseconds of a forward and backward pass, of an optimizer step, and the longest kernels.
"""

import argparse
import time
from collections.abc import Callable

import torch
from torch import Tensor
from torch.autograd import DeviceType
from torch.profiler import ProfilerActivity, profile

from trainer.job import ModelSpec, PretrainJob
from trainer.model.gpt import GPT
from trainer.optim.optimizer import Optimizer, build_optimizer
from trainer.sizing.flops import flops_per_token, mfu, peak_flops
from trainer.sizing.rates import resolve_training
from trainer.sizing.shape import resolve_model
from trainer.training.loss import loss_sum_of

ZIPF_EXPONENT = 1.0
STEP_TOKENS = 524_288


def synthetic_tokens(rows: int, length: int, vocab_size: int, device: torch.device) -> Tensor:
    """Tokens [rows, length] with the frequencies of text: rank r has weight 1 / r."""
    weights = torch.arange(1, vocab_size + 1, dtype=torch.float32, device=device) ** -ZIPF_EXPONENT
    drawn = torch.multinomial(weights, rows * length, replacement=True)
    return drawn.view(rows, length)


def milliseconds(work: Callable[[], object], repeats: int, device: torch.device) -> float:
    """Mean time of one call, the device waited for."""
    _wait(device)
    start = time.perf_counter()
    for _ in range(repeats):
        work()
    _wait(device)
    return (time.perf_counter() - start) / repeats * 1e3


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize()


def print_kernels(work: Callable[[], object], repeats: int, rows: int) -> None:
    """The kernels of `work` by their time on the device."""
    with profile(activities=[ProfilerActivity.CUDA, ProfilerActivity.CPU]) as trace:
        for _ in range(repeats):
            work()
        torch.cuda.synchronize()
    events = [e for e in trace.key_averages() if e.device_type == DeviceType.CUDA]
    events.sort(key=lambda e: -e.self_device_time_total)
    total = sum(e.self_device_time_total for e in events) / 1e3 / repeats
    idle_ms = _idle_microseconds(trace) / 1e3 / repeats
    print(f"kernels: {total:.2f} ms in all, {idle_ms:.2f} ms between them")
    for event in events[:rows]:
        spent = event.self_device_time_total / 1e3 / repeats
        print(f"{spent:8.3f} ms  {event.count // repeats:4d} x  {event.key[:110]}")


def _idle_microseconds(trace: profile) -> float:
    """Time between the first kernel's start and the last one's end in which the device ran none."""
    events = [e for e in trace.events() if e.device_type == DeviceType.CUDA and not e.is_user_annotation]
    ranges = sorted((e.time_range.start, e.time_range.end) for e in events)
    idle, reached = 0.0, ranges[0][0] if ranges else 0.0
    for start, end in ranges:
        idle += max(0.0, start - reached)
        reached = max(reached, end)
    return idle


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--depth", type=int, default=12)
    parser.add_argument("--windows", default="L")
    parser.add_argument("--sequence-len", type=int, default=2048)
    parser.add_argument("--vocab-size", type=int, default=32_768)
    parser.add_argument("--device-batch-size", type=int, default=32)
    parser.add_argument("--kernels", type=int, default=45, help="how many kernels to list (0: none)")
    parser.add_argument("--repeats", type=int, default=8)
    args = parser.parse_args()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    job = PretrainJob(
        kind="pretrain",
        tokenizer="none",
        model=ModelSpec(depth=args.depth, sequence_len=args.sequence_len, window_pattern=args.windows),
        device_batch_size=args.device_batch_size,
        total_batch_size=STEP_TOKENS,
    )
    config = resolve_model(job.model, args.vocab_size)
    model = GPT(config)
    model.init_weights(0)
    _fill_zero_projections(model)
    model.to(device)
    model.compute_dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
    plan = resolve_training(job, config, 1, device.type)
    measure(model, build_optimizer(model, plan), args, device)


@torch.no_grad()
def _fill_zero_projections(model: GPT) -> None:
    """Projections that start at 0 get random weights: zeros draw less power, so the GPU clocks higher.

    At depth 12 a pass took 105.7 ms with the zeros on one H200, 112 to 114 ms without on two others.
    """
    generator = torch.Generator().manual_seed(0)
    for name, parameter in model.named_parameters():
        if name.endswith(("o_proj.weight", "down_proj.weight")):
            parameter.copy_(0.02 * torch.randn(parameter.shape, generator=generator))


def measure(model: GPT, optimizer: Optimizer, args: argparse.Namespace, device: torch.device) -> None:
    """Time and list the two parts of a step."""
    config = model.config
    tokens = synthetic_tokens(args.device_batch_size, args.sequence_len + 1, config.vocab_size, device)
    inputs, targets = tokens[:, :-1].contiguous(), tokens[:, 1:].contiguous()
    loss_sum = torch.compile(loss_sum_of(model), dynamic=False)

    def passes() -> None:
        (loss_sum(inputs, targets) / inputs.numel()).backward()

    start = time.perf_counter()
    passes()
    _wait(device)
    print(f"first pass, compilation included: {time.perf_counter() - start:.1f} s")
    passes()
    pass_ms = milliseconds(passes, args.repeats, device)
    for _ in range(2):
        optimizer.step(1.0, 0.5)
    step_ms = milliseconds(lambda: optimizer.step(1.0, 0.5), args.repeats, device)
    micro_steps = STEP_TOKENS / inputs.numel()
    rate = STEP_TOKENS / (micro_steps * pass_ms + step_ms) * 1e3
    print(f"forward + backward {pass_ms:.2f} ms, optimizer {step_ms:.2f} ms, {rate:,.0f} tokens/s", end="")
    peak = peak_flops(torch.cuda.get_device_name(device)) if device.type == "cuda" else None
    print("" if peak is None else f", MFU {mfu(rate, config, 1, peak):.2%}", end="")
    print(f", {flops_per_token(config, args.sequence_len):.3g} FLOP a token")
    if device.type == "cuda":
        print(f"peak memory {torch.cuda.max_memory_allocated() / 1e9:.1f} GB")
        if args.kernels:
            print_kernels(passes, 2, args.kernels)
            print_kernels(lambda: optimizer.step(1.0, 0.5), 2, args.kernels // 3)


if __name__ == "__main__":
    main()
