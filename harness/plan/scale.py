"""What depends on the kind of machine: model sizes, horizons and guessed speeds."""

from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["cpu", "gpu"]


@dataclass(frozen=True)
class Scale:
    """What depends on the kind of machine; `guess` rates stand until the calibration has run."""

    kind: Kind
    vocab_size: int
    tokenizer_bytes: int
    depth: int
    sequence_len: int
    total_batch_size: int | None
    device_batch_size: int | None
    val_tokens: int
    core_per_task: int | None
    core_per_task_final: int | None
    guess_tokens_per_second: float
    guess_overhead_seconds: float
    rank_efficiency: float
    rank_overhead_seconds: float
    tokenizer_seconds: float
    deploy_seconds: float
    report_seconds: float
    eval_seconds: float
    calibrate_train_seconds: float
    shortest_search_seconds: float
    longest_search_seconds: float
    sft_share: float
    sft_lr_scale: float
    sft_batch_size: int | None


CPU = Scale(
    kind="cpu",
    vocab_size=2048,
    tokenizer_bytes=12_000_000,
    depth=4,
    sequence_len=256,
    total_batch_size=4096,
    device_batch_size=8,
    val_tokens=49_152,
    core_per_task=50,
    core_per_task_final=None,
    guess_tokens_per_second=4_500.0,
    guess_overhead_seconds=20.0,
    rank_efficiency=0.8,
    rank_overhead_seconds=6.0,
    tokenizer_seconds=15.0,
    deploy_seconds=20.0,
    report_seconds=15.0,
    eval_seconds=30.0,
    calibrate_train_seconds=10.0,
    shortest_search_seconds=24.0,
    longest_search_seconds=600.0,
    sft_share=0.53,
    # Higher rates cost CORE, lower ones leave facts unlearnt on a busy machine (docs/logs/starter_recipe.md).
    sft_lr_scale=0.5,
    sft_batch_size=2048,
)
GPU = Scale(
    kind="gpu",
    vocab_size=32_768,
    tokenizer_bytes=400_000_000,
    depth=8,
    sequence_len=2048,
    total_batch_size=None,
    device_batch_size=None,
    val_tokens=1_048_576,
    core_per_task=50,
    core_per_task_final=500,
    guess_tokens_per_second=1_000_000.0,
    guess_overhead_seconds=120.0,
    rank_efficiency=0.93,
    rank_overhead_seconds=15.0,
    tokenizer_seconds=120.0,
    deploy_seconds=90.0,
    report_seconds=20.0,
    eval_seconds=300.0,
    calibrate_train_seconds=30.0,
    shortest_search_seconds=150.0,
    # Depth 8 is at its compute-optimal horizon after some 7 minutes.
    longest_search_seconds=900.0,
    sft_share=0.15,
    sft_lr_scale=0.8,
    sft_batch_size=None,
)


def scale_for(kind: str, data: str) -> Scale:
    """The scale of a machine; CORE's long prompts are capped harder where a CPU must read them."""
    if kind == "gpu":
        return GPU
    if data == "starter":
        return CPU
    return replace(CPU, core_per_task=5, core_per_task_final=25, eval_seconds=60.0)
