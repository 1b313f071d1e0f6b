"""What every proposer is given and what it must answer."""

from dataclasses import dataclass, field
from typing import Protocol

from journal.records import Patch, Proposal, Recipe, VerdictName


@dataclass(frozen=True)
class Observation:
    """One patch that was tried: seeds' val_bpb, or a failure with its reason."""

    patch: Patch
    values: tuple[float, ...]
    failed: str | None = None
    hypothesis_id: str | None = None
    statement: str = ""
    verdict: VerdictName | None = None
    effect: float | None = None


@dataclass(frozen=True)
class LabContext:
    """The lab as a proposer sees it; rebuilt from the journal at every round."""

    baseline: Recipe
    baseline_values: tuple[float, ...]
    noise_sd: float | None
    observations: tuple[Observation, ...]
    brief: str
    remaining_micro_usd: int
    job_cost_micro_usd: int
    seed: int
    forbidden: tuple[str, ...] = field(default=())


class ProposerProtocol(Protocol):
    """`propose` returns at most `count` drafts, each a valid job once applied to the baseline."""

    name: str

    def propose(self, context: LabContext, count: int) -> list[Proposal]: ...
