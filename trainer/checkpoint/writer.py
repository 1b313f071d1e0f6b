"""Saving a checkpoint: its folder is replaced as one, with the hash of every file in `meta.json`."""

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from safetensors.torch import save_file
from torch import Tensor

from trainer.checkpoint.contents import (
    Canary,
    CheckpointError,
    CheckpointMeta,
    OptimizerState,
)
from trainer.checkpoint.folder_swap import repair, replace_folder
from trainer.job import CheckpointPaths
from trainer.system.hashes import sha256_of


def save_checkpoint(
    folder: Path,
    weights: Mapping[str, Tensor],
    optimizer: OptimizerState | None,
    meta: CheckpointMeta,
    tokenizer_path: Path,
    job_bytes: bytes,
    canary: tuple[Sequence[int], float],
    loop_state: dict[str, Any],
) -> None:
    """Write the checkpoint folder (usually `RunPaths.checkpoint`); a kill leaves the old one or this one.

    Raises:
        CheckpointError: when the folder cannot be written.
    """

    def fill(staging: Path) -> None:
        paths = CheckpointPaths(staging)
        _save_tensors(paths.model, weights)
        if optimizer is not None:
            _save_tensors(paths.optimizer, optimizer.state_tensors())
        shutil.copyfile(tokenizer_path, paths.tokenizer)
        paths.job.write_bytes(job_bytes)
        tokens, loss = canary
        written = Canary(tokens=tuple(int(token) for token in tokens), loss=loss)
        paths.canary.write_text(written.model_dump_json(), encoding="utf-8")
        paths.loop_state.write_text(json.dumps(loop_state, allow_nan=False), encoding="utf-8")
        hashes = {path.name: sha256_of(path) for path in sorted(staging.iterdir())}
        filled = meta.model_copy(update={"sha256": hashes})
        paths.meta.write_text(filled.model_dump_json(indent=1), encoding="utf-8")

    try:
        replace_folder(folder, fill)
    except OSError as error:
        raise CheckpointError(f"{folder}: {error}") from None


def repair_checkpoint(folder: Path) -> bool:
    """Before resuming: undo a killed replacement of the checkpoint folder; whether one is there."""
    repair(folder)
    return CheckpointPaths(folder).meta.is_file()


def _save_tensors(path: Path, tensors: Mapping[str, Tensor]) -> None:
    save_file({name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}, path)
