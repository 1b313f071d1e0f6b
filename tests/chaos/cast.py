"""Who trains in a lab of real processes, how long such a lab may take, and how often it is struck."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.support.paths import ROOT

TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
RANKS = [*TORCHRUN, "-m", "tests.chaos.rank"]


@dataclass(frozen=True)
class Cast:
    """`brief` is what the lab's researcher pinned."""

    name: str
    stand_ins: bool
    budget: str
    between_seconds: tuple[float, float]
    stuck_seconds: float
    faults_in_a_lab: int
    extra: Mapping[str, str] = field(default_factory=dict)
    brief: str = ""


ALONE = Cast("stand-in", True, "0.06usd", (0.3, 4.0), 600.0, 8)
FAKE_WORKER = ROOT / "tests" / "support" / "fakes" / "fake_worker.py"
RESIDENT = Cast(
    "stand-in, resident",
    True,
    "0.06usd",
    (0.3, 4.0),
    600.0,
    8,
    {"HARNESS_RESIDENT_COMMAND": json.dumps([sys.executable, str(FAKE_WORKER), "trainer"])},
)  # fmt: skip
UNDER_TORCHRUN = Cast(
    "stand-in, torchrun",
    True,
    "0.06usd",
    (0.3, 4.0),
    600.0,
    8,
    {"HARNESS_TRAINER_COMMAND": json.dumps(RANKS)},
)  # fmt: skip
# The trainer itself, and the engine that serves its checkpoints: the smallest lab that may start, a
# small model in it. The champion and its fine-tuning run on two ranks under torchrun.
TRAINER = Cast(
    "trainer", False, "0.03usd", (5.0, 40.0), 2400.0, 12,
    brief="pin: model.depth = 2\npin: model.sequence_len = 128\n",
)  # fmt: skip
