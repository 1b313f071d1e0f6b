"""Data parallelism over torchrun's ranks: NCCL on GPUs, gloo on CPU."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from datetime import timedelta

import torch
import torch.distributed as dist
from torch import Tensor

from trainer.job.host import usable_cores
from trainer.processes.ranks import Ranks

# A rank may have to wait while another evaluates or writes a large checkpoint.
GROUP_TIMEOUT = timedelta(minutes=60)


def set_threads(ranks: Ranks) -> int:
    """Use OMP_NUM_THREADS; else one thread a rank under torchrun, all cores without it.

    torchrun gives each of several ranks one thread; so does this for a single one: the number of
    threads changes the rounding of sums, and training amplifies that.
    """
    configured = os.environ.get("OMP_NUM_THREADS", "")
    threads = int(configured) if configured.isdigit() else 0
    threads = threads or (1 if ranks.torchrun and not torch.cuda.is_available() else len(usable_cores()))
    torch.set_num_threads(threads)
    return threads


@contextlib.contextmanager
def process_group(ranks: Ranks, device: torch.device) -> Iterator[None]:
    """The group of all ranks for as long as the block runs; nothing for a single rank."""
    if ranks.world_size == 1:
        yield
        return
    if device.type == "cuda":
        torch.cuda.set_device(device)
        dist.init_process_group("nccl", timeout=GROUP_TIMEOUT, device_id=device)
    else:
        dist.init_process_group("gloo", timeout=GROUP_TIMEOUT)
    try:
        yield
    finally:
        if dist.is_initialized():
            dist.destroy_process_group()


def barrier() -> None:
    """Wait until every rank is here; nothing where there is no group."""
    if dist.is_initialized():
        dist.barrier()


def leave_group() -> None:
    """Leave for good: what follows is one rank's work. Collective."""
    if dist.is_initialized():
        dist.barrier()
        dist.destroy_process_group()


def any_rank(flag: bool, device: torch.device) -> bool:
    """Whether `flag` is set on any rank."""
    seen = torch.tensor([float(flag)], device=device)
    dist.all_reduce(seen, op=dist.ReduceOp.MAX)
    return bool(seen.item())


def least_free_memory(device: torch.device) -> int | None:
    """Free bytes of the fullest of all ranks' GPUs, so that all plan alike; None on a CPU. Collective."""
    if device.type != "cuda":
        return None
    free = torch.tensor([torch.cuda.mem_get_info(device)[0]], device=device)
    if dist.is_initialized():
        dist.all_reduce(free, op=dist.ReduceOp.MIN)
    return int(free.item())


def broadcast_text(text: str, device: torch.device) -> str:
    """Rank 0's text, on every rank; as bytes, so that no pickle travels."""
    data = text.encode()
    size = torch.tensor([len(data)], device=device)
    dist.broadcast(size, src=0)
    buffer = torch.zeros(int(size.item()), dtype=torch.uint8, device=device)
    if dist.get_rank() == 0:
        buffer.copy_(torch.tensor(list(data), dtype=torch.uint8))
    dist.broadcast(buffer, src=0)
    return bytes(buffer.cpu().tolist()).decode()


def rank_and_ranks() -> tuple[int, int]:
    """This rank, and how many there are."""
    return (dist.get_rank(), dist.get_world_size()) if dist.is_initialized() else (0, 1)


def sum_over_ranks(tensor: Tensor) -> Tensor:
    """Sum in place over all ranks; the tensor itself where there is no group."""
    if dist.is_initialized():
        dist.all_reduce(tensor)
    return tensor
