"""What the machine calls itself, the same words in results and in the lab's own records."""

import os
import platform
from functools import lru_cache
from pathlib import Path


def cpu_name() -> str:
    """The processor's model."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def has_bf16_products() -> bool:
    """Whether the processor multiplies bf16 matrices in hardware: AMX, or AVX-512's dot products.

    One thread, 2,048 x 192 x 768: 472 GFLOP/s with the latter against 100 in fp32 (AMD EPYC, torch 2.15).
    """
    return has_bf16_tiles() or "avx512_bf16" in _cpu_flags()


def has_bf16_tiles() -> bool:
    """Whether it is AMX that multiplies them."""
    return "amx_bf16" in _cpu_flags()


@lru_cache(maxsize=1)
def _cpu_flags() -> frozenset[str]:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return frozenset()
    return frozenset(next((line for line in lines if line.startswith("flags")), "").split())


def usable_cores() -> tuple[int, ...]:
    """Cores of this process, no more than the control group's quota."""
    affinity = getattr(os, "sched_getaffinity", None)
    cores = sorted(affinity(0)) if affinity else list(range(os.cpu_count() or 1))
    quota = _cgroup_quota()
    return tuple(cores[: max(1, quota)] if quota is not None else cores)


def _cgroup_quota() -> int | None:
    """Cores of the control group's CPU quota, or None."""
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="utf-8").split()
    except (OSError, ValueError):
        return None
    return None if quota == "max" else max(1, round(int(quota) / int(period)))
