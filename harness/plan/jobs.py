"""The lab's job documents, pure: what a machine of this kind should train, and for how long."""

from dataclasses import dataclass
from typing import Literal

from journal.records import Patch, Recipe, apply_patch
from trainer.job import EvalJob, PretrainJob, SftJob, TokenizerJob, validate_job

Kind = Literal["cpu", "gpu"]
Document = dict[str, object]

STARTER_REASON = "starter recipe"
REBASE_REASON = "rebase"
SUPPORTED_REASON = "supported"
# A recipe of the first rung, made of what held on the rung above.
TRANSFERRED_REASON = f"{SUPPORTED_REASON} above"
GRACE_SECONDS = 15.0


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
    import dataclasses

    return dataclasses.replace(CPU, core_per_task=5, core_per_task_final=25, eval_seconds=60.0)


def tokenizer_document(scale: Scale, data: str) -> Document:
    """The one tokenizer job of a lab."""
    return {
        "kind": "tokenizer",
        "data": data,
        "vocab_size": scale.vocab_size,
        "max_bytes": scale.tokenizer_bytes,
        "seed": 0,
        "limits": {"max_seconds": scale.tokenizer_seconds * 10 + 120, "gpus": 1},
    }


def starter_document(scale: Scale, data: str, tokenizer: str, train_tokens: int, pins: Patch) -> Document:
    """The first recipe: defaults by depth, made explicit, with the brief's pinned settings."""
    document: Document = {
        "kind": "pretrain",
        "data": data,
        "tokenizer": tokenizer,
        "model": _model(scale),
        "total_batch_size": scale.total_batch_size,
        "device_batch_size": scale.device_batch_size,
        "train_tokens": train_tokens,
        "val_tokens": scale.val_tokens,
        "core": {"max_per_task": scale.core_per_task},
    }
    for path, value in pins.items():
        apply_patch(document, path, value)
    return as_recipe_document(document)


def as_recipe_document(document: Document) -> Document:
    """All settings explicit, without seed and limits: a later change of a default changes no recipe.

    Raises:
        JobError: it is no valid job.
    """
    explicit: Document = validate_job(document).model_dump(mode="json")
    return {name: value for name, value in explicit.items() if name not in ("seed", "limits")}


def pretrain_job(
    recipe: Recipe,
    seed: int,
    max_seconds: float,
    patch: Patch | None = None,
    gpus: int = 1,
    core_per_task: int | Literal["recipe"] | None = "recipe",
) -> PretrainJob:
    """A job of a recipe.

    Raises:
        JobError: the patch makes it invalid.
    """
    document = recipe.job_document(seed, patch)
    document["limits"] = {"max_seconds": float(round(max_seconds)), "gpus": gpus}
    if gpus > 1 and not _batch_divides(document, gpus):
        document["device_batch_size"] = None
    if core_per_task != "recipe":
        apply_patch(document, "core.max_per_task", core_per_task)
    job = validate_job(document)
    assert isinstance(job, PretrainJob)
    return job


def calibration_job(scale: Scale, recipe_document: Document, seed: int) -> PretrainJob:
    """A short run of the starter recipe: tokens per second, and seconds that are not training."""
    document = {**recipe_document, "seed": seed}
    tokens = round_tokens(scale.calibrate_train_seconds * scale.guess_tokens_per_second, 4096)
    document["train_tokens"] = tokens
    document["limits"] = {"max_seconds": scale.guess_overhead_seconds * 10 + 300.0, "gpus": 1}
    job = validate_job(document)
    assert isinstance(job, PretrainJob)
    return job


def sft_job(
    scale: Scale, data: str, base: str, seed: int, train_tokens: int, max_seconds: float, gpus: int,
    train_seconds: float | None = None,
) -> SftJob:  # fmt: skip
    """Fine-tune a base for so many tokens, or as many as fit in so long."""
    job = validate_job(
        {
            "kind": "sft",
            "data": data,
            "base": base,
            "seed": seed,
            "train_tokens": train_tokens,
            "train_seconds": train_seconds,
            "lr_scale": scale.sft_lr_scale,
            "total_batch_size": scale.sft_batch_size,
            "val_tokens": scale.val_tokens,
            # All items are read once, by the evaluation that follows.
            "core": {"max_per_task": scale.core_per_task},
            "limits": {"max_seconds": float(round(max_seconds)), "gpus": gpus},
        }
    )
    assert isinstance(job, SftJob)
    return job


def eval_job(scale: Scale, data: str, checkpoint: str, max_seconds: float) -> EvalJob:
    """The headline evaluation of the champion."""
    job = validate_job(
        {
            "kind": "eval",
            "data": data,
            "checkpoint": checkpoint,
            "val_tokens": scale.val_tokens,
            "core": {"max_per_task": scale.core_per_task_final},
            "limits": {"max_seconds": float(round(max_seconds)), "gpus": 1},
        }
    )
    assert isinstance(job, EvalJob)
    return job


def locked_job(
    scale: Scale, data: str, checkpoint: str, against: str, seed: int, max_seconds: float
) -> EvalJob:
    """Two checkpoints on the same locked text; `seed` is the first one's."""
    job = validate_job(
        {
            "kind": "eval",
            "data": data,
            "checkpoint": checkpoint,
            "against": against,
            "text": "locked",
            "seed": seed,
            "val_tokens": scale.val_tokens,
            "core": {"enabled": False},
            "limits": {"max_seconds": float(round(max_seconds)), "gpus": 1},
        }
    )
    assert isinstance(job, EvalJob)
    return job


def tokenizer_job(scale: Scale, data: str) -> TokenizerJob:
    """The validated tokenizer job."""
    job = validate_job(tokenizer_document(scale, data))
    assert isinstance(job, TokenizerJob)
    return job


def champion_ranks(document: Document, slots: int) -> int:
    """The most slots whose ranks share the batch evenly."""
    for ranks in range(slots, 1, -1):
        if _batch_divides({**document, "device_batch_size": 1}, ranks):
            return ranks
    return 1


def round_tokens(tokens: float, multiple: int) -> int:
    """A whole number of steps, at least 8."""
    return max(8, int(tokens) // multiple) * multiple


def matrix_parameters(depth: int, vocab_size: int) -> int:
    """Transformer matrices and head of the default shape (width 64 × depth)."""
    width = 64 * depth
    return 12 * depth * width**2 + vocab_size * width


def compute_optimal_depth(total_flops: float, vocab_size: int) -> int:
    """The even depth whose 10.5 tokens per parameter cost `total_flops`, as nanochat measured."""
    best = 4
    for depth in range(4, 65, 2):
        parameters = matrix_parameters(depth, vocab_size)
        if 6 * parameters * 10.5 * parameters <= total_flops:
            best = depth
    return best


def _model(scale: Scale) -> Document:
    if scale.kind == "gpu":
        return {"depth": scale.depth, "sequence_len": scale.sequence_len}
    return {"depth": scale.depth, "width": 192, "head_dim": 64, "sequence_len": scale.sequence_len}


def _batch_divides(document: Document, ranks: int) -> bool:
    model = document["model"]
    assert isinstance(model, dict)
    total, each, length = document["total_batch_size"], document["device_batch_size"], model["sequence_len"]
    if total is None:
        return True  # the trainer chooses a batch that the ranks share
    return int(str(total)) % (ranks * int(str(each or 1)) * int(str(length or 1))) == 0
