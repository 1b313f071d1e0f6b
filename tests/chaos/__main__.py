"""Chaos: labs whose processes are killed, whose disk fills and whose clock jumps, at random instants.

    python -m tests.chaos                        556 faults, 156 of them among real processes
    python -m tests.chaos --simulated 50 --real 5 --trained 0

After every fault the journal's invariants are checked and its next decision is replayed; after every
lab, that each job was accounted for once and no process is left. Exit code 1 when anything broke.
Labs with the real trainer want two idle cores, and some ten minutes each.
"""

import argparse
import sys
import time

from tests.chaos.cast import ALONE, RESIDENT, TRAINER, UNDER_TORCHRUN
from tests.chaos.real import play_real
from tests.chaos.replay import Readers
from tests.chaos.simulated import play_simulated
from tests.chaos.tally import Tally


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--simulated", type=int, default=400, help="faults in simulated labs")
    parser.add_argument("--real", type=int, default=120, help="faults among stand-ins' processes")
    parser.add_argument("--trained", type=int, default=36, help="faults in labs with the real trainer")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    begun = time.monotonic()
    with Readers() as readers:
        tallies = [Tally(world, readers) for world in ("simulated", "real processes", "real trainer")]
        play_simulated(args.simulated, args.seed, tallies[0])
        play_real(args.real, args.seed, tallies[1], (RESIDENT, ALONE, RESIDENT, UNDER_TORCHRUN))
        play_real(args.trained, args.seed, tallies[2], (TRAINER,))
    print_table(tallies, time.monotonic() - begun)
    sys.exit(1 if any(tally.broken for tally in tallies) else 0)


def print_table(tallies: list[Tally], seconds: float) -> None:
    """Faults by world and kind, then what broke."""
    print("| world | fault | count |\n|---|---|---|")
    for tally in tallies:
        print("\n".join(tally.lines()))
    inspections, replays = sum(t.inspections for t in tallies), sum(t.replays for t in tallies)
    broken = [text for tally in tallies for text in tally.broken]
    without = sum(tally.without_champion for tally in tallies)
    print(f"{without} labs ended without a champion of their own: an earlier model stays deployed")
    print(f"{inspections} inspections, {replays} replays, {len(broken)} broken promises, {seconds:.0f} s")
    for text in broken:
        print(f"BROKEN {text}")


if __name__ == "__main__":
    main()
