"""The table of a size, its JSON and its plot."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from bench.value.measures import NEW, ORACLE, Outcomes, Row

_HEAD = (
    "| policy | labs | true gain, smallest effects | bpb | of the oracle's | with its horizon | harmed "
    "| runs | new rule is ahead by | p |"
)


def table(rows: Sequence[Row]) -> str:
    """Markdown."""
    lines = [_HEAD, "|---|---|---|---|---|---|---|---|---|---|"]
    return "\n".join([*lines, *(_line(row) for row in rows)])


def _line(row: Row) -> str:
    share = "" if row.of_oracle is None else f"{row.of_oracle:.0%}"
    ahead = "" if row.difference is None else f"{row.difference:+.2f} ± {row.difference_error:.2f}"
    p_value = "" if row.p_value is None or row.policy == ORACLE else f"{row.p_value:.2g}"
    return (
        f"| {row.policy} | {row.labs} | {row.gain:+.2f} ± {row.gain_error:.2f} | {row.gain_bpb:+.4f} "
        f"| {share} | {row.total:+.2f} | {row.harmed:.1%} | {row.spent_units:.0f} | {ahead} | {p_value} |"
    )


def write(path: Path, results: Mapping[str, tuple[Outcomes, Sequence[Row]]]) -> None:
    """All rows and outcomes, by size."""
    document = {
        name: {
            "rows": [asdict(row) for row in rows],
            "outcomes": {policy: [asdict(o) for o in found] for policy, found in outcomes.items()},
        }
        for name, (outcomes, rows) in results.items()
    }
    path.write_text(json.dumps(document, indent=1))


def plot(path: Path, results: Mapping[str, Sequence[Row]]) -> None:
    """A panel a size: each policy's mean true gain as a share of the oracle's, with its 95% interval."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(3.2 * len(results) + 1.6, 3.2), layout="constrained")
    panels = figure.subplots(1, len(results), sharey=True, squeeze=False)[0]
    for axes, (size, rows) in zip(panels, results.items(), strict=True):
        shown = [row for row in rows if row.of_oracle is not None and row.policy != ORACLE][::-1]
        for place, row in enumerate(shown):
            whole = row.gain / row.of_oracle if row.of_oracle else 1.0
            reach = 1.96 * row.gain_error / whole
            colour = "tab:blue" if row.policy == NEW else "grey"
            axes.errorbar(row.of_oracle, place, xerr=reach, fmt="o", color=colour, markersize=4)
        axes.set_yticks(range(len(shown)), [row.policy for row in shown])
        axes.axvline(0.0, color="black", linewidth=0.5)
        axes.set(title=size, xlim=(-0.5, 1.0))
    figure.supxlabel("true gain over no search, as a share of the oracle's", fontsize="medium")
    figure.savefig(path, dpi=150)
