"""Ours beside every other searcher: the mean difference over pairs, its interval and its p-values."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

import numpy as np
from numpy.typing import NDArray
from rich.table import Table as Grid
from scipy.stats import ttest_1samp

from bench.regret.compare import Areas, compare

RESAMPLES = 2000
RECORDED = "autoresearch"


@dataclass(frozen=True)
class Paired:
    """A group of problems: means over (problem, seed), and one-sided p-values that ours is below.

    `low` and `high` bound the mean difference (ours - theirs) with 95%; seeds are resampled within problems.
    """

    group: str
    other: str
    pairs: int
    ours: float
    theirs: float
    low: float
    high: float
    p_ranks: float
    p_mean: float


def groups(problems: Sequence[str]) -> dict[str, list[str]]:
    """The recorded halves alone and together, the other problems, and all of them."""
    recorded = [name for name in problems if name.startswith(f"{RECORDED}/")]
    others = [name for name in problems if name not in recorded]
    found = {name: [name] for name in recorded}
    wholes = {"recorded trials": recorded, "other problems": others, "all problems": list(problems)}
    return found | {name: members for name, members in wholes.items() if len(members) > 1}


def paired(areas: Areas, ours: str, other: str, group: str, problems: Sequence[str]) -> Paired:
    """One row of the table; both searchers must have played the same seeds of the problems."""
    by_problem = [np.subtract(areas[ours][p], areas[other][p]) for p in problems]
    low, high = _interval(by_problem)
    pooled = np.concatenate(by_problem)
    return Paired(
        group=group,
        other=other,
        pairs=len(pooled),
        ours=mean(mean(areas[ours][p]) for p in problems),
        theirs=mean(mean(areas[other][p]) for p in problems),
        low=low,
        high=high,
        p_ranks=compare(areas, ours, other, problems).p_better,
        p_mean=float(ttest_1samp(pooled, 0.0, alternative="less").pvalue) if pooled.std() > 0.0 else 1.0,
    )


def every_pair(areas: Areas, ours: str) -> Iterator[Paired]:
    """All groups, each beside all other searchers."""
    for group, problems in groups(list(areas[ours])).items():
        for other in areas:
            if other != ours:
                yield paired(areas, ours, other, group, problems)


def with_earlier(areas: Areas, ours: str, earlier: Mapping[str, Mapping[str, Sequence[float]]]) -> Areas:
    """Ours now beside ours of an earlier run, on what both played.

    Raises:
        ValueError: no problem in common, or too few seeds in the earlier run.
    """
    before = earlier.get(ours, {})
    common = [problem for problem in areas[ours] if problem in before]
    if not common:
        raise ValueError("--earlier: no problem in common; allowed: a file written by --json on these")
    seeds = min(len(runs[p]) for runs in (areas[ours], before) for p in common)
    return {
        name: {p: runs[p][:seeds] for p in common}
        for name, runs in ((ours, areas[ours]), (f"{ours}, earlier", before))
    }


def table(rows: Iterator[Paired], ours: str) -> Grid:
    """For a person."""
    grid = Grid(title=f"Mean regret of {ours} beside the others, paired by problem and seed")
    for column in ("problems", "beside", "pairs", ours, "other", "difference [95%]", "p ranks", "p mean"):
        grid.add_column(column, justify="left" if column in ("problems", "beside") else "right")
    for row in rows:
        difference = f"{row.ours - row.theirs:+.3f} [{row.low:+.3f}, {row.high:+.3f}]"
        values = (
            f"{row.ours:.3f}",
            f"{row.theirs:.3f}",
            difference,
            f"{row.p_ranks:.2g}",
            f"{row.p_mean:.2g}",
        )
        grid.add_row(row.group, row.other, str(row.pairs), *values)
    return grid


def _interval(by_problem: Sequence[NDArray[np.float64]]) -> tuple[float, float]:
    generator = np.random.default_rng(0)
    drawn = [
        values[generator.integers(len(values), size=(RESAMPLES, len(values)))].mean(axis=1)
        for values in by_problem
    ]
    low, high = np.quantile(np.mean(drawn, axis=0), [0.025, 0.975])
    return float(low), float(high)
