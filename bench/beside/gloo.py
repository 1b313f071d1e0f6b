"""nanochat's collectives on CPUs: gloo has neither their futures nor their mean, so each is done at once.

Only for trying several of its ranks without GPUs.
"""

from __future__ import annotations

from typing import Any

import torch.distributed as dist
from torch import Tensor


class Done:
    """A collective that has ended."""

    def get_future(self) -> Done:
        return self

    def wait(self) -> None:
        """Nothing to wait for."""


class Collectives:
    """Takes the place of `torch.distributed` in nanochat/optim.py."""

    ReduceOp = dist.ReduceOp
    is_available = staticmethod(dist.is_available)
    is_initialized = staticmethod(dist.is_initialized)
    get_rank = staticmethod(dist.get_rank)
    get_world_size = staticmethod(dist.get_world_size)

    @staticmethod
    def all_reduce(tensor: Tensor, **_: Any) -> Done:
        dist.all_reduce(tensor)
        tensor /= dist.get_world_size()
        return Done()

    @staticmethod
    def reduce_scatter_tensor(output: Tensor, whole: Tensor, **_: Any) -> Done:
        mean = whole.clone()
        dist.all_reduce(mean)
        output.copy_(mean.chunk(dist.get_world_size())[dist.get_rank()] / dist.get_world_size())
        return Done()

    @staticmethod
    def all_gather_into_tensor(output: Tensor, share: Tensor, **_: Any) -> Done:
        gathered = output.new_empty(output.shape)
        dist.all_gather_into_tensor(gathered, share.contiguous().clone())
        output.copy_(gathered)
        return Done()
