"""Does the judge hold? Simulated labs with known truths, judged by the lab's rules.

python -m bench.truth --rules lab
python -m bench.truth --rules proposed --replicates 16
"""

import argparse

from bench.truth.measures import Bench, Row, effect_rows, null_rows
from bench.truth.proposed import FUTILITY_ALPHA, ProposedRules
from bench.truth.rules import LabRules, Rules


def main(argv: list[str] | None = None) -> int:
    """Print the table; 1 when a target is missed."""
    args = _arguments(argv)
    bench = Bench(_rules(args), args.hypotheses, args.seed)
    rows = null_rows(bench, args.null_labs) + effect_rows(bench, args.labs)
    print(
        f"rules {args.rules}, {args.hypotheses} hypotheses a lab, {args.slots} slots, "
        f"at most {bench.rules.replicates} seeds of a treatment\n"
    )
    print("| question | measured | target | |\n|---|---|---|---|")
    for row in rows:
        print(f"| {row.question} | {row.measured} | {row.target} | {_mark(row)} |")
    return int(any(row.holds is False for row in rows))


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Does the judge hold? Simulated labs with known truths.")
    parser.add_argument("--rules", choices=("lab", "proposed"), default="lab")
    parser.add_argument("--null-labs", type=int, default=2000)
    parser.add_argument("--labs", type=int, default=400, help="for each size of effect")
    parser.add_argument("--hypotheses", type=int, default=20, help="in each lab")
    parser.add_argument("--slots", type=int, default=8)
    parser.add_argument("--replicates", type=int, default=64, help="of the proposed rules")
    parser.add_argument("--futility-alpha", type=float, default=FUTILITY_ALPHA, help="of the proposed rules")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(argv)


def _rules(args: argparse.Namespace) -> Rules:
    if args.rules == "lab":
        return LabRules(args.slots, args.hypotheses)
    return ProposedRules(args.slots, args.replicates, args.futility_alpha)


def _mark(row: Row) -> str:
    return "" if row.holds is None else "holds" if row.holds else "MISSED"


if __name__ == "__main__":
    raise SystemExit(main())
