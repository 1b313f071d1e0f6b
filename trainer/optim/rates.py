"""A step's rates: what the schedule decides, what each group of parameters uses, and both on a GPU."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch

from trainer.kernels.graph import PinnedRing


@dataclass(frozen=True)
class Rates:
    """What a step's schedule decides."""

    lr_multiplier: float
    matrix_lr: float
    momentum: float
    weight_decay: float
    table_decay_multiplier: float


class GroupRates(NamedTuple):
    """What a step uses for one group of parameters; `momentum` is Muon's."""

    lr: float
    weight_decay: float
    momentum: float = 0.0


class DeviceRates:
    """`GroupRates` of all groups on a GPU: `rows` [groups, 4] in float32, the fourth unused.

    Kernels read them there, so that a graph of a step is right for every step. Kernels are compiled for
    addresses that 16 divides, as every row's is.
    """

    def __init__(self, groups: int, device: torch.device) -> None:
        self.rows = torch.zeros(groups, 4, device=device)
        self._ring = PinnedRing(self.rows)

    def send(self, groups: Sequence[GroupRates]) -> None:
        """Queue the next step's rates."""
        values = torch.tensor([(*group, 0.0) for group in groups], dtype=torch.float32)
        self._ring.send(lambda host: host.copy_(values))
