"""Pairs: Student's t of the differences, the correlation that earlier arms show, and when it is enough."""

import math
import random

import numpy as np
import pytest
from scipy import stats

from journal.science.pairs import (
    Correlation,
    Pairs,
    compare_pairs,
    futility_bound,
    paired,
    seed_correlation,
)
from journal.science.statistics import Noise


def drawn(seed: int, count: int, correlation: float, gain: float = 0.0) -> list[tuple[float, float]]:
    """Pairs around 2.0 with an sd of 0.01."""
    chance = random.Random(seed)
    shared, own = math.sqrt(correlation), math.sqrt(1.0 - correlation)
    found = []
    for _ in range(count):
        common = shared * chance.gauss(0.0, 0.01)
        baseline = 2.0 + common + own * chance.gauss(0.0, 0.01)
        found.append((baseline, 2.0 - gain + common + own * chance.gauss(0.0, 0.01)))
    return found


@pytest.mark.parametrize("count", [4, 8, 33])
def test_the_interval_is_scipys_paired_t(count: int) -> None:
    values = drawn(count, count, 0.8, gain=0.004)
    baseline, treatment = zip(*values, strict=True)
    known = stats.ttest_rel(baseline, treatment, alternative="greater")
    both = stats.ttest_rel(baseline, treatment).confidence_interval(1.0 - 0.05 * 0.25)
    found = compare_pairs(Pairs(tuple(values)), 0.05, 0.25)
    assert found.p_value == pytest.approx(min(1.0, known.pvalue / 0.25))
    assert (found.lower, found.upper) == pytest.approx((both.low, both.high))


def test_other_patches_lend_no_certainty_to_an_interval() -> None:
    values = tuple(drawn(1, 6, 0.8))
    quiet = compare_pairs(Pairs(values, Noise(1e-9, 50)), 0.05, 1.0)
    assert quiet == compare_pairs(Pairs(values), 0.05, 1.0)


@pytest.mark.parametrize("arm", [0, 1])
@pytest.mark.parametrize("count", [4, 8, 24])
def test_one_wild_run_of_either_arm_supports_nothing(arm: int, count: int) -> None:
    values = [list(pair) for pair in drawn(3, count, 0.9)]
    values[1][arm] += 20 * 0.01
    found = compare_pairs(Pairs(tuple((b, t) for b, t in values)), 0.05, 1.0)
    assert abs(found.effect / found.standard_error) < 1.5 and found.p_value > 0.05


def test_equal_differences_are_not_certainty() -> None:
    found = compare_pairs(Pairs(((2.0, 2.0), (2.1, 2.1), (2.2, 2.2), (2.3, 2.3))), 0.05, 1.0)
    assert found.standard_error > 0.0 and found.lower < 0.0 < found.upper


def test_giving_up_borrows_the_freedom_of_other_patches_but_not_their_quiet() -> None:
    two = ((2.00, 2.001), (2.02, 2.020))
    alone, lent = futility_bound(Pairs(two), 0.05), futility_bound(Pairs(two, Noise(1e-5, 20)), 0.05)
    assert lent < alone
    loud = ((2.00, 2.05), (2.02, 1.99))
    own = float(np.std([-0.05, 0.03], ddof=1)) / math.sqrt(2)
    reach = float(stats.t.ppf(0.95, 21)) * own
    assert futility_bound(Pairs(loud, Noise(1e-9, 20)), 0.05) == pytest.approx(-0.01 + reach)


def test_pairs_are_the_seeds_that_both_arms_have() -> None:
    assert paired({3: 2.0, 1: 2.1, 2: 2.2}, {2: 1.9, 3: 1.8, 9: 1.0}) == ((2.2, 1.9), (2.0, 1.8))


def table(seed: int, seeds: int, arms: int, correlation: float) -> list[dict[int, float]]:
    """Arms of different levels with equal seeds, an sd of 0.01 within each."""
    chance = random.Random(seed)
    shared, own = 0.01 * math.sqrt(correlation), 0.01 * math.sqrt(1.0 - correlation)
    common = [chance.gauss(0.0, shared) for _ in range(seeds)]
    return [
        {index: 2.0 + 0.1 * arm + value + chance.gauss(0.0, own) for index, value in enumerate(common)}
        for arm in range(arms)
    ]


def test_the_correlation_is_the_textbooks_where_the_table_is_full() -> None:
    arms = table(5, 6, 5, 0.7)
    values = np.array([[arm[seed] for seed in range(6)] for arm in arms])
    rest = values - values.mean(0) - values.mean(1, keepdims=True) + values.mean()
    seeds, error = 5 * values.mean(0).var(ddof=1), (rest**2).sum() / (5 * 4)
    found = seed_correlation([arms])
    assert found.value == pytest.approx((seeds - error) / (seeds + 4 * error))  # ICC(3,1)
    sure = seeds / error / stats.f.ppf(0.95, 5, 20)
    assert found.lower == pytest.approx((sure - 1) / (sure + 4))
    assert (found.arms, found.seeds) == (4, 24)


@pytest.mark.parametrize("correlation", [0.0, 0.3, 0.9])
def test_the_bound_holds_though_arms_share_a_baseline_and_lack_seeds(correlation: float) -> None:
    too_high = 0
    for lab in range(600):
        arms = table(lab, 8, 7, correlation)
        arms = [
            arms[0],
            *({s: v for s, v in arm.items() if s < 2 << k % 3} for k, arm in enumerate(arms[1:])),
        ]
        found = seed_correlation([arms])
        too_high += found.lower is not None and found.lower > correlation
    assert too_high / 600 <= 0.08


def test_two_seeds_of_many_arms_are_one_seed_difference() -> None:
    """Pair by pair they would be 36 seeds; one baseline that goes the other way is not -0.7."""
    found = [seed_correlation([table(lab, 2, 19, 0.9)]) for lab in range(200)]
    assert sum(f.lower is not None and f.lower > 0.9 for f in found) <= 20
    assert sum(f.is_enough for f in found) >= 100


def test_baselines_add_up() -> None:
    one, two = table(1, 4, 3, 0.8), table(2, 4, 3, 0.8)
    both = seed_correlation([one, two])
    assert (both.arms, both.seeds) == (4, 16)
    assert both.value is not None and both.lower is not None and both.lower < both.value


def test_unrelated_arms_on_one_baseline_pass_rarely() -> None:
    enough = sum(seed_correlation([table(lab, 4, 5, 0.0)]).is_enough for lab in range(1000))
    assert enough <= 50


@pytest.mark.parametrize(
    ("known", "is_enough"),
    [
        (Correlation(2, 6, 0.9, 0.31), True),
        (Correlation(2, 6, 0.9, 0.30), False),
        (Correlation(2, 5, 0.9, 0.5), False),
        (Correlation(1, 8, 0.9, 0.5), False),
        (Correlation(0, 0, None, None), False),
    ],
)
def test_pairing_needs_a_bound_seeds_and_arms(known: Correlation, is_enough: bool) -> None:
    assert known.is_enough == is_enough


def test_one_seed_and_equal_values_say_nothing() -> None:
    assert seed_correlation([[{1: 2.0, 2: 2.1}, {1: 2.0}]]) == Correlation(0, 0, None, None)
    assert seed_correlation([[{1: 2.0, 2: 2.0}, {1: 2.1, 2: 2.1}, {1: 2.2, 2: 2.2}]]).lower is None
    assert seed_correlation([]).lower is None
