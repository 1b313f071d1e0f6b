"""The job specification: one strict JSON document for each kind of job.

A setting that is `None` is derived from `depth` by the published scaling rules; what was
really used is reported in `JobResult.resolved`.
"""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, model_validator
from typing_extensions import Self

from trainer.job.base import Contract, Reference

Fraction = Annotated[float, Field(ge=0.0, le=1.0)]
LearningRate = Annotated[float, Field(gt=0.0, le=100.0)]
Tokens = Annotated[int, Field(ge=1, le=10**14)]


class Limits(Contract):
    """What the job may use; past `max_seconds` (start-up included) it is ended."""

    max_seconds: float = Field(3600.0, gt=0.0, le=30 * 86400.0)
    gpus: int = Field(1, ge=1, le=1024, description="slots: GPUs, or cores on a CPU machine")


class ModelSpec(Contract):
    """Decoder-only transformer; `depth` is the one dial, the rest are overrides."""

    depth: int = Field(4, ge=1, le=64)
    block: Literal["gpt", "llama"] = "gpt"
    width: int | None = Field(None, ge=16, le=16384)
    head_dim: int | None = Field(None, ge=8, le=256)
    kv_heads: int | None = Field(None, ge=1, le=256)
    sequence_len: int | None = Field(None, ge=16, le=131072)
    window_pattern: str = Field("SSSL", pattern=r"^[SL]{1,16}$")
    window_fraction: float = Field(0.25, gt=0.0, le=1.0)
    value_embeddings: bool = True
    smear: bool | None = Field(None, description="each token's embedding takes some of the one before it")
    backout: bool | None = Field(None, description="the head reads less of what the middle layer knew")
    bigram_tables: int = Field(0, ge=0, le=16, description="rows for pairs of tokens, in vocabularies")
    logit_softcap: float | None = Field(15.0, gt=0.0, le=1000.0)
    rope_base: float = Field(100_000.0, ge=100.0, le=1e8)
    qk_scale: float = Field(1.2, gt=0.0, le=10.0)


class OptimSpec(Contract):
    """Muon for matrices, AdamW for the rest; rates are those of the reference batch and width."""

    matrix_optimizer: Literal["muon", "adamw"] = "muon"
    matrix_lr: LearningRate = 0.02
    embedding_lr: LearningRate = 0.3
    unembedding_lr: LearningRate = 0.008
    scalar_lr: LearningRate = 0.5
    weight_decay: float = Field(0.28, ge=0.0, le=10.0)
    table_weight_decay: float = Field(
        0.05,
        ge=0.0,
        le=10.0,
        description="of value and bigram embeddings and the head; more where a text is read over 2.5 times",
    )
    muon_momentum: float = Field(0.95, ge=0.0, lt=1.0)
    adam_beta1: float = Field(0.8, ge=0.0, lt=1.0)
    adam_beta2: float = Field(0.95, ge=0.0, lt=1.0)


class ScheduleSpec(Contract):
    """Warm-up, constant, warm-down, as fractions of progress through the horizon."""

    warmup_fraction: Fraction = 0.02
    warmdown_fraction: Fraction = 0.65
    final_lr_fraction: Fraction = 0.05

    @model_validator(mode="after")
    def _phases_fit(self) -> Self:
        if self.warmup_fraction + self.warmdown_fraction > 1.0:
            raise ValueError("warmup_fraction + warmdown_fraction must be at most 1")
        return self


class CoreSpec(Contract):
    """How CORE is read: `max_per_task` caps the items of each task (None: all of them)."""

    enabled: bool = True
    data: Reference | None = Field(None, description="data set holding core/; None: the job's own")
    max_per_task: int | None = Field(100, ge=1, le=1_000_000)


class _Job(Contract):
    seed: int = Field(0, ge=0, le=2**31 - 1)
    limits: Limits = Limits()


class TokenizerJob(_Job):
    """Train a byte-level BPE tokenizer on a data set."""

    kind: Literal["tokenizer"]
    data: Reference = "starter"
    vocab_size: int = Field(2048, ge=300, le=262_144, description="special tokens included")
    max_bytes: int = Field(100_000_000, ge=1_000, le=10**11)


class _TrainingJob(_Job):
    data: Reference = "starter"
    device_batch_size: int | None = Field(
        None, ge=1, le=4096, description="sequences per rank and forward pass"
    )
    total_batch_size: int | None = Field(None, ge=16, le=2**26, description="tokens per optimizer step")
    optim: OptimSpec = OptimSpec()
    dtype: Literal["auto", "bf16", "fp32", "fp8"] = Field(
        "auto", description="fp8: bf16 with fp8 products, on a Hopper GPU"
    )
    compile: bool | None = Field(None, description="None: on GPUs, and on a CPU where it pays")
    activation_checkpointing: bool | None = Field(
        None, description="compute activations twice, keep few; None: on a GPU where no pass fits without"
    )
    profile: bool = Field(False, description="trace a few steps: trace.json.gz, and where their time went")
    val_tokens: int = Field(131_072, ge=256, le=10**10)
    eval_every_steps: int | None = Field(None, ge=1)
    checkpoint_every_steps: int | None = Field(None, ge=1)
    core: CoreSpec = CoreSpec()


class PretrainJob(_TrainingJob):
    """Pretrain a base model; the horizon is `train_tokens` or, on a GPU of one's own, `train_seconds`."""

    kind: Literal["pretrain"]
    tokenizer: Reference
    model: ModelSpec = ModelSpec()
    schedule: ScheduleSpec = ScheduleSpec()
    train_tokens: Tokens | None = None
    train_seconds: float | None = Field(None, gt=0.0, le=30 * 86400.0)

    @model_validator(mode="after")
    def _one_horizon(self) -> Self:
        if self.train_tokens is not None and self.train_seconds is not None:
            raise ValueError("train_tokens and train_seconds exclude each other")
        return self


class SftJob(_TrainingJob):
    """Fine-tune a base on conversations; loss on assistant tokens only."""

    kind: Literal["sft"]
    base: Reference
    epochs: float = Field(1.0, gt=0.0, le=1000.0)
    train_tokens: Tokens | None = Field(None, description="tokens seen; overrides epochs")
    train_seconds: float | None = Field(
        None, gt=0.0, le=30 * 86400.0, description="of training, if they are over before train_tokens"
    )
    sequence_len: int | None = Field(None, ge=16, le=131072, description="None: the base's")
    lr_scale: float = Field(0.8, gt=0.0, le=100.0, description="first rate, relative to the base's")
    schedule: ScheduleSpec = ScheduleSpec(warmup_fraction=0.0, warmdown_fraction=0.5, final_lr_fraction=0.0)

    @model_validator(mode="after")
    def _seconds_of_tokens(self) -> Self:
        if self.train_seconds is not None and self.train_tokens is None:
            raise ValueError("train_seconds ends a run of train_tokens: name both")
        return self


class EvalJob(_Job):
    """Evaluate a checkpoint: val_bpb and CORE.

    `text` "locked" reads the held-out half that no search looks at, as `locked_bpb`. `against` names a
    second checkpoint that reads the same text, for a paired comparison.
    """

    kind: Literal["eval"]
    checkpoint: Reference
    against: Reference | None = None
    text: Literal["validation", "locked"] = "validation"
    data: Reference = "starter"
    val_tokens: int = Field(131_072, ge=256, le=10**10)
    core: CoreSpec = CoreSpec()


JobSpec = Annotated[TokenizerJob | PretrainJob | SftJob | EvalJob, Field(discriminator="kind")]
JOB_KINDS = ("tokenizer", "pretrain", "sft", "eval")


def job_adapter() -> TypeAdapter[TokenizerJob | PretrainJob | SftJob | EvalJob]:
    """The validator of any kind of job."""
    return TypeAdapter(JobSpec)
