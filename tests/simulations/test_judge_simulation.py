"""What the rules promise, over thousands of simulated labs with fixed seeds."""

import random

from journal.records import Verdict
from journal.science.judge import judge
from journal.science.statistics import pooled_noise
from tests.support.journal_support import hypothesis

SD = 0.004
LOOKS = (2, 4, 8)


def lab(generator: random.Random, effects: list[float], spread: float = 1.0) -> list[list[Verdict]]:
    """Verdicts by hypothesis and look: one shared baseline, noise pooled over finished arms."""
    baseline = [generator.gauss(2.0, SD) for _ in range(LOOKS[-1])]
    finished: list[list[float]] = []
    verdicts = []
    for index, effect in enumerate(effects, start=1):
        treatment = [generator.gauss(2.0 - effect, SD * spread) for _ in range(LOOKS[-1])]
        claim = hypothesis(f"h{index}", replicates=LOOKS[-1])
        verdicts.append(
            [
                judge(
                    claim, baseline[: max(3, seeds)], treatment[:seeds], pooled_noise(finished), look, index
                )
                for look, seeds in enumerate(LOOKS, start=1)
            ]
        )
        finished.append(treatment)
    return verdicts


def supported(looks: list[Verdict]) -> bool:
    return any(verdict.verdict == "supported" for verdict in looks)


def covers(looks: list[Verdict], effect: float) -> bool:
    return all(v.lower is not None and v.upper is not None and v.lower <= effect <= v.upper for v in looks)


def test_a_a_labs_support_something_in_at_most_five_percent() -> None:
    generator = random.Random(1)
    labs = [lab(generator, [0.0] * 6) for _ in range(400)]
    false = sum(any(supported(looks) for looks in one) for one in labs)
    assert false / len(labs) <= 0.05


def test_intervals_of_all_looks_together_cover_the_truth() -> None:
    generator = random.Random(2)
    effect = 0.007
    held = [covers(lab(generator, [effect])[0], effect) for _ in range(1500)]
    assert sum(held) / len(held) >= 0.94


def test_a_patch_that_only_widens_the_spread_is_rarely_supported() -> None:
    generator = random.Random(3)
    labs = [lab(generator, [0.0, 0.0, 0.0, 0.0], spread=3.0)[:] for _ in range(300)]
    false = sum(any(supported(looks) for looks in one) for one in labs)
    assert false / len(labs) <= 0.10


def test_thirtyfold_learning_rate_is_refuted_at_the_first_look() -> None:
    generator = random.Random(4)
    verdicts = [lab(generator, [-generator.uniform(0.3, 2.0)], spread=5.0)[0][0] for _ in range(300)]
    assert sum(v.verdict == "refuted" for v in verdicts) >= 297
    assert not any(v.verdict == "supported" for v in verdicts)


def test_a_large_gain_is_found() -> None:
    generator = random.Random(5)
    found = [supported(lab(generator, [0.0, 0.0, 0.04])[2]) for _ in range(200)]
    assert sum(found) / len(found) >= 0.9
