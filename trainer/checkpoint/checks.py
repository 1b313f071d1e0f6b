"""What a checkpoint from anywhere must show before its weights are used."""

import stat
from pathlib import Path

from torch import Tensor

from trainer.checkpoint.contents import Canary, CheckpointError
from trainer.model.config import ModelConfig
from trainer.model.gpt import GPT

# As the job contract has them; nothing this trainer writes is larger.
_MAX_DEPTH, _MAX_WIDTH, _MAX_VOCAB, _MAX_ROPE_VALUES = 64, 16_384, 1 << 20, 131_072 * 256


def check_regular(path: Path, max_bytes: int | None = None) -> None:
    """Refuse what is missing, a link, a pipe or a device, or too large.

    Raises:
        CheckpointError: naming the file.
    """
    try:
        found = path.lstat()
    except OSError:
        raise CheckpointError(f"{path}: missing") from None
    if not stat.S_ISREG(found.st_mode):
        raise CheckpointError(f"{path}: not a regular file; allowed: no links")
    if max_bytes is not None and found.st_size > max_bytes:
        raise CheckpointError(f"{path}: {found.st_size} bytes; allowed: at most {max_bytes}")


def check_sizes(meta_path: Path, config: ModelConfig, weights_bytes: int) -> None:
    """Refuse sizes that no job can ask for, or that the file of weights cannot hold.

    Raises:
        CheckpointError: naming the field.
    """
    limits = {
        "depth": (config.depth, _MAX_DEPTH),
        "width": (config.width, _MAX_WIDTH),
        "vocab_size": (config.vocab_size, _MAX_VOCAB),
        "sequence_len * head_dim": (config.sequence_len * config.head_dim, _MAX_ROPE_VALUES),
    }
    for name, (value, most) in limits.items():
        if value > most:
            raise CheckpointError(f"{meta_path}: config.{name}: {value}; allowed: at most {most}")
    if max(config.depth * config.width, config.vocab_size) * config.width > weights_bytes:
        raise CheckpointError(f"{meta_path}: config describes a larger model than model.safetensors holds")


def check_weights(path: Path, state: dict[str, Tensor], model: GPT) -> None:
    """Refuse tensors that are not the model's, by name, shape and dtype.

    Raises:
        CheckpointError: naming the first that differs.
    """
    own = model.state_dict()
    if state.keys() != own.keys():
        odd = sorted(state.keys() ^ own.keys())[0]
        raise CheckpointError(f"{path}: {odd[:80]!r} is in the file or in the model, not in both")
    for name, tensor in own.items():
        found = state[name]
        if found.shape != tensor.shape or found.dtype != tensor.dtype:
            raise CheckpointError(
                f"{path}: {name} is {tuple(found.shape)} {found.dtype}; "
                f"allowed: {tuple(tensor.shape)} {tensor.dtype}"
            )


def check_canary(path: Path, canary: Canary, vocab_size: int) -> None:
    """Refuse tokens that the model does not know.

    Raises:
        CheckpointError: naming the first of them.
    """
    for token in canary.tokens:
        if not 0 <= token < vocab_size:
            raise CheckpointError(f"{path}: tokens: {token}; allowed: 0 to {vocab_size - 1}")
