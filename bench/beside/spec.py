"""What a worker is told. Imports no torch."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

VARIANTS = (
    "nanochat", "nanochat-sssl", "nanochat-fp8", "ours", "ours-sssl", "ours-fp8", "ours-fp8-sssl",
)  # fmt: skip
BASELINE = "nanochat"


@dataclass(frozen=True)
class Spec:
    """One variant, its shape, and where its token rows lie; `started` is the clock when it was started.

    `rows_path` holds [steps * total_batch_size / sequence_len, sequence_len + 1] tokens as `.npy`.
    """

    variant: str
    depth: int
    sequence_len: int
    vocab_size: int
    total_batch_size: int
    device_batch_size: int
    our_device_batch_size: int | None
    warm_steps: int
    device: str
    nanochat: str | None
    rows_path: str
    started: float = 0.0

    @property
    def is_ours(self) -> bool:
        return self.variant.startswith("ours")

    @property
    def fp8(self) -> bool:
        return "fp8" in self.variant

    @property
    def windows(self) -> str:
        return "SSSL" if self.variant.endswith("sssl") else "L"

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Spec:
        return cls(**json.loads(text))
