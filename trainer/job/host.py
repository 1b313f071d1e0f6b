"""What the machine calls itself, the same words in results and in the lab's own records."""

import platform
from functools import lru_cache
from pathlib import Path


def cpu_name() -> str:
    """The processor's model."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


@lru_cache(maxsize=1)
def has_bf16_tiles() -> bool:
    """Whether the processor multiplies bf16 matrices in hardware (AMX); without it bf16 is no gain."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return False
    flags = next((line for line in lines if line.startswith("flags")), "")
    return "amx_bf16" in flags.split()
