"""What was measured, as a table, as JSON and as a plot."""

from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from rich.table import Table as Grid

from bench.regret.compare import Areas, Comparison, compare, worse_than_random
from bench.regret.paired import every_pair
from bench.regret.play import MICRO_USD_PER_SECOND, Curve

OURS = "search"
PEERS = ("tpe", "cma-es")
PLOT_STEPS = 100


@dataclass(frozen=True)
class Result:
    """All curves, searcher → problem → one a seed, and each problem's budget."""

    curves: dict[str, dict[str, list[Curve]]]
    budgets_seconds: dict[str, float]

    def areas(self) -> Areas:
        """Mean regret over the budget, by searcher, problem and seed."""
        return {
            searcher: {p: [c.area(self.budgets_seconds[p]) for c in found] for p, found in problems.items()}
            for searcher, problems in self.curves.items()
        }


def comparisons(areas: Areas) -> list[Comparison]:
    """Ours against the peers that must be beaten."""
    return [compare(areas, OURS, peer) for peer in PEERS if peer in areas and OURS in areas]


def grid(result: Result) -> Grid:
    """Mean area by problem and searcher."""
    areas = result.areas()
    table = Grid(title="Mean regret over the budget (1 is the baseline's; smaller is better)")
    for column in ("problem", "dollars", *areas):
        table.add_column(column, justify="left" if column == "problem" else "right")
    for problem, seconds in result.budgets_seconds.items():
        figures = [f"{mean(areas[s][problem]):.3f}" for s in areas]
        table.add_row(problem, f"{seconds * MICRO_USD_PER_SECOND / 1e6:,.2f}", *figures)
    table.add_row("mean", "", *(f"{mean(mean(v) for v in areas[s].values()):.3f}" for s in areas))
    return table


def document(result: Result) -> dict[str, Any]:
    """Everything a reader needs to judge, JSON-ready."""
    areas = result.areas()
    failures = {s: sum(c.failures for found in p.values() for c in found) for s, p in result.curves.items()}
    return {
        "areas": areas,
        "budgets_seconds": result.budgets_seconds,
        "failures": failures,
        "comparisons": [asdict(c) for c in comparisons(areas)],
        "paired": [asdict(row) for row in every_pair(areas, OURS)] if OURS in areas else [],
        "worse_than_random": worse_than_random(areas, OURS) if {OURS, "random"} <= set(areas) else {},
    }


def plot(result: Result, path: Path) -> None:
    """Mean regret over problems and seeds against the share of the budget."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4.5), layout="constrained")
    axes = figure.add_subplot()
    shares = [step / PLOT_STEPS for step in range(PLOT_STEPS + 1)]
    for searcher, problems in result.curves.items():
        means = [
            mean(c.at(share * result.budgets_seconds[p]) for p, found in problems.items() for c in found)
            for share in shares
        ]
        axes.plot(shares, means, label=searcher, linewidth=2.5 if searcher == OURS else 1.2)
    axes.set(xlabel="share of the budget", ylabel="mean regret (1 at the baseline)", ylim=(0, 1))
    axes.legend()
    figure.savefig(path, dpi=150)
