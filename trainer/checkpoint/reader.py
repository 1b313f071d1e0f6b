"""Checkpoints: safetensors and JSON in one folder, replaced whole, with the hash of every file.

`model.safetensors`, `optimizer.safetensors`, `meta.json`, `tokenizer.json`, `job.json`,
`canary.json`, `loop.json`. Nothing is ever unpickled.
"""

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from pydantic import ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from trainer.checkpoint.checks import (
    MAX_JSON_BYTES,
    Canary,
    CheckpointError,
    CheckpointMeta,
    check_canary,
    check_regular,
    check_sizes,
    check_weights,
)
from trainer.checkpoint.folder_swap import previous_of, repair, replace_folder
from trainer.job import one_line
from trainer.job.paths import WEIGHTS_FILE
from trainer.job.strict_json import JsonError, parse_strict
from trainer.model.config import ModelConfig
from trainer.model.gpt import GPT
from trainer.optim.optimizer import Optimizer
from trainer.tokenizer import Tokenizer, TokenizerError

__all__ = [
    "Canary",
    "CheckpointError",
    "CheckpointMeta",
    "LoadedModel",
    "checkpoint_folder",
    "open_model",
    "read_job_bytes",
    "read_meta",
    "repair_checkpoint",
    "restore_training",
    "save_checkpoint",
]

_MODEL, _OPTIMIZER, _META = WEIGHTS_FILE, "optimizer.safetensors", "meta.json"
_TOKENIZER, _JOB, _CANARY, _LOOP = "tokenizer.json", "job.json", "canary.json", "loop.json"
_OPEN_ATTEMPTS = 3


@dataclass(frozen=True)
class LoadedModel:
    """A model ready for inference, with what it came with."""

    model: GPT
    config: ModelConfig
    tokenizer: Tokenizer
    meta: CheckpointMeta
    canary: Canary
    folder: Path


def save_checkpoint(
    folder: Path,
    model: GPT,
    optimizer: Optimizer | None,
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
        _save_tensors(staging / _MODEL, model.state_dict())
        if optimizer is not None:
            _save_tensors(staging / _OPTIMIZER, optimizer.state_tensors())
        shutil.copyfile(tokenizer_path, staging / _TOKENIZER)
        (staging / _JOB).write_bytes(job_bytes)
        tokens, loss = canary
        written = Canary(tokens=tuple(int(token) for token in tokens), loss=loss)
        (staging / _CANARY).write_text(written.model_dump_json())
        (staging / _LOOP).write_text(json.dumps(loop_state, allow_nan=False))
        hashes = {path.name: _sha256(path) for path in sorted(staging.iterdir())}
        filled = meta.model_copy(update={"sha256": hashes})
        (staging / _META).write_text(filled.model_dump_json(indent=1))

    try:
        replace_folder(folder, fill)
    except OSError as error:
        raise CheckpointError(f"{folder}: {error}") from None


def checkpoint_folder(folder: Path) -> Path | None:
    """The checkpoint in a run folder, or `folder` itself if it is one; None when there is none."""
    inner = folder / "checkpoint"
    candidates = (inner, previous_of(inner), folder, previous_of(folder))
    return next((path for path in candidates if (path / _META).is_file()), None)


def repair_checkpoint(folder: Path) -> bool:
    """Before resuming: undo a killed replacement of the checkpoint folder; whether one is there."""
    repair(folder)
    return (folder / _META).is_file()


def read_meta(folder: Path) -> CheckpointMeta:
    """The description of a checkpoint (of a run folder or of the folder itself).

    Raises:
        CheckpointError: when there is none or it is malformed.
    """
    return _parse_meta(_existing(folder))


def open_model(
    folder: Path, device: torch.device | str = "cpu", dtype: torch.dtype = torch.float32
) -> LoadedModel:
    """Load a model for inference or as a base; `folder` is a run folder or a checkpoint folder.

    Raises:
        CheckpointError: when a file is missing, altered, of another shape, a link or no safetensors.
    """
    for _ in range(_OPEN_ATTEMPTS - 1):
        stamp = _stamp(folder)
        try:
            return _open(_existing(folder), device, dtype)
        except CheckpointError:
            # Its writer may have put a newer checkpoint in place meanwhile: only then look again.
            if _stamp(folder) == stamp:
                raise
    return _open(_existing(folder), device, dtype)


def restore_training(folder: Path, model: GPT, optimizer: Optimizer) -> dict[str, Any]:
    """Put weights and optimizer state of a checkpoint in place; returns the saved `loop_state`.

    Raises:
        CheckpointError: when the checkpoint does not fit or cannot be used.
    """
    path = _existing(folder)
    meta = _parse_meta(path)
    state = _load_tensors(path / _MODEL, meta, "cpu")
    check_weights(path / _MODEL, state, model)
    model.load_state_dict(state)
    try:
        optimizer.load_state_tensors(_load_tensors(path / _OPTIMIZER, meta, "cpu"))
    except CheckpointError:
        raise
    except ValueError as error:
        raise CheckpointError(f"{path / _OPTIMIZER}: {error}") from None
    try:
        loop_state = parse_strict(_read_json(path / _LOOP, meta), _LOOP, MAX_JSON_BYTES)
    except JsonError as error:
        raise CheckpointError(f"{path}: {error}") from None
    if not isinstance(loop_state, dict):
        raise CheckpointError(f"{path / _LOOP}: not a JSON object")
    return loop_state


def read_job_bytes(folder: Path) -> bytes:
    """The canonical bytes of the job that made the checkpoint.

    Raises:
        CheckpointError: when there is none or it was altered.
    """
    path = _existing(folder)
    return _read_json(path / _JOB, _parse_meta(path))


def _open(path: Path, device: torch.device | str, dtype: torch.dtype) -> LoadedModel:
    meta = _parse_meta(path)
    check_regular(path / _MODEL)
    check_sizes(path / _META, meta.config, (path / _MODEL).stat().st_size)
    state = _load_tensors(path / _MODEL, meta, str(device))
    with torch.device("meta"):  # shapes alone: no memory is asked for on the word of meta.json
        check_weights(path / _MODEL, state, GPT(meta.config))
    model = GPT(meta.config)
    model.load_state_dict(state, assign=True)
    model.to(device)
    model.cast_parameters(dtype).eval()
    tokenizer = _load_tokenizer(path, meta)
    return LoadedModel(model, meta.config, tokenizer, meta, _load_canary(path, meta), path)


def _existing(folder: Path) -> Path:
    found = checkpoint_folder(Path(folder))
    if found is None:
        raise CheckpointError(
            f"{folder}: no checkpoint there; allowed: a folder that holds {_META} and {_MODEL}"
        )
    if found != Path(folder) and found.is_symlink():
        raise CheckpointError(f"{found}: a link; allowed: a folder")
    return found


def _stamp(folder: Path) -> int | None:
    try:
        return _existing(folder).stat().st_ino
    except (CheckpointError, OSError):
        return None


def _parse_meta(path: Path) -> CheckpointMeta:
    try:
        return CheckpointMeta.model_validate_json(_read_json(path / _META, None))
    except ValidationError as error:
        raise CheckpointError(f"{path / _META}: {one_line(error, name='meta')}") from None


def _load_canary(path: Path, meta: CheckpointMeta) -> Canary:
    try:
        canary = Canary.model_validate_json(_read_json(path / _CANARY, meta))
    except ValidationError as error:
        raise CheckpointError(f"{path / _CANARY}: {one_line(error, name='canary')}") from None
    check_canary(path / _CANARY, canary, meta.config.vocab_size)
    return canary


def _load_tokenizer(path: Path, meta: CheckpointMeta) -> Tokenizer:
    _verify(path / _TOKENIZER, meta)
    try:
        tokenizer = Tokenizer.load(path / _TOKENIZER)
    except TokenizerError as error:
        raise CheckpointError(f"{path / _TOKENIZER}: {error}") from None
    if tokenizer.vocab_size > meta.config.vocab_size:
        raise CheckpointError(
            f"{path / _TOKENIZER}: {tokenizer.vocab_size} tokens; allowed: at most {meta.config.vocab_size}"
        )
    return tokenizer


def _load_tensors(path: Path, meta: CheckpointMeta, device: str) -> dict[str, Tensor]:
    _verify(path, meta)
    try:
        with safe_open(path, framework="pt", device=device) as file:
            # Copies: a view of the mapped file would change with it.
            return {name: file.get_tensor(name).clone() for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise CheckpointError(f"{path}: not a safetensors file ({error})") from None


def _save_tensors(path: Path, tensors: dict[str, Tensor]) -> None:
    save_file({name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}, path)


def _read_json(path: Path, meta: CheckpointMeta | None) -> bytes:
    check_regular(path, MAX_JSON_BYTES)
    if meta is not None:
        _verify(path, meta)
    return path.read_bytes()


def _verify(path: Path, meta: CheckpointMeta) -> None:
    """Refuse links, missing files, and any content but the one that was written."""
    check_regular(path)
    if meta.sha256.get(path.name) != _sha256(path):
        raise CheckpointError(f"{path}: content differs from what was saved (SHA-256)")


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
