"""What rented GPUs cost an hour: one row a kind, with where the figure is from and when it was read."""

import re
from dataclasses import dataclass

MICRO_USD = 1_000_000


@dataclass(frozen=True)
class NodePreset:
    """A kind of GPU on demand: price of one GPU-hour, and how such GPUs call themselves."""

    name: str
    usd_per_gpu_hour: float
    pattern: str
    source: str
    read: str

    def micro_usd_per_hour(self, gpus: int) -> int:
        """Price of a node of so many, in micro-dollars an hour."""
        return round(self.usd_per_gpu_hour * gpus * MICRO_USD)

    def is_of(self, gpu_name: str) -> bool:
        """Whether a driver's name of a GPU is of this kind."""
        return re.search(self.pattern, gpu_name) is not None


_NODE = "estimate: a whole node of 8 on demand"
_RUNPOD = "RunPod, secure cloud"
_RUNPOD_LEAST = "RunPod, lowest listed (deploybase.ai)"
_LAMBDA = "Lambda, on demand"

# The first match wins. Prices move: --price overrides.
NODE_PRESETS = (
    NodePreset("H100 PCIe", 2.25, r"\bH100.*(PCIe|NVL)", _NODE, "2026-11"),
    NodePreset("H100 SXM", 3.00, r"\bH100\b", _NODE, "2026-11"),
    NodePreset("A100", 2.00, r"\bA100\b", _NODE, "2026-11"),
    NodePreset("H200", 4.59, r"\bH200\b", _RUNPOD, "2026-10-07"),
    NodePreset("B200", 6.79, r"\bB200\b", _RUNPOD, "2026-10-07"),
    NodePreset("GH200", 2.29, r"\bGH200\b", _LAMBDA, "2026-09-20"),
    NodePreset("L40S", 1.09, r"\bL40S\b", _RUNPOD, "2026-09-25"),
    NodePreset("L4", 0.44, r"\bL4\b", _RUNPOD_LEAST, "2026-03-10"),
    NodePreset("A10G", 1.006, r"\bA10G\b", "AWS g5.xlarge, us-east-1", "2026-06-17"),
    NodePreset("RTX A6000", 1.09, r"\bA6000\b", _LAMBDA, "2026-09-20"),
    NodePreset("RTX 4090", 0.74, r"\bRTX 4090\b", _RUNPOD, "2026-09-25"),
    NodePreset("RTX 5090", 0.69, r"\bRTX 5090\b", _RUNPOD_LEAST, "2026-03-10"),
    NodePreset("MI300X", 1.99, r"\bMI300X\b", "median of listings (cliffcenter.com)", "2026-05-18"),
)


def preset_of(gpu_name: str) -> NodePreset | None:
    """The row of a GPU by its driver's name; None where the table has none."""
    return next((preset for preset in NODE_PRESETS if preset.is_of(gpu_name)), None)
