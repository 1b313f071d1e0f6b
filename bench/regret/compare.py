"""Is one searcher's area under the regret curve smaller than another's? Paired by problem and seed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scipy.stats import wilcoxon

Areas = Mapping[str, Mapping[str, Sequence[float]]]  # searcher → problem → one area a seed


@dataclass(frozen=True)
class Comparison:
    """One-sided p-values by the signed-rank test: `p_better` that we are below, `p_worse` above."""

    ours: str
    other: str
    pairs: int
    median_difference: float
    p_better: float
    p_worse: float


def compare(areas: Areas, ours: str, other: str, problems: Sequence[str] | None = None) -> Comparison:
    """Over all pairs of the problems (all of them unless named); negative differences favour `ours`."""
    chosen = list(problems or areas[ours])
    differences = [
        a - b for p in chosen for a, b in zip(areas[ours][p], areas[other][p], strict=True)
    ]  # fmt: skip
    ordered = sorted(differences)
    middle = (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
    return Comparison(
        ours, other, len(differences), middle, _p(differences, "less"), _p(differences, "greater")
    )


def worse_than_random(areas: Areas, ours: str, alpha: float = 0.05) -> dict[str, float]:
    """Problems where `ours` is above random with Holm-adjusted p at most alpha."""
    raw = {p: compare(areas, ours, "random", [p]).p_worse for p in areas[ours]}
    return {problem: p for problem, p in holm(raw).items() if p <= alpha}


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Adjusted p-values (Holm 1979)."""
    adjusted: dict[str, float] = {}
    floor = 0.0
    for rank, name in enumerate(sorted(p_values, key=lambda n: p_values[n])):
        floor = max(floor, min(1.0, (len(p_values) - rank) * p_values[name]))
        adjusted[name] = floor
    return adjusted


def _p(differences: Sequence[float], alternative: str) -> float:
    if not any(differences):
        return 1.0
    return float(wilcoxon(differences, alternative=alternative).pvalue)
