"""The lab's job documents, pure: what a machine of this kind should train, and for how long."""

from typing import Literal

from harness.plan.scale import Scale
from harness.plan.shapes import likely_batch_tokens
from harness.plan.sizes import round_tokens
from journal.records import Patch, Recipe, apply_patch
from trainer.job import EvalJob, PretrainJob, SftJob, TokenizerJob, validate_job

Document = dict[str, object]
_ANY_JOB = "0000000000-1"


def tokenizer_document(scale: Scale, data: str) -> Document:
    """The one tokenizer job of a lab."""
    return {
        "kind": "tokenizer",
        "data": data,
        "vocab_size": scale.vocab_size,
        "max_bytes": scale.tokenizer_bytes,
        "seed": 0,
        "limits": {"max_seconds": scale.guess_overheads.tokenizer.warm_seconds * 10 + 120, "gpus": 1},
    }


def starter_document(
    scale: Scale, data: str, tokenizer: str, train_tokens: int, pins: Patch, core_per_task: int | None
) -> Document:
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
        "core": {"max_per_task": core_per_task},
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


def calibration_job(scale: Scale, recipe_document: Document, seed: int, search_tokens: int) -> PretrainJob:
    """A short run of the starter recipe: tokens per second, and seconds that are not training.

    On a GPU it has the batch that runs of `search_tokens` will have: the speed is theirs, and they find its
    compiled code.
    """
    document = {**recipe_document, "seed": seed}
    tokens = round_tokens(scale.calibrate_train_seconds * scale.guess_tokens_per_second, 4096)
    if scale.kind == "gpu":
        batch = int(str(document["total_batch_size"] or _likely_batch(document, search_tokens)))
        document["total_batch_size"] = batch
        tokens = round_tokens(min(tokens, search_tokens), batch)
    document["train_tokens"] = tokens
    seconds = scale.guess_overheads.pretrain.cold_seconds * 10 + 300.0
    document["limits"] = {"max_seconds": seconds, "gpus": 1}
    job = validate_job(document)
    assert isinstance(job, PretrainJob)
    return job


def sft_job(
    scale: Scale, data: str, base: str, seed: int, train_tokens: int, max_seconds: float, gpus: int,
    train_seconds: float | None = None, core_per_task: int | Literal["scale"] | None = "scale",
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
            "core": {"max_per_task": scale.core_per_task if core_per_task == "scale" else core_per_task},
            "limits": {"max_seconds": float(round(max_seconds)), "gpus": gpus},
        }
    )
    assert isinstance(job, SftJob)
    return job


def eval_job(
    scale: Scale, data: str, checkpoint: str, core_per_task: int | None, max_seconds: float
) -> EvalJob:
    """The headline evaluation of the champion."""
    job = validate_job(
        {
            "kind": "eval",
            "data": data,
            "checkpoint": checkpoint,
            "val_tokens": scale.val_tokens,
            "core": {"max_per_task": core_per_task},
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


def planned_base(
    scale: Scale, depth: int, gpus: int, tokens: int | None, seconds: float | None = None
) -> PretrainJob:
    """A job of the shape that a plan's pretraining of this depth will have, as far as the scale tells."""
    model = {**_model(scale), "depth": depth}
    document: Document = {"kind": "pretrain", "tokenizer": _ANY_JOB, "model": model, "train_tokens": tokens}
    document |= {"train_seconds": seconds, "limits": {"gpus": gpus}}
    document |= {"total_batch_size": scale.total_batch_size, "device_batch_size": scale.device_batch_size}
    job = validate_job(document)
    assert isinstance(job, PretrainJob)
    return job


def planned_tuning(scale: Scale, gpus: int, tokens: int) -> SftJob:
    """The same of its fine-tuning."""
    return sft_job(scale, "starter", _ANY_JOB, 0, tokens, 1.0, gpus, None)


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


def _model(scale: Scale) -> Document:
    if scale.kind == "gpu":
        return {"depth": scale.depth, "sequence_len": scale.sequence_len}
    return {"depth": scale.depth, "width": 192, "head_dim": 64, "sequence_len": scale.sequence_len}


def _likely_batch(document: Document, tokens: int) -> int:
    model = document["model"]
    assert isinstance(model, dict)
    length = int(model["sequence_len"] or 2048)
    return max(1, round(likely_batch_tokens(tokens) / length)) * length


def _batch_divides(document: Document, ranks: int) -> bool:
    model = document["model"]
    assert isinstance(model, dict)
    total, each, length = document["total_batch_size"], document["device_batch_size"], model["sequence_len"]
    if total is None:
        return True  # the trainer chooses a batch that the ranks share
    return int(str(total)) % (ranks * int(str(each or 1)) * int(str(length or 1))) == 0
