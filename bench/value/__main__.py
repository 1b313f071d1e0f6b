"""What is the champion worth? Simulated labs whose truth is known.

    python -m bench.value --labs 300 --part heldout --json value.json --plot value.png

Several policies with equal money on the same labs; see docs/logs/value.md. Tune on `--part development` only.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from bench.value.families import PARTS
from bench.value.lab import SIZES
from bench.value.measures import NEEDS_COORDINATES, POLICIES, VARIANTS, Outcomes, Row, rows, run
from bench.value.report import plot, table, write


def main(argv: list[str] | None = None) -> int:
    """Print a table a size."""
    args = _arguments(argv)
    chosen = POLICIES | (VARIANTS if args.variants else {})
    if find_spec("optuna") is None:
        print("skipped TPE and CMA-ES: the bench extra is not installed (optuna)", file=sys.stderr)
        chosen = {name: make for name, make in chosen.items() if name not in NEEDS_COORDINATES}
    if args.policies:
        chosen = {name: make for name, make in chosen.items() if name in args.policies}
    results: dict[str, tuple[Outcomes, list[Row]]] = {}
    for size in args.size:
        numbers = range(args.first, args.first + args.labs)
        outcomes = run(size, args.part, numbers, chosen, null=args.null)
        results[size] = outcomes, rows(outcomes)
        kind = ", no idea helps" if args.null else ""
        print(f"\n{size}, {args.part}, {args.labs} labs{kind}\n\n{table(results[size][1])}", flush=True)
    if args.json:
        write(args.json, results)
    if args.plot:
        plot(args.plot, {size: found for size, (_, found) in results.items()})
    return 0


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--labs", type=int, default=300, help="of each size")
    parser.add_argument("--first", type=int, default=0, help="number of the first lab")
    parser.add_argument("--size", nargs="+", choices=tuple(SIZES), default=list(SIZES))
    parser.add_argument("--part", choices=PARTS, default="development")
    parser.add_argument("--null", action="store_true", help="labs in which no idea helps")
    parser.add_argument("--variants", action="store_true", help="other allocations of the new rule beside it")
    parser.add_argument("--policies", nargs="+", help="only these, by name")
    parser.add_argument("--json", type=Path, help="write every figure here")
    parser.add_argument("--plot", type=Path, help="write a plot here (png, svg or pdf)")
    args = parser.parse_args(argv)
    for name, least in (("labs", 1), ("first", 0)):
        if getattr(args, name) < least:
            parser.error(f"--{name}: {getattr(args, name)}; allowed: {least} or more")
    return args


if __name__ == "__main__":
    raise SystemExit(main())
