"""The last word on a champion recipe: locked text, read at most three times in a lab's life."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from journal.records import JobRow
from journal.science.statistics import student_quantile

MOST_READS = 3
ALPHA = 0.05


@dataclass(frozen=True)
class LockedReading:
    """Bits per byte that a recipe saves over the baseline on locked text, and how surely.

    `lower` and `upper` hold together over all reads of a lab with probability 95% (Bonferroni).
    """

    recipe_id: str
    gain_bpb: float
    lower: float
    upper: float
    blocks: int
    pairs: int

    @property
    def is_confirmed(self) -> bool:
        """Whether the whole interval is above zero."""
        return self.lower > 0.0


def locked_reading(rows: Sequence[JobRow]) -> LockedReading | None:
    """What the finished readings of one recipe say together; None without any.

    Each pairs a run of the recipe with one of the baseline on the same blocks of text. Pairs share the
    text, so their errors are averaged as if wholly dependent: more seeds make the gain's mean steadier
    and never the interval narrower than the text allows.
    """
    done = [row for row in rows if row.state == "succeeded" and "gain_bpb" in row.metrics]
    if not done or done[0].recipe_id is None:
        return None
    gain = math.fsum(row.metrics["gain_bpb"] for row in done) / len(done)
    error = math.fsum(row.metrics["gain_standard_error"] for row in done) / len(done)
    blocks = int(min(row.metrics["gain_blocks"] for row in done))
    reach = error * student_quantile(blocks - 1, 1.0 - ALPHA / (2 * MOST_READS))
    return LockedReading(done[0].recipe_id, gain, gain - reach, gain + reach, blocks, len(done))


def readings(rows: Sequence[JobRow]) -> list[LockedReading]:
    """All readings of a lab, in the order in which the recipes were read first."""
    locked = [row for row in rows if row.purpose == "locked"]
    names = dict.fromkeys(row.recipe_id for row in locked)
    found = (locked_reading([row for row in locked if row.recipe_id == name]) for name in names)
    return [reading for reading in found if reading is not None]
