"""From the shape of a model to batch, horizon and learning rates."""

import math
from dataclasses import replace

from trainer.job import TOKENS_PER_PARAMETER, JobError, ModelSpec, OptimSpec, PretrainJob, SftJob, TrainingJob
from trainer.model.config import ModelConfig
from trainer.sizing.flops import flops_per_token, param_counts, peak_flops, planned_gpu
from trainer.sizing.passes import fit_passes, largest_divisor, too_large
from trainer.sizing.plan import StepPlan, TrainingPlan
from trainer.sizing.shape import resolve_model

# Scaling rules measured at depth 12 with a batch of 2^19 tokens (nanochat, dev/LOG.md).
_REFERENCE_DEPTH, _REFERENCE_WIDTH, _REFERENCE_BATCH = 12, 768, 2**19
_BATCH_EXPONENT = 0.383
# A short run needs steps first: at depths 8 to 12, 800 to 1,200 of them were best (docs/logs/recipe.md).
_MIN_STEPS, _MIN_STEPS_FINETUNING = 1024, 512
# On a GPU a step costs some 3 ms whatever its batch. In 8.6 s on one H200 at depth 8, 16,384 tokens a step
# ended at 1.392 bits a byte, 8,192 at 1.447 and 32,768 at 1.405 (docs/logs/gpu_speed.md).
_GPU_BATCH, _GPU_MIN_STEPS = 2**14, 512
# Short runs bear higher rates, the larger the batch the more: measured at depth 4 with 2^12 tokens a step
# (1 x the reference's), and at depths 8 to 12 with 2^17 (2 x).
_SHORT_BATCH, _SHORT_SCALE, _SHORT_EXPONENT = 2**17, 2.0, 0.2
# At 1,024 Muon's own work is more than half of a step's; at depth 4 runs of 160K tokens liked 4,096 best.
_MIN_BATCH = 2048
# Measured at width 192: 4,760 tokens a CPU-second with 2,048 a pass, 4,190 with 8,192.
_CPU_TOKENS = 2048
# Measured on one H200 with windows: 44% at depth 8, 51% at depth 12.
_EXPECTED_MFU = 0.45
# The GPU that is planned for where there is none.
_GPU_BYTES = 80_000_000_000


def resolve_training(
    job: PretrainJob,
    config: ModelConfig,
    world_size: int,
    device_type: str = "cpu",
    memory_bytes: int | None = None,
) -> TrainingPlan:
    """Batch, horizon and rates of a pretraining job.

    `memory_bytes` are free on the fullest GPU; None: as many as on the one that is planned for.

    Raises:
        JobError: when the batch does not divide over ranks and sequences, or does not fit in memory.
    """
    tokens = _horizon_tokens(job, config, world_size, device_type)
    most = max(
        tokens / _MIN_STEPS, min(_GPU_BATCH, tokens / _GPU_MIN_STEPS) if device_type == "cuda" else 0.0
    )
    batch = job.total_batch_size or _default_batch(job, tokens, config, world_size, most)
    optim = _scaled(job.optim, config, batch, tokens, _rate_scale(batch, tokens, config))
    plan = _step_plan(tokens, job.train_seconds, batch, config, optim)
    return _with_passes(job, plan, config, world_size, device_type, memory_bytes)


def resolve_finetuning(
    job: SftJob,
    config: ModelConfig,
    train_tokens: int,
    world_size: int,
    device_type: str = "cpu",
    memory_bytes: int | None = None,
) -> TrainingPlan:
    """Batch and rates for fine-tuning over `train_tokens`; rates start at `lr_scale` of the base's.

    Raises:
        JobError: when the batch does not divide over ranks and sequences, or does not fit in memory.
    """
    config = replace(config, sequence_len=job.sequence_len or config.sequence_len)
    tokens = float(train_tokens)
    most = tokens / _MIN_STEPS_FINETUNING
    batch = job.total_batch_size or _default_batch(job, tokens, config, world_size, most)
    optim = _scaled(job.optim, config, batch, tokens, _batch_scale(batch, tokens, config))
    scale = job.lr_scale
    slower = {
        "matrix_lr": optim.matrix_lr * scale,
        "embedding_lr": optim.embedding_lr * scale,
        "unembedding_lr": optim.unembedding_lr * scale,
        "scalar_lr": optim.scalar_lr * scale,
        "weight_decay": 0.0,
        "table_weight_decay": 0.0,
    }
    plan = _step_plan(tokens, None, batch, config, optim.model_copy(update=slower))
    return _with_passes(job, plan, config, world_size, device_type, memory_bytes)


def _scaling_parameters(config: ModelConfig) -> int:
    counts = param_counts(config)
    return counts["matrices"] + counts["head"]


def _horizon_tokens(job: PretrainJob, config: ModelConfig, world_size: int, device_type: str) -> float:
    """Tokens to plan for: the job's, about those of its seconds on this GPU, or compute-optimally many."""
    peak = peak_flops(planned_gpu()) if device_type == "cuda" else None
    if job.train_seconds and peak:
        return job.train_seconds * world_size * _EXPECTED_MFU * peak / flops_per_token(config)
    return float(job.train_tokens or TOKENS_PER_PARAMETER * _scaling_parameters(config))


def _reference_tokens(config: ModelConfig) -> float:
    """Compute-optimal tokens of the reference model, with this vocabulary."""
    reference = resolve_model(ModelSpec(depth=_REFERENCE_DEPTH), config.vocab_size)
    return TOKENS_PER_PARAMETER * _scaling_parameters(reference)


def _default_batch(job: TrainingJob, tokens: float, config: ModelConfig, world_size: int, most: float) -> int:
    """By the scaling rule, at about `most`; a multiple of the passes that the job asks for."""
    rule = _REFERENCE_BATCH * (tokens / _reference_tokens(config)) ** _BATCH_EXPONENT
    batch = int(2.0 ** min(round(math.log2(rule)), round(math.log2(max(_MIN_BATCH, most)))))
    smallest = config.sequence_len * world_size * (job.device_batch_size or 1)
    return max(1, round(batch / smallest)) * smallest


def _scaled(optim: OptimSpec, config: ModelConfig, batch: int, tokens: float, rate_scale: float) -> OptimSpec:
    """Rates of matrices, embeddings and head are `rate_scale` times the reference's."""
    batch_scale = _batch_scale(batch, tokens, config)
    width_scale = math.sqrt(_REFERENCE_WIDTH / config.width)
    # AdamW moves every weight by about its rate, Muon by rate / sqrt(width): the same movement.
    matrix_scale = 1.0 if optim.matrix_optimizer == "muon" else config.width**-0.5
    scaled = {
        "matrix_lr": optim.matrix_lr * rate_scale * matrix_scale,
        "embedding_lr": optim.embedding_lr * rate_scale * width_scale,
        "unembedding_lr": optim.unembedding_lr * rate_scale * width_scale,
        "scalar_lr": optim.scalar_lr * batch_scale,
        "weight_decay": optim.weight_decay * _decay_scale(batch, tokens, config) / batch_scale,
    }
    return optim.model_copy(update=scaled)


def _batch_scale(batch: int, tokens: float, config: ModelConfig) -> float:
    """sqrt(B / B_ref) at the compute-optimal horizon; up to 1 on shorter ones.

    A short run has few steps: measured at depth 4, width 192 on 1M tokens (batch 2,048 to 16,384),
    each halving of the rates below the reference's cost 0.02 to 0.1 nats.
    """
    published = math.sqrt(batch / _REFERENCE_BATCH)
    return max(published, min(1.0, published * _shortness(tokens, config)))


def _rate_scale(batch: int, tokens: float, config: ModelConfig) -> float:
    """The same for the rates of matrices, embeddings and head, which short runs bear higher."""
    published = math.sqrt(batch / _REFERENCE_BATCH)
    most = max(1.0, _SHORT_SCALE * math.pow(batch / _SHORT_BATCH, _SHORT_EXPONENT))
    return max(published, min(most, published * _shortness(tokens, config)))


def _shortness(tokens: float, config: ModelConfig) -> float:
    """How many times longer the compute-optimal horizon is."""
    return TOKENS_PER_PARAMETER * _scaling_parameters(config) / tokens


def _decay_scale(batch: int, tokens: float, config: ModelConfig) -> float:
    """Keeps rate * decay * steps at the reference's value (arXiv 2405.13698); not below 128 steps."""
    reference_steps = _reference_tokens(config) / _REFERENCE_BATCH
    return reference_steps / max(tokens / batch, 128.0)


def _step_plan(
    tokens: float, seconds: float | None, batch: int, config: ModelConfig, optim: OptimSpec
) -> StepPlan:
    """How many steps a horizon of seconds has is not known before."""
    steps = max(1, round(tokens / batch)) if seconds is None else None
    return StepPlan(
        train_tokens=None if steps is None else steps * batch,
        train_seconds=seconds,
        total_steps=steps,
        total_batch_size=batch,
        sequence_len=config.sequence_len,
        optim=optim,
    )


def _with_passes(
    job: TrainingJob,
    plan: StepPlan,
    config: ModelConfig,
    world_size: int,
    device_type: str,
    memory_bytes: int | None,
) -> TrainingPlan:
    """Split the batch over ranks, and a rank's sequences into the largest passes that fit in memory."""
    share = _share(job, plan, world_size)
    if device_type == "cpu":
        size = job.device_batch_size or largest_divisor(share, _CPU_TOKENS // plan.sequence_len)
        return plan.with_passes(share, size, bool(job.activation_checkpointing))
    free_bytes = _GPU_BYTES if memory_bytes is None else memory_bytes
    fitting = fit_passes(job, plan, share, config, free_bytes)
    if fitting is None:
        raise JobError(too_large(job, plan, share, config, free_bytes))
    return fitting


def _share(job: TrainingJob, plan: StepPlan, world_size: int) -> int:
    """Sequences of a step on each rank."""
    share, rest = divmod(plan.total_batch_size, plan.sequence_len * world_size)
    if rest:
        raise JobError(
            f"total_batch_size: {plan.total_batch_size}; allowed: a multiple of "
            f"{plan.sequence_len * world_size} (sequence_len {plan.sequence_len} x {world_size} ranks)"
        )
    if job.device_batch_size and share % job.device_batch_size:
        raise JobError(
            f"device_batch_size: {job.device_batch_size}; allowed: a divisor of {share} (total_batch_size "
            f"{plan.total_batch_size} / sequence_len {plan.sequence_len} / {world_size} ranks)"
        )
    return share
