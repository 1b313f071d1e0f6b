"""Chaos: labs whose processes are killed, whose disk fills and whose clock jumps, at random instants.

    python -m tests.chaos                        520 faults, 120 of them among real processes
    python -m tests.chaos --simulated 50 --real 5

After every fault the journal's invariants are checked and its next decision is replayed; after every
lab, that each job was accounted for once and no process is left. Exit code 1 when anything broke.
"""

import argparse
import sys
import time

from tests.chaos.real import play_real
from tests.chaos.simulated import play_simulated
from tests.chaos.tally import Tally


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--simulated", type=int, default=400, help="faults in simulated labs")
    parser.add_argument("--real", type=int, default=120, help="faults among real processes")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    begun = time.monotonic()
    tallies = [Tally("simulated"), Tally("real processes")]
    play_simulated(args.simulated, args.seed, tallies[0])
    play_real(args.real, args.seed, tallies[1])
    print_table(tallies, time.monotonic() - begun)
    sys.exit(1 if any(tally.broken for tally in tallies) else 0)


def print_table(tallies: list[Tally], seconds: float) -> None:
    """Faults by world and kind, then what broke."""
    print("| world | fault | count |\n|---|---|---|")
    for tally in tallies:
        print("\n".join(tally.lines()))
    inspections, replays = sum(t.inspections for t in tallies), sum(t.replays for t in tallies)
    broken = [text for tally in tallies for text in tally.broken]
    print(f"{inspections} inspections, {replays} replays, {len(broken)} broken promises, {seconds:.0f} s")
    for text in broken:
        print(f"BROKEN {text}")


if __name__ == "__main__":
    main()
