"""How many seeds a lab can give to its baseline and to each hypothesis. Pure."""

from journal.science.judge import FIRST_LOOK_SEEDS

FEWEST_BASELINE_SEEDS = 3
# Where slots would be idle otherwise, every verdict gains from a better known baseline.
MOST_BASELINE_SEEDS = 8
# Seeds that a hypothesis may use -> those it does use on average, most stop early (docs/logs/truth.md).
EXPECTED_SEEDS = {2: 2.0, 4: 3.3, 8: 4.6, 16: 6.0, 32: 6.6, 64: 7.0}
FEWEST_HYPOTHESES = 4


def baseline_seeds(slots: int) -> int:
    """Seeds of the first recipe: three, or as many as there are slots."""
    return min(max(FEWEST_BASELINE_SEEDS, slots if slots > 2 * FIRST_LOOK_SEEDS else 0), MOST_BASELINE_SEEDS)


def hypotheses_for(runs: int, slots: int, replicates: int) -> int:
    """Hypotheses that so many runs are expected to settle; at least one."""
    return max(1, int((runs - step_seeds(slots, replicates)) / EXPECTED_SEEDS[replicates]))


def replicates_for(runs: int, slots: int) -> int:
    """Seeds that one hypothesis may use: twice as many as the lab has hypotheses, rounded down to a look.

    More seeds find smaller effects and cost little, for most hypotheses stop early: of effects of 2 sd
    8 seeds find 63%, 16 find 95% (bench.truth). Two where money is not enough for four hypotheses of four.
    """
    fitting = [n for n in EXPECTED_SEEDS if hypotheses_for(runs, slots, n) >= max(FEWEST_HYPOTHESES, n // 2)]
    return max(fitting, default=FIRST_LOOK_SEEDS)


def seed_numbers(count: int, ring: int, start: int) -> list[int]:
    """Numbers, from 1, of the baseline's seeds that a treatment uses first: round the ring, then onwards.

    Were the first two the same for all, many treatments would learn what two seeds have in common, and a
    first seed that is unlucky for all arms would count against every idea. More seeds hold the fewer.
    """
    return [1 + (start + index) % ring if index < ring else 1 + index for index in range(count)]


def step_seeds(slots: int, replicates: int) -> int:
    """Further seeds of the baseline, to keep step with the longest arm."""
    return max(0, replicates - baseline_seeds(slots))


def seeds_in_words(replicates: int) -> str:
    fewest = FIRST_LOOK_SEEDS
    return f"{fewest} seeds" if replicates == fewest else f"{fewest} to {replicates} seeds"
