"""Forward passes that fit in a GPU's memory: the largest, else with checkpointing, else a refusal."""

from __future__ import annotations

import json
from dataclasses import replace

from trainer.job import SftJob, TrainingJob
from trainer.model.config import ModelConfig
from trainer.sizing.memory import USABLE_SHARE, StepShape, kernels_of, needed_bytes
from trainer.sizing.plan import StepPlan, TrainingPlan

# Measured no further: at depth 12 on one H200 2^18 tokens a pass gave 693,600 tokens/s, 2^17 685,300.
_MOST_TOKENS = 2**18


def fit_passes(
    job: TrainingJob, plan: StepPlan, share: int, config: ModelConfig, memory_bytes: int
) -> TrainingPlan | None:
    """The fastest way to pass a rank's `share` of sequences; None where none fits.

    What the job itself says of passes is not changed.
    """
    usable = USABLE_SHARE * memory_bytes
    ways = _ways(job, plan, share)
    return next((way for way in ways if _needed(job, way, config) <= usable), None)


def step_shape(job: TrainingJob, plan: TrainingPlan, config: ModelConfig) -> StepShape:
    """What the memory of a planned step depends on."""
    rows = plan.device_batch_size * plan.accumulation_steps
    return StepShape(
        rows=plan.device_batch_size,
        sequence_len=plan.sequence_len,
        accumulates=plan.accumulation_steps > 1,
        activation_checkpointing=plan.activation_checkpointing,
        matrix_optimizer=plan.optim.matrix_optimizer,
        kernels=kernels_of(config, job.compile is not False, job.dtype != "fp32"),
        value_bytes=4 if job.dtype == "fp32" else 2,
        ranks=max(1, plan.total_batch_size // (rows * plan.sequence_len)),
    )


def _needed(job: TrainingJob, plan: TrainingPlan, config: ModelConfig) -> int:
    return needed_bytes(config, step_shape(job, plan, config))


def too_large(job: TrainingJob, plan: StepPlan, share: int, config: ModelConfig, memory_bytes: int) -> str:
    """One line for a job of which `fit_passes` finds no way: what it needs, and what would fit."""
    need = min(_needed(job, way, config) for way in _ways(job, plan, share))
    there = f"needs {need / 1e9:.1f} GB of GPU memory, {memory_bytes / 1e9:.1f} are free (used to 90%)"
    free = job.model_copy(update={"device_batch_size": None, "activation_checkpointing": None})
    other = fit_passes(free, plan, share, config, memory_bytes)
    if other is not None:
        return f"{_asked(job)}; {there}; allowed: {_offered(job, other)}"
    if isinstance(job, SftJob):
        return f'base: "{job.base}"; {there}; allowed: a smaller base, or a shorter sequence_len'
    depth = _deepest(job, plan, share, config, memory_bytes)
    fitting = f"at most {depth} at this width" if depth else "a smaller model.width or model.sequence_len"
    return f"model.depth: {config.depth}; {there}; allowed: {fitting}"


def largest_divisor(share: int, most: int) -> int:
    """The largest divisor of `share` up to `most`, at least 1."""
    return max(size for size in range(1, share + 1) if share % size == 0 and size <= max(1, most))


def _ways(job: TrainingJob, plan: StepPlan, share: int) -> list[TrainingPlan]:
    """The ways to take a step, the fastest first."""
    most = min(share, max(1, _MOST_TOKENS // plan.sequence_len))
    sizes = [size for size in range(most, 0, -1) if share % size == 0]
    sizes = [job.device_batch_size] if job.device_batch_size else sizes
    # Checkpointing computes every layer twice: only where not even one row fits without.
    chosen = job.activation_checkpointing
    settings = [False, True] if chosen is None else [chosen]
    return [plan.with_passes(share, size, setting) for setting in settings for size in sizes]


def _asked(job: TrainingJob) -> str:
    if job.device_batch_size is not None:
        return f"device_batch_size: {job.device_batch_size}"
    return f"activation_checkpointing: {json.dumps(job.activation_checkpointing)}"


def _offered(job: TrainingJob, other: TrainingPlan) -> str:
    if job.device_batch_size is None:
        return json.dumps(other.activation_checkpointing)
    checkpointing = ", with activation_checkpointing" if other.activation_checkpointing else ""
    return f"at most {other.device_batch_size}{checkpointing}"


def _deepest(
    job: TrainingJob, plan: StepPlan, share: int, config: ModelConfig, memory_bytes: int
) -> int | None:
    """How many layers of this width would fit."""
    for depth in range(config.depth - 1, 0, -1):
        layers = tuple(layer for layer in config.value_embedding_layers if layer < depth)
        shallower = replace(
            config, depth=depth, windows=config.windows[:depth], value_embedding_layers=layers
        )
        if fit_passes(job, plan, share, shallower, memory_bytes) is not None:
            return depth
    return None
