"""A single rank's optimizer step as one CUDA graph: the host hands over one call instead of hundreds."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

from trainer.kernels.graph import Replay, rehearse

_REHEARSALS = 2


def try_capture(step: Callable[[], None], state: Sequence[Tensor], pool: Any) -> Replay | None:
    """`step` as a graph; None, and a line in the log, where something in it cannot be captured.

    It is run before with the gradients as they are, after which `state` is as it was. Rates are those on the
    device: at 0, with gradients of 0, no weight moves.
    """
    try:
        with unchanged(state):
            rehearse(step, _REHEARSALS)
        return Replay(step, pool)
    except RuntimeError as error:
        print(f"optimizer steps are launched kernel by kernel: {str(error).splitlines()[0]}", file=sys.stderr)
        torch.cuda.synchronize()
        return None


@contextlib.contextmanager
def unchanged(tensors: Sequence[Tensor]) -> Iterator[None]:
    """After the block the tensors have the values from before."""
    before = [tensor.detach().clone() for tensor in tensors]
    try:
        yield
    finally:
        with torch.no_grad():
            for tensor, value in zip(tensors, before, strict=True):
                tensor.copy_(value)
