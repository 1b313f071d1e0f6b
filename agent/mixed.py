"""Several proposers in fixed shares: classical search with a minority of ideas from a model."""

from collections.abc import Sequence

from agent.drafts import with_pending
from agent.proposer import LabContext, ProposerProtocol
from journal.records import Proposal


class MixedProposer:
    """Gives each proposer its share of the slots, counted from the lab's first observation on."""

    name = "mixed"

    def __init__(self, parts: Sequence[tuple[ProposerProtocol, float]]) -> None:
        if not parts or any(share < 0 for _, share in parts) or sum(share for _, share in parts) <= 0:
            raise ValueError(f"shares: {[share for _, share in parts]}; allowed: at least one above 0")
        self._parts = tuple(parts)

    def propose(self, context: LabContext, count: int) -> list[Proposal]:
        """At most `count` drafts; later proposers see the drafts of the earlier ones as running."""
        counts = slots([share for _, share in self._parts], start=len(context.observations), count=count)
        proposals: list[Proposal] = []
        for (proposer, _), wanted in zip(self._parts, counts, strict=True):
            if wanted:
                proposals += proposer.propose(with_pending(context, proposals), wanted)
        return proposals


def slots(shares: Sequence[float], start: int, count: int) -> list[int]:
    """How many of the slots `start` … `start + count - 1` each share gets.

    Slots are dealt to whoever is furthest behind its share, so that every prefix keeps the shares.
    """
    total = sum(shares)
    dealt = [0] * len(shares)
    wanted = [0] * len(shares)
    for slot in range(start + count):
        behind = [share / total * (slot + 1) - have for share, have in zip(shares, dealt, strict=True)]
        furthest = behind.index(max(behind))
        dealt[furthest] += 1
        wanted[furthest] += slot >= start
    return wanted
