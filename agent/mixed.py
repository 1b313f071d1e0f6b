"""Several proposers: classical search with a minority of ideas from a model, by what each has earned."""

from collections.abc import Sequence

from agent.knowledge.track_record import Gain, knowledge_in
from agent.proposals.drafts import with_pending
from agent.proposals.proposer import LabContext, ProposerProtocol
from journal.records import Proposal

# Nobody is silenced for good: what is wrong early may be right on the next rung.
LEAST_SHARE = 0.1
# A proposer's record weighs as much as the common one after so many hypotheses of average cost.
PRIOR_HYPOTHESES = 4


class MixedProposer:
    """Gives each proposer its share of the slots, counted from the lab's first observation on.

    The shares given are those of the start; they follow confirmed gain per dollar from there.
    """

    name = "mixed"

    def __init__(self, parts: Sequence[tuple[ProposerProtocol, float]]) -> None:
        if not parts or any(share < 0 for _, share in parts) or sum(share for _, share in parts) <= 0:
            raise ValueError(f"shares: {[share for _, share in parts]}; allowed: at least one above 0")
        self._parts = tuple(parts)

    def propose(self, context: LabContext, count: int) -> list[Proposal]:
        """At most `count` drafts; later proposers see the drafts of the earlier ones as running."""
        counts = slots(self.shares(context), start=len(context.observations), count=count)
        proposals: list[Proposal] = []
        for (proposer, _), wanted in zip(self._parts, counts, strict=True):
            if wanted:
                proposals += proposer.propose(with_pending(context, proposals), wanted)
        return proposals

    def shares(self, context: LabContext) -> list[float]:
        """Today's share of each part; they sum to 1."""
        gains = {gain.proposer: gain for gain in knowledge_in(context).gains}
        records = [next((g for n, g in gains.items() if n == part.name), None) for part, _ in self._parts]
        return earned_shares([share for _, share in self._parts], records)


def earned_shares(start: Sequence[float], records: Sequence[Gain | None]) -> list[float]:
    """Shares in proportion to the starting share times the confirmed val_bpb per dollar.

    Each rate is drawn towards the common one by `PRIOR_HYPOTHESES` hypotheses of average cost
    (a gamma prior on the rate; Efron & Morris 1973 on why to shrink). No part with a share at the
    start falls below `LEAST_SHARE` before they are made to sum to 1. Until something is confirmed
    the starting shares hold.
    """
    known = [record for record in records if record is not None]
    gain, spent = sum(r.confirmed_bpb for r in known), sum(r.micro_usd for r in known)
    plain = [share / sum(start) for share in start]
    if gain <= 0 or spent <= 0:
        return plain
    prior_cost = PRIOR_HYPOTHESES * spent / sum(r.hypotheses for r in known)
    common = gain / spent
    rates = [_rate(record, common, prior_cost) for record in records]
    wanted = [share * rate for share, rate in zip(plain, rates, strict=True)]
    if sum(wanted) <= 0:
        return plain  # a gain so small that its rate is 0
    floored = [
        max(LEAST_SHARE, weight / sum(wanted)) if share else 0.0
        for share, weight in zip(plain, wanted, strict=True)
    ]
    return [share / sum(floored) for share in floored]


def _rate(record: Gain | None, common: float, prior_cost: float) -> float:
    won, spent = (record.confirmed_bpb, record.micro_usd) if record else (0.0, 0)
    return (won + common * prior_cost) / (spent + prior_cost)


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
