"""What a result depends on besides its spec: code, versions, device."""

from __future__ import annotations

import platform
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.job import Provenance
from trainer.job.host import cpu_name
from trainer.system.hashes import code_hash

if TYPE_CHECKING:
    import torch


def git_revision() -> str | None:
    """The commit the package was checked out at, or None where it was installed."""
    root = Path(__file__).resolve().parents[2]
    top = _git(root, "rev-parse", "--show-toplevel")
    if top is None or Path(top).resolve() != root:
        return None
    return _git(root, "rev-parse", "HEAD")


def device_name(device: torch.device) -> str:
    """Model name of the GPU, or of the CPU with the number of threads used."""
    import torch

    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"{cpu_name()} x{torch.get_num_threads()}"


def gather_provenance(
    device: torch.device, world_size: int, data_hash: str | None, tokenizer_hash: str | None
) -> Provenance:
    """Everything at once, for `result.json`."""
    import torch

    return Provenance(
        git_revision=git_revision(),
        code_hash=code_hash(),
        data_hash=data_hash,
        tokenizer_hash=tokenizer_hash,
        torch_version=str(torch.__version__),
        python_version=platform.python_version(),
        device=device_name(device),
        world_size=world_size,
    )


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, text=True, timeout=10
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None if done.returncode == 0 else None
