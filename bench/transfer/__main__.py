"""Does what is found at small scale hold at large scale?

    python -m bench.transfer --labs 200 --seeds 3 --json transfer.json --plot transfer.png

Two policies with equal dollars on the same simulated labs; see docs/logs/transfer.md.
"""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from bench.transfer.measures import Played, Row, Setting, play, rows
from bench.transfer.surface import DEPTHS, run_usd

MOST_PLOTTED_SDS = 8.0


def main(argv: list[str] | None = None) -> int:
    """Print the table; 1 when the target is missed."""
    args = _arguments(argv)
    setting = Setting(args.ideas, args.budget, args.small_ideas)
    labs = [
        play(f"{seed} {index}", setting) for seed in range(1, args.seeds + 1) for index in range(args.labs)
    ]
    table = rows(labs)
    _print(setting, table)
    if args.json:
        document = {"setting": asdict(setting), "rows": [asdict(row) for row in table]}
        args.json.write_text(json.dumps(document | {"labs": [asdict(lab) for lab in labs]}, indent=1))
    if args.plot:
        _plot(labs, args.plot)
    return int(any(row.holds is False for row in table))


def _print(setting: Setting, table: list[Row]) -> None:
    prices = ", ".join(f"depth {d} ${run_usd(r):.2f}" for r, d in enumerate(DEPTHS))
    print(f"{setting.ideas} ideas a lab, ${setting.budget_usd:g} for each policy; a run of {prices}\n")
    print("| question | measured | target | |\n|---|---|---|---|")
    for row in table:
        mark = "" if row.holds is None else "holds" if row.holds else "MISSED"
        print(f"| {row.question} | {row.measured} | {row.target} | {mark} |")


def _plot(labs: list[Played], path: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 5), layout="constrained")
    axes = figure.add_subplot()
    axes.scatter([p.small_sds for p in labs], [p.ladder_sds for p in labs], s=8, alpha=0.5)
    axes.axline((0, 0), slope=1, color="grey", linewidth=1)
    limits = (-MOST_PLOTTED_SDS, MOST_PLOTTED_SDS)
    axes.set(xlim=limits, ylim=limits, xlabel="small-rung champion: true gain at the top rung, sd")
    axes.set(
        ylabel="the ladder's champion, sd", title=f"{len(labs)} labs; above the line the ladder is better"
    )
    figure.savefig(path, dpi=150)


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Does what is found at small scale hold at large scale?")
    parser.add_argument("--labs", type=int, default=200, help="for each seed")
    parser.add_argument("--seeds", type=int, default=3, help="sets of labs")
    parser.add_argument("--ideas", type=int, default=24, help="of each lab")
    parser.add_argument("--small-ideas", type=int, help="of the small-rung policy, if it has more of them")
    parser.add_argument("--budget", type=float, default=200.0, help="dollars of each policy")
    parser.add_argument("--json", type=Path, help="write every figure here")
    parser.add_argument("--plot", type=Path, help="write a plot here (png, svg or pdf)")
    args = parser.parse_args(argv)
    for name in ("labs", "seeds", "ideas", "small_ideas", "budget"):
        value = getattr(args, name)
        if value is not None and not value >= 1:
            parser.error(f"--{name.replace('_', '-')}: {value}; allowed: 1 or more")
    return args


if __name__ == "__main__":
    raise SystemExit(main())
