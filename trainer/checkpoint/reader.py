"""Opening a checkpoint from anywhere: every file is checked by hash before it is used.

Safetensors and JSON in one folder (`trainer.job.CheckpointPaths`). Nothing is ever unpickled.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from pydantic import ValidationError
from safetensors import SafetensorError, safe_open
from torch import Tensor

from trainer.checkpoint.checks import check_canary, check_regular, check_sizes, check_weights
from trainer.checkpoint.contents import (
    MAX_JSON_BYTES,
    Canary,
    CheckpointError,
    CheckpointMeta,
    OptimizerState,
)
from trainer.checkpoint.folder_swap import previous_of
from trainer.job import CheckpointPaths, RunPaths, one_line
from trainer.job.strict_json import JsonError, parse_strict
from trainer.model.config import ModelConfig
from trainer.model.gpt import GPT
from trainer.system.hashes import sha256_of
from trainer.tokenizer import Tokenizer, TokenizerError

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


def checkpoint_folder(folder: Path) -> Path | None:
    """The checkpoint in a run folder, or `folder` itself if it is one; None when there is none."""
    inner = RunPaths(folder).checkpoint
    candidates = (inner, previous_of(inner), folder, previous_of(folder))
    return next((path for path in candidates if CheckpointPaths(path).meta.is_file()), None)


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


def restore_training(folder: Path, model: GPT, optimizer: OptimizerState) -> dict[str, Any]:
    """Put weights and optimizer state of a checkpoint in place; returns the saved `loop_state`.

    Raises:
        CheckpointError: when the checkpoint does not fit or cannot be used.
    """
    paths = _existing(folder)
    meta = _parse_meta(paths)
    state = _load_tensors(paths.model, meta, "cpu")
    check_weights(paths.model, state, model)
    model.load_state_dict(state)
    try:
        optimizer.load_state_tensors(_load_tensors(paths.optimizer, meta, "cpu"))
    except CheckpointError:
        raise
    except ValueError as error:
        raise CheckpointError(f"{paths.optimizer}: {error}") from None
    try:
        loop_state = parse_strict(_read_json(paths.loop_state, meta), paths.loop_state.name, MAX_JSON_BYTES)
    except JsonError as error:
        raise CheckpointError(f"{paths.folder}: {error}") from None
    if not isinstance(loop_state, dict):
        raise CheckpointError(f"{paths.loop_state}: not a JSON object")
    return loop_state


def read_job_bytes(folder: Path) -> bytes:
    """The canonical bytes of the job that made the checkpoint.

    Raises:
        CheckpointError: when there is none or it was altered.
    """
    paths = _existing(folder)
    return _read_json(paths.job, _parse_meta(paths))


def _open(paths: CheckpointPaths, device: torch.device | str, dtype: torch.dtype) -> LoadedModel:
    meta = _parse_meta(paths)
    check_regular(paths.model)
    check_sizes(paths.meta, meta.config, paths.model.stat().st_size)
    state = _load_tensors(paths.model, meta, str(device))
    with torch.device("meta"):  # shapes alone: no memory is asked for on the word of meta.json
        check_weights(paths.model, state, GPT(meta.config))
    model = GPT(meta.config)
    model.load_state_dict(state, assign=True)
    model.to(device)
    model.cast_parameters(dtype).eval()
    tokenizer = _load_tokenizer(paths.tokenizer, meta)
    return LoadedModel(model, meta.config, tokenizer, meta, _load_canary(paths.canary, meta), paths.folder)


def _existing(folder: Path) -> CheckpointPaths:
    found = checkpoint_folder(Path(folder))
    if found is None:
        needed = CheckpointPaths(folder)
        raise CheckpointError(
            f"{folder}: no checkpoint there; allowed: a folder that holds "
            f"{needed.meta.name} and {needed.model.name}"
        )
    if found != Path(folder) and found.is_symlink():
        raise CheckpointError(f"{found}: a link; allowed: a folder")
    return CheckpointPaths(found)


def _stamp(folder: Path) -> int | None:
    try:
        return _existing(folder).folder.stat().st_ino
    except (CheckpointError, OSError):
        return None


def _parse_meta(paths: CheckpointPaths) -> CheckpointMeta:
    try:
        return CheckpointMeta.model_validate_json(_read_json(paths.meta, None))
    except ValidationError as error:
        raise CheckpointError(f"{paths.meta}: {one_line(error, name='meta')}") from None


def _load_canary(path: Path, meta: CheckpointMeta) -> Canary:
    try:
        canary = Canary.model_validate_json(_read_json(path, meta))
    except ValidationError as error:
        raise CheckpointError(f"{path}: {one_line(error, name='canary')}") from None
    check_canary(path, canary, meta.config.vocab_size)
    return canary


def _load_tokenizer(path: Path, meta: CheckpointMeta) -> Tokenizer:
    _verify(path, meta)
    try:
        tokenizer = Tokenizer.load(path)
    except TokenizerError as error:
        raise CheckpointError(f"{path}: {error}") from None
    if tokenizer.vocab_size > meta.config.vocab_size:
        raise CheckpointError(
            f"{path}: {tokenizer.vocab_size} tokens; allowed: at most {meta.config.vocab_size}"
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


def _read_json(path: Path, meta: CheckpointMeta | None) -> bytes:
    check_regular(path, MAX_JSON_BYTES)
    if meta is not None:
        _verify(path, meta)
    return path.read_bytes()


def _verify(path: Path, meta: CheckpointMeta) -> None:
    """Refuse links, missing files, and any content but the one that was written."""
    check_regular(path)
    if meta.sha256.get(path.name) != sha256_of(path):
        raise CheckpointError(f"{path}: content differs from what was saved (SHA-256)")
