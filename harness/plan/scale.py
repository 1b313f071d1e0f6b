"""What depends on the kind of machine: model sizes, horizons and guessed speeds."""

from dataclasses import dataclass, replace
from typing import Literal

from harness.plan.overheads import Overhead, Overheads, same

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
    guess_overheads: Overheads
    rank_efficiency: float
    rank_overhead_seconds: float
    report_seconds: float
    longest_eval_seconds: float | None
    calibrate_train_seconds: float
    shortest_search_seconds: float
    shortest_train_seconds: float
    longest_search_seconds: float
    least_hypotheses: int
    contingency_share: float
    overhead_slack: float
    sft_share: float
    sft_most_epochs: float | None
    text_most_epochs: float | None
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
    # Passes are compiled from 4M tokens on: search jobs compile nothing.
    guess_overheads=Overheads(
        pretrain=same(20.0), sft=same(20.0), eval=same(30.0), tokenizer=same(15.0), deployment=same(20.0)
    ),
    rank_efficiency=0.8,
    rank_overhead_seconds=6.0,
    report_seconds=15.0,
    longest_eval_seconds=None,
    calibrate_train_seconds=10.0,
    shortest_search_seconds=24.0,
    shortest_train_seconds=5.0,
    longest_search_seconds=600.0,
    least_hypotheses=7,
    contingency_share=0.05,
    overhead_slack=0.0,
    sft_share=0.53,
    sft_most_epochs=None,
    text_most_epochs=None,
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
    # Jobs of 16,384 tokens a step at depth 8 on one H200 (docs/logs/gpu_speed.md).
    guess_tokens_per_second=1_190_000.0,
    guess_overheads=Overheads(
        # Guesses until they are measured, of jobs of one rank in a resident worker; cold ones compile.
        pretrain=Overhead(cold_seconds=45.0, warm_seconds=8.0),
        sft=Overhead(cold_seconds=40.0, warm_seconds=15.0),
        # The same: an H200 read CORE's items for 13 s in a job of its own.
        eval=same(25.0),
        # 8 s on an H200's host with one shard; the default set has more (docs/logs/whole_labs.md).
        tokenizer=same(20.0),
        # Measured on one H200: 16 to 20 s (docs/logs/short_sessions.md).
        deployment=same(20.0),
    ),
    rank_efficiency=0.93,
    rank_overhead_seconds=15.0,
    report_seconds=10.0,
    longest_eval_seconds=300.0,
    calibrate_train_seconds=10.0,
    shortest_search_seconds=10.0,
    shortest_train_seconds=7.5,
    # Depth 8 is at its compute-optimal horizon after some 7 minutes.
    longest_search_seconds=900.0,
    least_hypotheses=7,
    # Champion and fine-tuning end by the clock: little can go wrong with their time.
    contingency_share=0.02,
    # Of what the end's jobs take beside training: a champion took 69 s where 50 were planned, and its
    # fine-tuning was cut at its second step.
    overhead_slack=0.25,
    sft_share=0.15,
    # At depth 8, of 7.8M tokens: held-out answers at 2.42 nats a token after half of them, 2.25 after all,
    # 2.32 after two epochs (docs/logs/finetuning.md).
    sft_most_epochs=1.0,
    # At depth 8, of 10.8M tokens: four epochs ended at 1.261 bits a byte, eight at 1.361, 67 at 2.63
    # (docs/logs/whole_labs.md).
    text_most_epochs=4.0,
    # 0.8 and 0.1 were worse for held-out answers, at depths 8 and 12; 0.8 for CORE, too (the same page).
    sft_lr_scale=0.3,
    sft_batch_size=None,
)


def scale_for(kind: str, data: str) -> Scale:
    """The scale of a machine; CORE's long prompts are capped harder where a CPU must read them."""
    if kind == "gpu":
        return GPU
    if data == "starter":
        return CPU
    slower = CPU.guess_overheads.model_copy(update={"eval": same(60.0)})
    return replace(CPU, core_per_task=5, core_per_task_final=25, guess_overheads=slower)
