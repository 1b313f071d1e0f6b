"""The job specification: one strict JSON document for each kind of job.

A setting that is `None` is derived from `depth` by the published scaling rules; what was
really used is reported in `JobResult.resolved`.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator
from typing_extensions import Self

from trainer.job.base import Contract, Reference

Fraction = Annotated[float, Field(ge=0.0, le=1.0)]
LearningRate = Annotated[float, Field(gt=0.0, le=100.0)]
Tokens = Annotated[int, Field(ge=1, le=10**14)]


class Limits(Contract):
    """What the job may use; past `max_seconds` (start-up included) it is ended."""

    max_seconds: float = Field(
        3600.0, gt=0.0, le=30 * 86400.0, description="wall-clock seconds after which a lab ends the job"
    )
    gpus: int = Field(1, ge=1, le=1024, description="slots: GPUs, or cores on a CPU machine")


class ModelSpec(Contract):
    """Decoder-only transformer; `depth` is the one dial, the rest are overrides."""

    depth: int = Field(4, ge=1, le=64, description="layers")
    block: Literal["gpt", "llama"] = Field(
        "gpt",
        description="llama: no windows, value embeddings, smear, backout, bigrams, softcap, QK scale",
    )
    width: int | None = Field(
        None, ge=16, le=16384, description="size of the residual stream; None: 64 x depth"
    )
    head_dim: int | None = Field(
        None,
        ge=8,
        le=256,
        description="an even divisor of the width; None: 64, from width 512 on 128, or a smaller one",
    )
    kv_heads: int | None = Field(
        None, ge=1, le=256, description="key and value heads, a divisor of the heads; None: as many"
    )
    sequence_len: int | None = Field(
        None, ge=16, le=131072, description="tokens of context; None: 512, or 2,048 from depth 8 on"
    )
    window_pattern: str = Field(
        "SSSL",
        pattern=r"^[SL]{1,16}$",
        description="repeated over the layers: S a short window, L all tokens before; the last layer is L",
    )
    window_fraction: float = Field(
        0.25, gt=0.0, le=1.0, description="length of the short window, as a share of sequence_len"
    )
    value_embeddings: bool = Field(
        True, description="add a gated embedding of the token to the values of every second layer"
    )
    smear: bool | None = Field(
        None, description="each token's embedding takes some of the one before it; None: up to depth 8"
    )
    backout: bool | None = Field(
        None, description="the head reads less of what the middle layer knew; None: up to depth 8"
    )
    bigram_tables: int = Field(0, ge=0, le=16, description="rows for pairs of tokens, in vocabularies")
    logit_softcap: float | None = Field(
        15.0, gt=0.0, le=1000.0, description="bound c of the logits, c tanh(logits / c); None: unbounded"
    )
    rope_base: float = Field(
        100_000.0, ge=100.0, le=1e8, description="base of the rotary position embedding's wavelengths"
    )
    qk_scale: float = Field(
        1.2, gt=0.0, le=10.0, description="factor of queries and of keys, after they are normed"
    )


class OptimSpec(Contract):
    """Muon for matrices, AdamW for the rest; rates are those of the reference batch and width."""

    matrix_optimizer: Literal["muon", "adamw"] = Field(
        "muon", description="what steps the matrices of the layers"
    )
    matrix_lr: LearningRate = Field(0.02, description="rate of the layers' matrices")
    embedding_lr: LearningRate = Field(
        0.3, description="rate of the token embeddings; value embeddings take half of it, bigrams a tenth"
    )
    unembedding_lr: LearningRate = Field(0.008, description="rate of the head")
    scalar_lr: LearningRate = Field(0.5, description="rate of the single factors and gains")
    weight_decay: float = Field(
        0.28, ge=0.0, le=10.0, description="of the layers' matrices; falls to 0 along half a cosine"
    )
    table_weight_decay: float = Field(
        0.05,
        ge=0.0,
        le=10.0,
        description="of value and bigram embeddings and the head; more where a text is read over 2.5 times",
    )
    muon_momentum: float = Field(
        0.95, ge=0.0, lt=1.0, description="its highest value: it rises from 0.85 and falls to 0.90"
    )
    adam_beta1: float = Field(0.8, ge=0.0, lt=1.0, description="AdamW's decay of the gradient's mean")
    adam_beta2: float = Field(0.95, ge=0.0, lt=1.0, description="AdamW's decay of the gradient's square")


class ScheduleSpec(Contract):
    """Warm-up, constant, warm-down, as fractions of progress through the horizon."""

    warmup_fraction: Fraction = Field(0.02, description="share of the run in which rates rise from 0")
    warmdown_fraction: Fraction = Field(0.65, description="share of the run, its last, in which rates fall")
    final_lr_fraction: Fraction = Field(0.05, description="where rates end, as a share of their highest")

    @model_validator(mode="after")
    def _phases_fit(self) -> Self:
        if self.warmup_fraction + self.warmdown_fraction > 1.0:
            raise ValueError("warmup_fraction + warmdown_fraction must be at most 1")
        return self


class CoreSpec(Contract):
    """How CORE is read: `max_per_task` caps the items of each task (None: all of them)."""

    enabled: bool = Field(True, description="whether CORE is read at all")
    data: Reference | None = Field(None, description="data set holding core/; None: the job's own")
    max_per_task: int | None = Field(
        100, ge=1, le=1_000_000, description="at most so many items of each task; None: all of them"
    )


class _Job(Contract):
    seed: int = Field(0, ge=0, le=2**31 - 1, description="of the initial weights and the order of the data")
    limits: Limits = Limits()


class TokenizerJob(_Job):
    """Train a byte-level BPE tokenizer on a data set."""

    kind: Literal["tokenizer"]
    data: Reference = Field("starter", description="a data set's name, or a folder")
    vocab_size: int = Field(2048, ge=300, le=262_144, description="special tokens included")
    max_bytes: int = Field(
        100_000_000, ge=1_000, le=10**11, description="bytes of text that are read to train on"
    )


class _TrainingJob(_Job):
    data: Reference = Field("starter", description="a data set's name, or a folder")
    device_batch_size: int | None = Field(
        None, ge=1, le=4096, description="sequences per rank and forward pass"
    )
    total_batch_size: int | None = Field(None, ge=16, le=2**26, description="tokens per optimizer step")
    optim: OptimSpec = OptimSpec()
    dtype: Literal["auto", "bf16", "fp32", "fp8"] = Field(
        "auto", description="fp8: bf16 with fp8 products, on a Hopper GPU"
    )
    compile: bool | None = Field(
        None, description="None: on GPUs, and on a CPU in bf16 from 4M tokens a rank on"
    )
    activation_checkpointing: bool | None = Field(
        None, description="compute activations twice, keep few; None: on a GPU where no pass fits without"
    )
    profile: bool = Field(False, description="trace a few steps: trace.json.gz, and where their time went")
    val_tokens: int = Field(131_072, ge=256, le=10**10, description="held-out tokens read for val_bpb")
    eval_every_steps: int | None = Field(None, ge=1, description="None: val_bpb is read at the end alone")
    checkpoint_every_steps: int | None = Field(None, ge=1, description="None: when it ends or is stopped")
    core: CoreSpec = CoreSpec()


class PretrainJob(_TrainingJob):
    """Pretrain a base model; the horizon is `train_tokens` or, on a GPU of one's own, `train_seconds`."""

    kind: Literal["pretrain"]
    tokenizer: Reference = Field(description="a tokenizer job's id, or a folder with tokenizer.json")
    model: ModelSpec = ModelSpec()
    schedule: ScheduleSpec = ScheduleSpec()
    train_tokens: Tokens | None = Field(
        None, description="None, without train_seconds: 10.5 tokens for each parameter of matrices and head"
    )
    train_seconds: float | None = Field(
        None, gt=0.0, le=30 * 86400.0, description="seconds of training, start-up not counted"
    )

    @model_validator(mode="after")
    def _one_horizon(self) -> Self:
        if self.train_tokens is not None and self.train_seconds is not None:
            raise ValueError("train_tokens and train_seconds exclude each other")
        return self


class SftJob(_TrainingJob):
    """Fine-tune a base on conversations; loss on assistant tokens only."""

    kind: Literal["sft"]
    base: Reference = Field(description="a job's id, or a run folder with a checkpoint")
    epochs: float = Field(1.0, gt=0.0, le=1000.0, description="times that the conversations are read")
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
    checkpoint: Reference = Field(description="a job's id, or a run folder with a checkpoint")
    against: Reference | None = Field(None, description="a second checkpoint, compared on the same text")
    text: Literal["validation", "locked"] = Field("validation", description="which held-out half is read")
    data: Reference = Field("starter", description="a data set's name, or a folder")
    val_tokens: int = Field(131_072, ge=256, le=10**10, description="held-out tokens read for val_bpb")
    core: CoreSpec = CoreSpec()
