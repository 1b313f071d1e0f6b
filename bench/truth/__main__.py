"""Does the judge hold? Simulated labs with known truths, judged by the lab's rules.

python -m bench.truth
python -m bench.truth --replicates 16
python -m bench.truth --rules former
"""

import argparse

from bench.truth.measures import Bench, Row, effect_rows, null_rows
from bench.truth.pairing import pair_rows
from bench.truth.rules import FormerRules, LabRules, Rules
from harness.plan.seeds import EXPECTED_SEEDS


def main(argv: list[str] | None = None) -> int:
    """Print the table; 1 when a target is missed."""
    args = _arguments(argv)
    bench = Bench(_rules(args), args.hypotheses, args.seed)
    rows = null_rows(bench, args.null_labs) + effect_rows(bench, args.labs)
    if isinstance(bench.rules, LabRules):
        rows += pair_rows(bench.rules, args.hypotheses, args.seed, args.null_labs, args.labs)
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
    parser.add_argument("--rules", choices=("lab", "former"), default="lab")
    parser.add_argument("--null-labs", type=int, default=2000)
    parser.add_argument("--labs", type=int, default=400, help="for each size of effect")
    parser.add_argument("--hypotheses", type=int, default=20, help="in each lab")
    parser.add_argument("--slots", type=int, default=8)
    parser.add_argument(
        "--replicates",
        type=int,
        default=max(EXPECTED_SEEDS),
        help="seeds of a treatment at most, of the lab's rules",
    )
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(argv)


def _rules(args: argparse.Namespace) -> Rules:
    return LabRules(args.slots, args.replicates) if args.rules == "lab" else FormerRules(args.slots)


def _mark(row: Row) -> str:
    return "" if row.holds is None else "holds" if row.holds else "MISSED"


if __name__ == "__main__":
    raise SystemExit(main())
