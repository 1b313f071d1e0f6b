"""Peak memory of training steps on a GPU, beside what trainer.sizing.memory predicts.

    python -m bench.memory            on a GPU: a few steps of every shape
    python -m bench.memory --dry-run  anywhere: the predictions alone, by phase

All shapes run in one process, one after the other, each with its own compiled pass and fresh peak counters.
"""

import argparse
import gc
import time
from dataclasses import dataclass

import torch

from bench.step import synthetic_tokens
from trainer.job import ModelSpec, PretrainJob
from trainer.model.config import ModelConfig
from trainer.model.gpt import GPT
from trainer.optim.optimizer import build_optimizer
from trainer.sizing.memory import needed_bytes, peak_bytes, phases
from trainer.sizing.passes import step_shape
from trainer.sizing.plan import TrainingPlan
from trainer.sizing.rates import resolve_training
from trainer.sizing.shape import resolve_model
from trainer.training.gradients import Gradients
from trainer.training.loss import loss_sum_of
from trainer.training.norms import StepNorms

STEPS = 3
ALL_MEMORY = 10**15


@dataclass(frozen=True)
class Case:
    """One shape; `passes` is how many forward passes a step takes."""

    depth: int
    rows: int
    checkpointing: bool = False
    vocab_size: int = 32_768
    windows: str = "SSSL"
    block: str = "gpt"
    compiled: bool = True
    sequence_len: int = 2048
    passes: int = 2

    def job(self) -> PretrainJob:
        model = {
            "depth": self.depth,
            "block": self.block,
            "sequence_len": self.sequence_len,
            "window_pattern": self.windows,
        }
        return PretrainJob(
            kind="pretrain",
            tokenizer="none",
            model=ModelSpec.model_validate(model),
            device_batch_size=self.rows,
            total_batch_size=self.rows * self.passes * self.sequence_len,
            activation_checkpointing=self.checkpointing,
            compile=self.compiled,
        )

    def planned(self) -> tuple[PretrainJob, ModelConfig, TrainingPlan]:
        job = self.job()
        config = resolve_model(job.model, self.vocab_size)
        return job, config, resolve_training(job, config, 1, "cuda", ALL_MEMORY)


CASES = (
    Case(4, 64, sequence_len=512),
    Case(4, 64, vocab_size=4096),
    Case(8, 32),
    Case(8, 8, passes=1),
    Case(12, 32),
    Case(12, 64, windows="L"),
    Case(12, 32, checkpointing=True),
    Case(12, 8, block="llama"),
    Case(12, 8, compiled=False),
    Case(16, 16),
    Case(16, 32, checkpointing=True),
    Case(24, 1),
)


def measured(case: Case, device: torch.device) -> tuple[int, int]:
    """Most bytes in tensors, and most that the allocator took, of steps after the first."""
    _, config, plan = case.planned()
    model = GPT(config, plan.activation_checkpointing)
    model.init_weights(0)
    model.to(device)
    model.compute_dtype = torch.bfloat16
    optimizer = build_optimizer(model, plan)
    loss_sum = loss_sum_of(model)
    loss_sum = torch.compile(loss_sum, dynamic=False) if case.compiled else loss_sum
    gradients = Gradients(list(model.parameters()), loss_sum, case.rows)
    tokens = synthetic_tokens(case.rows * case.passes, case.sequence_len + 1, case.vocab_size, device)
    inputs, targets = tokens[:, :-1].contiguous(), tokens[:, 1:].contiguous()
    for step in range(STEPS):
        if step == 1:
            torch.cuda.synchronize()
            torch.cuda.reset_peak_memory_stats()
        gradients.accumulate(inputs, targets, targets.numel())
        norms = StepNorms(gradients.parameters)
        gradient_norm = optimizer.step(0.01, 0.5, measured=True)
        optimizer.zero_grad()
        assert gradient_norm is not None
        norms.read(gradient_norm, device)
        del norms
    torch.cuda.synchronize()
    return torch.cuda.max_memory_allocated(), torch.cuda.max_memory_reserved()


def line(case: Case, device: torch.device | None) -> str:
    """A row of the table."""
    job, config, plan = case.planned()
    shape = step_shape(job, plan, config)
    parts = {name: size / 1e9 for name, size in phases(config, shape).items() if name != "evaluation"}
    predicted = max(parts.values())
    by_phase = " ".join(f"{name} {size:.2f}" for name, size in parts.items())
    what = (
        f"{case.block} d{case.depth} V{case.vocab_size} T{case.sequence_len} {case.windows} rows {case.rows} "
        f"passes {case.passes} checkpointing {case.checkpointing} {shape.kernels}"
    )
    head = f"| {what} | {predicted:.2f} |"
    whole, start = peak_bytes(config, shape) / 1e9, needed_bytes(config, shape) / 1e9
    tail = f"{by_phase}; with evaluation {whole:.2f}, needed to start {start:.2f} |"
    if device is None:
        return f"{head} {tail}"
    began = time.perf_counter()
    try:
        allocated, reserved = measured(case, device)
    except torch.OutOfMemoryError:
        return f"{head} out of memory | | | {tail}"
    seconds = time.perf_counter() - began
    ratio = predicted * 1e9 / allocated
    return f"{head} {allocated / 1e9:.2f} | {ratio:.3f} | {reserved / 1e9:.2f} | {seconds:.0f} s | {tail}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dry-run", action="store_true", help="predictions alone; needs no GPU")
    args = parser.parse_args()
    if not args.dry_run and not torch.cuda.is_available():
        parser.error("no GPU here; allowed: --dry-run")
    device = None if args.dry_run else torch.device("cuda")
    columns = "" if device is None else " measured GB | ratio | reserved GB | took |"
    print(f"| shape | predicted GB |{columns} by phase, GB |", flush=True)
    for case in CASES:
        print(line(case, device), flush=True)
        gc.collect()
        torch._dynamo.reset()
        if device is not None:
            torch.cuda.empty_cache()


if __name__ == "__main__":
    main()
