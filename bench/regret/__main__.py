"""Regret of the searchers against dollars.

    python -m bench.regret --seeds 20 --held-out --json regret.json --plot regret.png
    python -m bench.regret --seeds 20 --both --problems autoresearch   # the recorded trials, paired

Failures are charged. Development problems unless `--held-out` or `--both`.
"""

import argparse
import json
import os
import sys
from pathlib import Path

from rich.console import Console

from bench.regret.catalog import missing, names
from bench.regret.paired import every_pair, table, with_earlier
from bench.regret.report import OURS, document, grid, plot
from bench.regret.runner import SEARCHERS, run

TABLE_WIDTH = 120


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3, help="seeds a problem (20 for a claim)")
    half = parser.add_mutually_exclusive_group()
    half.add_argument("--held-out", action="store_true", help="the held-out problems, to be run once")
    half.add_argument("--both", action="store_true", help="development and held-out problems")
    parser.add_argument("--problems", default="", help="only those whose name contains this")
    parser.add_argument("--searchers", nargs="+", choices=SEARCHERS, default=list(SEARCHERS))
    parser.add_argument("--processes", type=int, default=min(os.cpu_count() or 1, 8))
    parser.add_argument("--json", type=Path, help="write every figure here")
    parser.add_argument("--earlier", type=Path, help="what --json wrote before: compare our search with that")
    parser.add_argument("--plot", type=Path, help="write the regret curves here (png, svg or pdf)")
    arguments = parser.parse_args()
    for name in ("seeds", "processes"):
        if getattr(arguments, name) < 1:
            parser.error(f"--{name}: {getattr(arguments, name)}; allowed: 1 or more")
    return arguments


def _present(part: str, halves: tuple[bool, ...]) -> list[str]:
    found = []
    for name in (name for held_out in halves for name in names(held_out=held_out)):
        reason = missing(name) if part in name else ""
        if reason:
            print(f"skipped {name}: {reason}", file=sys.stderr)
        elif reason is None:
            found.append(name)
    return found


def main() -> None:
    arguments = _arguments()
    halves = (False, True) if arguments.both else (arguments.held_out,)
    problems = _present(arguments.problems, halves)
    if not problems:
        sys.exit(f"--problems: {arguments.problems!r} leaves no problem; allowed: part of a name")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    earlier = json.loads(arguments.earlier.read_text())["areas"] if arguments.earlier else None
    result = run(problems, tuple(arguments.searchers), range(arguments.seeds), arguments.processes)
    areas, screen = result.areas(), Console(width=TABLE_WIDTH)
    screen.print(grid(result))
    if OURS in areas:
        screen.print(table(every_pair(areas, OURS), OURS))
    if earlier is not None:
        screen.print(table(every_pair(with_earlier(areas, OURS, earlier), OURS), OURS))
    print(f"worse than random (Holm): {document(result)['worse_than_random'] or 'none'}")
    if arguments.json:
        arguments.json.write_text(json.dumps(document(result), indent=1))
    if arguments.plot:
        plot(result, arguments.plot)


if __name__ == "__main__":
    main()
