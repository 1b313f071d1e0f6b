"""How far a draft may go: wide while runs keep improving, a small step from the baseline once they do not.

As a trust region does (Eriksson et al. 2019), but decided by the journal alone. docs/logs/search.md has why.
"""

from dataclasses import dataclass

from agent.proposals.proposer import LabContext
from agent.search.gp import Prior
from journal.science.statistics import mean

FREQUENT = 0.2  # share of runs that bettered all before them
FIRST_RATE = 0.2  # before there were runs

SMOOTH = Prior()
# One setting can matter over a short way: an eighth of the smooth prior's length scale.
ROUGH = Prior(length=-2.1)


@dataclass(frozen=True)
class Reach:
    """What candidates there are, and what is thought of the landscape before runs tell more."""

    priors: tuple[Prior, ...]
    near: int  # candidates some settings away from a parent
    anywhere: int  # candidates drawn over the whole space
    parents: int  # the best places; 0 for the baseline alone
    changes: tuple[int, ...]  # settings that a near candidate moves
    leaps: float  # share of the moves of a number that go anywhere in its range
    climbs: int


LOCAL = Reach((ROUGH, SMOOTH), near=600, anywhere=0, parents=0, changes=(1, 2), leaps=0.0, climbs=0)
WIDE = Reach((SMOOTH,), near=300, anywhere=300, parents=3, changes=(1, 1, 2, 3), leaps=0.5, climbs=2)


def reach_of(context: LabContext) -> Reach:
    """Wide where more than a fifth of the runs so far bettered all before them."""
    return WIDE if success_rate(context) > FREQUENT else LOCAL


def success_rate(context: LabContext) -> float:
    """Share of runs that bettered all before them; the baseline of today counts as the last of them."""
    runs = [
        mean(o.values) if o.values else float("inf") for o in context.observations if o.values or o.failed
    ]
    successes = sum(loss < min(runs[:n]) for n, loss in enumerate(runs) if n)
    if runs and context.baseline_values:
        successes += mean(context.baseline_values) < min(runs)
    return (successes + FIRST_RATE) / (len(runs) + 1)
