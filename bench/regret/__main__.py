"""Regret of the searchers against dollars.

    python -m bench.regret --seeds 20 --held-out --json regret.json --plot regret.png

Failures are charged. Development problems unless `--held-out`.
"""

import argparse
import json
import os
import sys
from pathlib import Path

from rich.console import Console

from bench.regret.catalog import missing, names
from bench.regret.report import comparisons, document, grid, plot
from bench.regret.runner import SEARCHERS, run


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3, help="seeds a problem (20 for a claim)")
    parser.add_argument("--held-out", action="store_true", help="the held-out problems, to be run once")
    parser.add_argument("--problems", default="", help="only those whose name contains this")
    parser.add_argument("--searchers", nargs="+", choices=SEARCHERS, default=list(SEARCHERS))
    parser.add_argument("--processes", type=int, default=min(os.cpu_count() or 1, 8))
    parser.add_argument("--json", type=Path, help="write every figure here")
    parser.add_argument("--plot", type=Path, help="write the regret curves here (png, svg or pdf)")
    arguments = parser.parse_args()
    for name in ("seeds", "processes"):
        if getattr(arguments, name) < 1:
            parser.error(f"--{name}: {getattr(arguments, name)}; allowed: 1 or more")
    return arguments


def _present(part: str, *, held_out: bool) -> list[str]:
    found = []
    for name in names(held_out=held_out):
        reason = missing(name) if part in name else ""
        if reason:
            print(f"skipped {name}: {reason}", file=sys.stderr)
        elif reason is None:
            found.append(name)
    return found


def main() -> None:
    arguments = _arguments()
    problems = _present(arguments.problems, held_out=arguments.held_out)
    if not problems:
        sys.exit(f"--problems: {arguments.problems!r} leaves no problem; allowed: part of a name")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    result = run(problems, tuple(arguments.searchers), range(arguments.seeds), arguments.processes)
    Console().print(grid(result))
    for found in comparisons(result.areas()):
        print(f"{found.ours} below {found.other}: p = {found.p_better:.2g} ({found.pairs} pairs), "
              f"median difference {found.median_difference:+.4f}")  # fmt: skip
    print(f"worse than random (Holm): {document(result)['worse_than_random'] or 'none'}")
    if arguments.json:
        arguments.json.write_text(json.dumps(document(result), indent=1))
    if arguments.plot:
        plot(result, arguments.plot)


if __name__ == "__main__":
    main()
