"""All policies on the same labs: true gains, the oracle's, paired differences."""

import math
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bench.value.allocation import Chain, Equal, Halving, KnowledgeGradient, TopTwo
from bench.value.catalog import lab as lab_of
from bench.value.decision import Allocation, NewRule
from bench.value.lab import Lab, View
from bench.value.policies import BestMean, KeepIfBetter, NoSearch, Optimiser, Played, Policy, play
from bench.value.posterior import Prior
from bench.value.surface import Ideas
from bench.value.today import Adopting, Today
from journal.science.statistics import RELATIVE_EFFECT, mean, student_cdf

NEW, ORACLE, NONE = "new rule", "oracle", "no search"
# Knows all effects at the search's horizon, and not how they carry over: as good as a search can be.
SEARCH_ORACLE = "oracle of the search"


def new_rule(view: View, allocate: Allocation) -> Policy:
    """With what is known before: the noise of such machines, and how effects carry over."""
    shared, carry, scatter = view.lab.size.prior
    noise = view.lab.expected_sd_bpb / (RELATIVE_EFFECT * view.lab.baseline_bpb)
    return NewRule(view, allocate, Prior(noise=noise, shared=shared, carry=carry, scatter=scatter))


POLICIES: dict[str, Callable[[View], Policy]] = {
    NONE: NoSearch,
    "today's rule": Today,
    "today's, then adopt": Adopting,
    "keep if better": KeepIfBetter,
    "best mean": BestMean,
    "TPE": lambda view: Optimiser(view, "tpe"),
    "CMA-ES": lambda view: Optimiser(view, "cma"),
    NEW: lambda view: new_rule(view, Chain()),
}
# The new rule with other allocations of seeds.
VARIANTS: dict[str, Callable[[View], Policy]] = {
    "new, knowledge gradient": lambda view: new_rule(view, KnowledgeGradient()),
    "new, two seeds each": lambda view: new_rule(view, Equal(2)),
    "new, one seed each": lambda view: new_rule(view, Equal(1)),
    "new, halving": lambda view: new_rule(view, Halving()),
    "new, top-two": lambda view: new_rule(view, TopTwo()),
}
NEEDS_COORDINATES = ("TPE", "CMA-ES")
_PROGRESS_SECONDS = 5.0


_LEAST_BPB = 1e-12
Gain = Callable[[Ideas], float]


def best_set(lab: Lab, tested: Iterable[int], known: Iterable[Ideas] = (), gain: Gain | None = None) -> Ideas:
    """Local search by adding and dropping, from nothing and from the best set that ran; by the true gain."""
    ideas, gain = sorted(tested), gain or lab.true_gain
    starts = [(), max([(), *known], key=gain)]
    return max((_climb(gain, start, ideas) for start in starts), key=gain)


def _climb(gain: Gain, chosen: Ideas, ideas: list[int]) -> Ideas:
    while True:
        best = max(_near(chosen, ideas), key=gain, default=chosen)
        if gain(best) <= gain(chosen) + _LEAST_BPB:
            return chosen
        chosen = best


def _near(chosen: Ideas, ideas: list[int]) -> list[Ideas]:
    """Sets that differ by one idea."""
    others = [idea for idea in ideas if idea not in chosen]
    dropped = [tuple(i for i in chosen if i != gone) for gone in chosen]
    return [*((*chosen, idea) for idea in others), *dropped]


@dataclass(frozen=True)
class Outcome:
    """One lab under one policy, in smallest effects and in bpb."""

    lab: int
    family: str
    gain: float
    gain_bpb: float
    total: float  # with what the champion's horizon gains or loses
    total_bpb: float
    spent_units: float


Outcomes = dict[str, list[Outcome]]


def run(
    size: str,
    part: str,
    numbers: Iterable[int],
    policies: dict[str, Callable[[View], Policy]],
    null: bool = False,
) -> Outcomes:
    """Every policy on every lab; the oracle chooses among the ideas that the new rule tested."""
    found: Outcomes = {name: [] for name in policies} | (
        {ORACLE: [], SEARCH_ORACLE: []} if NEW in policies else {}
    )
    shown = time.monotonic()
    for number in numbers:
        lab = lab_of(size, part, number, null=null)
        for name, make in policies.items():
            if name in NEEDS_COORDINATES and lab.surface.coordinates is None:
                continue
            played = play(lab, make)
            found[name].append(_outcome(number, lab, played))
            if name == NEW:
                found[ORACLE].append(_outcome(number, lab, oracle(lab, played)))
                found[SEARCH_ORACLE].append(_outcome(number, lab, oracle(lab, played, lab.search_gain)))
        if time.monotonic() - shown > _PROGRESS_SECONDS:
            shown = time.monotonic()
            print(f"{size} {part}{' null' if null else ''}: lab {number}", file=sys.stderr, flush=True)
    return found


def oracle(lab: Lab, played: Played, by: Gain | None = None) -> Played:
    """The same lab with the best set of what was tested; `by`: best in this measure."""
    chosen = best_set(lab, played.tested, [*played.sets, played.champion], by)
    gain = lab.true_gain(chosen)
    return Played(
        chosen,
        played.tested,
        played.sets,
        played.spent_units,
        gain,
        played.total_bpb + gain - played.gain_bpb,
    )


def _outcome(number: int, lab: Lab, played: Played) -> Outcome:
    unit = lab.minimum_bpb
    return Outcome(
        number, lab.family, played.gain_bpb / unit, played.gain_bpb, played.total_bpb / unit,
        played.total_bpb, played.spent_units,
    )  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One policy's line; gains in smallest effects unless they say bpb."""

    policy: str
    labs: int
    gain: float
    gain_error: float
    gain_bpb: float
    of_oracle: float | None
    total: float
    harmed: float
    spent_units: float
    difference: float | None  # the new rule's gain - this policy's, on the labs of both
    difference_error: float | None
    p_value: float | None  # one-sided, that the difference is not above zero


def rows(outcomes: Outcomes) -> list[Row]:
    return [_row(name, outcomes) for name, found in outcomes.items() if found]


def _row(name: str, outcomes: Outcomes) -> Row:
    found = outcomes[name]
    gains = [o.gain for o in found]
    best = {o.lab: o.gain for o in outcomes.get(ORACLE, [])}
    reference = {o.lab: o.gain for o in outcomes.get(NEW, [])}
    top = mean([best[o.lab] for o in found]) if best else 0.0
    paired = [reference[o.lab] - o.gain for o in found] if reference and name != NEW else []
    error = standard_error(paired) if paired else None
    return Row(
        policy=name,
        labs=len(found),
        gain=mean(gains),
        gain_error=standard_error(gains),
        gain_bpb=mean([o.gain_bpb for o in found]),
        of_oracle=mean(gains) / top if top > 0.0 else None,
        total=mean([o.total for o in found]),
        harmed=sum(o.gain < -1.0 for o in found) / len(found),
        spent_units=mean([o.spent_units for o in found]),
        difference=mean(paired) if paired else None,
        difference_error=error,
        p_value=_p(mean(paired), error, len(paired)) if paired and error is not None else None,
    )


def standard_error(values: Sequence[float]) -> float:
    centre = mean(values)
    return math.sqrt(sum((v - centre) ** 2 for v in values) / max(1, len(values) - 1) / len(values))


def _p(difference: float, error: float, count: int) -> float:
    """Student's t of paired differences."""
    if error == 0.0:
        return 1.0 if difference <= 0.0 else 0.0
    return student_cdf(count - 1, -difference / error)
