"""The families of each size, and the labs of each part by their numbers.

Development and held-out were split once: held-out labs have numbers of their own, and half of their families
draw their parameters from ranges that no development lab has.
"""

import math
import random
from dataclasses import replace

from bench.truth.lab import BASELINE_BPB, SD_BPB
from bench.value.families import Family, NullFamily, PoolFamily, SettingsFamily, TransferFamily
from bench.value.lab import SIZES, Lab, Size

HELD_OUT_FROM = 1_000_000
EXPECTED_OFF = 0.3  # sd of the logarithm
# Starter labs: sd 0.0105 and 0.0126 of the baseline (docs/logs/verdicts.md, greedy.md), 0.0122 to 0.0226 of
# arms, 0.02 of four seeds (recipe.md); r 0.76 to 0.98, one pair of 24 far off (verdicts.md). The sweep there
# (tests/simulations/screen.py, 26 ideas): 7 gain 0.016 to 0.040, 16 lose 0.014 to 0.138, median 0.07, 3 do
# nothing.
_STARTER = {
    "baseline_bpb": 1.9, "sd_bpb": (0.009, 0.02), "correlation": (0.75, 0.95), "carry": (0.4, 1.0),
    "scatter": (0.2, 0.5), "spike_share": 0.02,
}  # fmt: skip
# One H200 (docs/logs/whole_labs.md): baselines 1.248 to 1.254, 1.325 to 1.331, 1.413 to 1.423; the best of 6,
# 5 and 5 ideas gained 0.01, 0.05 and 0.02, the worst lost 0.2. r assumed: GPUs do not repeat a run.
_GPU = {
    "baseline_bpb": 1.25, "sd_bpb": (0.002, 0.005), "correlation": (0.0, 0.6), "carry": (0.2, 0.9),
    "scatter": (0.2, 0.6),
}  # fmt: skip
# Recorded trials (HARNESS_DATA): sd 0.00051 of 27 baselines at 0.9926. Moves of one or two settings from the
# best so far: most within 0.0005, the best +0.002, the worst -0.023; of three from the baseline up to -0.064.
# All of CMA-ES's moves together: +0.0185 in 326 runs. What all ideas together may gain is assumed elsewhere.
_AUTO = {
    "baseline_bpb": 0.993, "sd_bpb": (0.0004, 0.0007), "correlation": (0.0, 0.3), "carry": (0.2, 0.9),
    "scatter": (0.2, 0.6),
}  # fmt: skip
_TRANSFER = {
    "baseline_bpb": BASELINE_BPB, "sd_bpb": (SD_BPB, SD_BPB), "correlation": (0.0, 0.0), "carry": (0.0, 0.0),
    "scatter": (0.0, 0.0),
}  # fmt: skip

STARTER = PoolFamily("starter", **_STARTER)
STARTER_SETTINGS = SettingsFamily("starter settings", **_STARTER)
GPU = PoolFamily("gpu", **_GPU, help_bpb=(0.005, 0.012), harm_bpb=(0.02, 0.08), most_bpb=(0.05, 0.1))
AUTO = PoolFamily(
    "autoresearch", **_AUTO, help_bpb=(0.0006, 0.0015), harm_bpb=(0.003, 0.015), most_bpb=(0.015, 0.03)
)
AUTO_SETTINGS = SettingsFamily("autoresearch settings", **_AUTO, curvature_bpb=(0.01, 0.03), count=13)
GPU_SETTINGS = SettingsFamily("gpu settings", **_GPU, curvature_bpb=(0.03, 0.08))
TRANSFER = TransferFamily("transfer", **_TRANSFER)
_RARE = {"helps": (0.04, 0.12), "tail": (0.9, 1.2), "antagonistic": (0.1, 0.2), "redundant": (0.2, 0.3)}
_FAR = {"off": (0.08, 0.15), "bends": 0.6, "count": 20, "tail": (1.2, 1.5)}

_DEVELOPMENT: dict[str, tuple[Family, ...]] = {
    "start": (STARTER, STARTER_SETTINGS),
    "hour": (GPU, GPU_SETTINGS, AUTO),
    "100usd": (GPU, AUTO, AUTO_SETTINGS),
    "1000usd": (TRANSFER, AUTO, AUTO_SETTINGS),
}


def _other(family: Family) -> Family:
    """The same source with parameters from ranges that development does not have."""
    shifted = {"correlation": (0.3, 0.7), "carry": (0.0, 0.5)}
    if isinstance(family, SettingsFamily):
        return replace(family, name=f"{family.name}, other", **shifted, **_FAR)
    if isinstance(family, PoolFamily):
        return replace(family, name=f"{family.name}, other", **shifted, **_RARE)
    return replace(family, name=f"{family.name}, other", sd_bpb=(0.006, 0.008))


def families(size: str, part: str) -> tuple[Family, ...]:
    """In turn, one a lab."""
    own = _DEVELOPMENT[size]
    return (
        own
        if part == "development"
        else tuple(f for pair in zip(own, map(_other, own), strict=True) for f in pair)
    )


def null_family(size: str, part: str) -> Family:
    first = families(size, part)[0]
    return NullFamily("null", first.baseline_bpb, first.sd_bpb, first.correlation, (1.0, 1.0), (0.0, 0.0))


def lab(size_name: str, part: str, number: int, *, null: bool = False) -> Lab:
    """The lab of this number."""
    size, own = SIZES[size_name], families(size_name, part)
    family = null_family(size_name, part) if null else own[number % len(own)]
    name = f"{family.name} {size_name} {number + HELD_OUT_FROM * (part == 'heldout')}"
    generator = random.Random(name)
    return _drawn(name, family, size, generator)


def _drawn(name: str, family: Family, size: Size, generator: random.Random) -> Lab:
    noise = family.noise(generator)
    return Lab(
        name=name,
        family=family.name,
        size=size,
        surface=family.surface(name, generator),
        noise=noise,
        baseline_bpb=family.baseline_bpb,
        search_units=size.units(generator),
        expected_sd_bpb=noise.sd_bpb * math.exp(generator.gauss(0.0, EXPECTED_OFF)),
    )
