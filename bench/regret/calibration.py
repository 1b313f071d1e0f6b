"""Does the search mean the probabilities that it states?

    python -m bench.regret.calibration --seeds 20 [--held-out]

On the recorded trials. The event is decided by the landscape: without noise, the drafted point's loss lies
below that of the best run so far by the smallest claim or more; a crash is none. Brier scores against the
running base rate, the share of such events so far; the interval resamples trajectories.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean

import numpy as np

from agent.search.proposer import SearchProposer
from agent.search.surrogate import FIRST_RATE
from bench.regret.catalog import load, missing, names
from bench.regret.lab import Claim, LabSearcher
from bench.regret.play import play
from bench.regret.problem import Point, Problem
from bench.regret.recorded import HALVES, Recorded
from journal.science.statistics import RELATIVE_EFFECT

RESAMPLES = 2000


@dataclass(frozen=True)
class Stated:
    """One draft: what was said, what the base rate would have said, what was so."""

    prior: float
    base_rate: float
    happened: bool

    @property
    def gain(self) -> float:
        """Brier score of the base rate minus that of the search: above 0 the search knows more."""
        return (self.base_rate - self.happened) ** 2 - (self.prior - self.happened) ** 2


def trajectory(problem: Recorded, seed: int) -> list[Stated]:
    """All claims of one search."""
    made: list[LabSearcher] = []

    def make(played: Problem, start: Point, number: int) -> LabSearcher:
        made.append(LabSearcher(SearchProposer, played, start, number))
        return made[-1]

    play(problem, make, seed)
    return against_base_rate([(claim, _better(problem, claim)) for claim in made[0].claims])


def against_base_rate(claims: Sequence[tuple[Claim, bool]]) -> list[Stated]:
    """The base rate knows only what came before; it starts at what a search without a model states."""
    found, events = [], 0
    for count, (claim, happened) in enumerate(claims):
        found.append(Stated(claim.prior, (events + FIRST_RATE) / (count + 1), happened))
        events += happened
    return found


def interval(trajectories: Sequence[Sequence[Stated]]) -> tuple[float, float]:
    """95% of the mean gain, trajectories drawn with replacement."""
    generator = np.random.default_rng(0)
    sums = np.array([sum(s.gain for s in t) for t in trajectories])
    sizes = np.array([len(t) for t in trajectories])
    drawn = generator.integers(len(sums), size=(RESAMPLES, len(sums)))
    low, high = np.quantile(sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1), [0.025, 0.975])
    return float(low), float(high)


def _better(problem: Recorded, claim: Claim) -> bool:
    before, after = problem.truth(claim.baseline), problem.truth(claim.point)
    return before is not None and after is not None and before - after >= RELATIVE_EFFECT * before


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--held-out", action="store_true", help="the held-out half, to be run once")
    arguments = parser.parse_args()
    if arguments.seeds < 1:
        parser.error(f"--seeds: {arguments.seeds}; allowed: 1 or more")
    for name in names(held_out=arguments.held_out):
        if name not in HALVES:
            continue
        if reason := missing(name):
            raise SystemExit(f"{name}: {reason}")
        problem = load(name)
        assert isinstance(problem, Recorded)
        played = [trajectory(problem, seed) for seed in range(arguments.seeds)]
        print(f"{name}: {summary(played)}")


def summary(trajectories: Sequence[Sequence[Stated]]) -> str:
    """Both Brier scores and the interval of their difference, in one line."""
    claims = [stated for one in trajectories for stated in one]
    ours = mean((s.prior - s.happened) ** 2 for s in claims)
    theirs = mean((s.base_rate - s.happened) ** 2 for s in claims)
    low, high = interval(trajectories)
    stated, so = mean(s.prior for s in claims), mean(s.happened for s in claims)
    return (
        f"{len(claims)} claims, stated {stated:.3f}, {so:.3f} were so; Brier score {ours:.4f}, "
        f"of the running base rate {theirs:.4f}, gain {theirs - ours:+.4f} [{low:+.4f}, {high:+.4f}]"
    )


if __name__ == "__main__":
    main()
