"""Two ways to a champion with the same dollars: by the smallest rung alone, and by the ladder."""

from dataclasses import dataclass, field

from bench.transfer.surface import DEPTHS, run_usd
from bench.transfer.trials import Trials
from harness.decisions.composition import after_combined_test, climbs, composition
from journal.records import Verdict
from journal.science.transfer import RungTest

# Seeds of a treatment, at most, on each rung. A middle rung only ends what has turned already.
SEEDS = (64, 8, 32)
COMBINATION_SEEDS = 8
TOP = len(DEPTHS) - 1


@dataclass(frozen=True)
class Champion:
    """The ideas a policy ends with, what it paid, and the tests of each finding on the rungs above."""

    ideas: tuple[int, ...]
    spent_usd: float
    found: tuple[int, ...]
    above: dict[int, tuple[RungTest | None, ...]] = field(default_factory=dict)


def small_rung(trials: Trials) -> Champion:
    """All that is supported on the smallest rung, combined; the combination is tested there."""
    found = _screen(trials)
    kept = _combined(trials, found, 0, SEEDS[0])
    return Champion(kept, trials.spent_usd, tuple(found))


def ladder(trials: Trials) -> Champion:
    """Findings are tested again on every rung above; what still promises a gain is combined and tested."""
    found = _screen(trials)
    kept_usd = 2 * COMBINATION_SEEDS * run_usd(TOP)
    climbing, best = found, dict[int, Verdict]()
    for rung in range(1, len(DEPTHS)):
        trials.ask([(idea,) for idea in climbing], rung, SEEDS[rung], kept_usd)
        best |= {idea: v for idea in climbing if (v := trials.verdict((idea,), rung)) is not None}
        climbing = [idea for idea in climbing if idea in best and climbs(best[idea])]
    names = composition({str(idea): verdict for idea, verdict in best.items()})
    kept = _combined(trials, [int(name) for name in names], TOP, COMBINATION_SEEDS)
    above = {idea: tuple(trials.test((idea,), r) for r in range(1, len(DEPTHS))) for idea in found}
    return Champion(kept, trials.spent_usd, tuple(found), above)


def _combined(trials: Trials, ideas: list[int], rung: int, seeds: int) -> tuple[int, ...]:
    """Ideas, strongest first, together if their test does not speak against it."""
    together = tuple(sorted(ideas))
    if len(together) < 2:
        return together
    trials.ask([together], rung, seeds)
    names = after_combined_test([str(idea) for idea in ideas], trials.verdict(together, rung))
    return tuple(sorted(int(name) for name in names))


def _screen(trials: Trials) -> list[int]:
    """The ideas supported on the smallest rung, strongest first."""
    every = range(len(trials.surface.ideas))
    trials.ask([(idea,) for idea in every], 0, SEEDS[0])
    seen = {idea: trials.verdict((idea,), 0) for idea in every}
    found = [(v.shrunken_effect, idea) for idea, v in seen.items() if v and v.verdict == "supported"]
    return [idea for _, idea in sorted(found, reverse=True)]
