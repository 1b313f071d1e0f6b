"""`judge()` case by case: support, refutation, divergence, thresholds, finality."""

import math
import statistics
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from journal.records import Verdict
from journal.science.judge import ALPHA, JUDGE_VERSION, SEEDS_TO_SUPPORT, judge, looks_of, seeds_at_look
from journal.science.statistics import Noise, hypothesis_alpha, look_share, mean, pooled_noise, shrink
from tests.support.journal_support import hypothesis

QUIET = Noise(20 * 0.001**2, 20)
BASELINE = [2.000, 2.001, 1.999, 2.0005]
TREATMENT_NEAR_THE_THRESHOLDS = [1.9974] * 4


def verdict(treatment: list[float], index: int = 1, look: int = 1, **more: object) -> Verdict:
    return judge(hypothesis(), BASELINE, treatment, QUIET, look, index, **more)  # type: ignore[arg-type]


def test_clear_gain_is_supported() -> None:
    found = verdict([1.980, 1.981, 1.979, 1.982])
    assert (found.verdict, found.final, found.judge_version) == ("supported", True, JUDGE_VERSION)
    assert found.lower is not None and found.upper is not None
    assert 0 < found.lower < found.effect < found.upper
    assert found.p_value <= found.alpha


def test_two_seeds_support_only_where_no_more_are_registered() -> None:
    found = verdict([1.980, 1.981])
    assert found.lower is not None and found.lower > 0 and found.p_value <= found.alpha
    assert (found.verdict, found.final) == ("inconclusive", False)
    found = judge(hypothesis(replicates=2), BASELINE, [1.980, 1.981], QUIET, 1, 1)
    assert (found.verdict, found.final) == ("supported", True)


def test_clear_harm_is_refuted() -> None:
    found = verdict([3.5, 3.8])
    assert (found.verdict, found.final) == ("refuted", True)
    assert found.upper is not None and found.upper < 0


def test_no_difference_at_low_noise_refutes_the_claimed_effect() -> None:
    assert verdict([2.0, 2.0005]).verdict == "refuted"


def test_gain_below_the_registered_effect_is_refuted_though_significant() -> None:
    found = judge(hypothesis(minimum_effect=0.1), BASELINE, [1.980, 1.981], QUIET, 1, 1)
    assert found.lower is not None and found.lower > 0
    assert found.verdict == "refuted"


def test_wide_interval_is_inconclusive_until_the_seeds_are_used() -> None:
    noisy = Noise(20 * 0.02**2, 20)
    found = judge(hypothesis(), BASELINE, [1.98, 2.01], noisy, 1, 1)
    assert (found.verdict, found.final) == ("inconclusive", False)
    found = judge(hypothesis(), BASELINE, [1.98, 2.01, 1.99, 2.0], noisy, 2, 1)
    assert (found.verdict, found.final) == ("inconclusive", True)
    found = judge(hypothesis(), BASELINE, [1.98, 2.01], noisy, 1, 1, closing=True)
    assert (found.verdict, found.final) == ("inconclusive", True)


@pytest.mark.parametrize(("effect", "is_given_up"), [(-0.005, True), (0.0, False), (0.005, False)])
def test_what_cannot_reach_the_minimum_effect_is_given_up(effect: float, is_given_up: bool) -> None:
    """At sd 0.01 the error of 4 against 2 is 0.0087: at -0.005 the 95% bound misses 0.01, at 0 not."""
    claim = hypothesis(minimum_effect=0.01, replicates=16)
    centre = mean(BASELINE)
    found = judge(claim, BASELINE, [centre - effect] * 2, Noise(200 * 0.01**2, 200), 1, 1)
    assert (found.verdict, found.final) == ("inconclusive", is_given_up)
    assert found.upper is not None and found.upper >= claim.minimum_effect


def test_no_error_is_left_beyond_the_registered_looks() -> None:
    found = verdict([1.980, 1.981, 1.979, 1.982], look=3)
    assert (found.verdict, found.lower, found.p_value) == ("inconclusive", None, 1.0)


def test_one_seed_on_a_side_concludes_nothing() -> None:
    for baseline, treatment in ((BASELINE, [1.5]), ([2.0], [1.5, 1.5]), (BASELINE, []), ([], [])):
        found = judge(hypothesis(), baseline, treatment, QUIET, 1, 1)
        assert (found.verdict, found.lower, found.p_value) == ("inconclusive", None, 1.0)


def test_later_hypotheses_need_more() -> None:
    # Effect chosen between the thresholds of the first and the fiftieth hypothesis.
    claim = hypothesis(minimum_effect=0.002)
    first, fiftieth = (judge(claim, BASELINE, TREATMENT_NEAR_THE_THRESHOLDS, QUIET, 2, j) for j in (1, 50))
    assert first.p_value == fiftieth.p_value
    assert first.alpha > fiftieth.p_value > fiftieth.alpha
    assert (first.verdict, fiftieth.verdict) == ("supported", "inconclusive")


def test_early_looks_need_more() -> None:
    """A look's share is its share of the seeds: the same numbers say less at an early one."""
    claim = hypothesis(replicates=16)
    found = [judge(claim, BASELINE, TREATMENT_NEAR_THE_THRESHOLDS, QUIET, look, 1) for look in (1, 2, 3, 4)]
    widths = [v.upper - v.lower for v in found if v.upper is not None and v.lower is not None]
    assert widths[0] == widths[1] > widths[2] > widths[3]
    assert found[1].p_value == 2 * found[2].p_value == 4 * found[3].p_value


def test_first_look_is_the_textbook_t_interval() -> None:
    baseline, treatment = [2.0, 2.1, 2.05], [1.9, 1.95, 1.93]
    found = judge(hypothesis(replicates=4), baseline, treatment, None, 1, 1)
    ours = stats.ttest_ind(baseline, treatment, alternative="greater")
    # The treatment's spread is below the pool's, so the pooled test applies as it stands.
    assert found.p_value == pytest.approx(2 * ours.pvalue)
    interval = stats.ttest_ind(baseline, treatment).confidence_interval(1 - ALPHA / 2)
    assert (found.lower, found.upper) == pytest.approx((interval.low, interval.high))
    assert found.degrees_of_freedom == 4


def test_wider_treatment_widens_the_interval_however_large_the_pool() -> None:
    pool = Noise(5000 * 0.001**2, 5000)
    calm = judge(hypothesis(), BASELINE, [1.98, 1.981], pool, 1, 1)
    wild = judge(hypothesis(), BASELINE, [1.94, 2.021], pool, 1, 1)
    assert calm.effect == pytest.approx(wild.effect)
    assert calm.upper is not None and wild.upper is not None
    assert wild.upper - wild.effect > 20 * (calm.upper - calm.effect)


@pytest.mark.parametrize(
    ("survivors", "diverged", "baseline_diverged", "expected"),
    [
        ([], 2, 0, "refuted"),
        ([1.98], 1, 0, "refuted"),
        ([1.98, 1.981], 2, 0, "refuted"),
        ([1.98, 1.981, 1.982], 1, 0, "inconclusive"),
        ([], 1, 0, "inconclusive"),
        ([], 2, 1, "inconclusive"),
        ([2.5, 2.51, 2.52], 1, 0, "refuted"),
    ],
)
def test_divergence(survivors: list[float], diverged: int, baseline_diverged: int, expected: str) -> None:
    lost = [f"t{n}" for n in range(diverged)]
    broken = [f"b{n}" for n in range(baseline_diverged)]
    found = verdict(
        survivors,
        baseline_jobs=["b", *broken],
        treatment_jobs=[*lost, *(f"s{n}" for n in range(len(survivors)))],
        diverged_jobs=[*broken, *lost],
    )
    assert found.verdict == expected


def test_equal_values_are_not_certainty() -> None:
    found = judge(hypothesis(), [2.0, 2.0], [2.0, 2.0], None, 1, 1)
    assert found.effect == 0.0 and found.lower is not None and found.lower < 0
    assert found.verdict == "refuted"


def test_shrunken_effect_is_nearer_to_zero() -> None:
    found = verdict([1.98, 1.981])
    assert 0 < found.shrunken_effect < found.effect
    assert shrink(1.0, 1.0, 1.0) == 0.5 and shrink(1.0, 1e9, 1.0) < 1e-9


@given(st.floats(1e-6, 0.5), st.integers(1, 3000))
def test_the_error_of_all_hypotheses_is_never_more_than_alpha(alpha: float, count: int) -> None:
    budgets = [hypothesis_alpha(alpha, index) for index in range(1, count + 1)]
    assert budgets == sorted(budgets, reverse=True) and min(budgets) > 0
    # What is left after j hypotheses is c / (j + c) of it.
    assert math.fsum(budgets) == pytest.approx(alpha * (1 - 20 / (count + 20)))


@given(st.integers(2, 64))
def test_shares_of_the_looks_sum_to_one_and_their_seeds_double(replicates: int) -> None:
    looks = looks_of(replicates)
    assert math.fsum(look_share(look, looks) for look in range(1, looks + 1)) == 1.0
    assert look_share(looks + 1, looks) == 0.0
    seeds = [seeds_at_look(look, replicates) for look in range(1, looks + 2)]
    assert seeds[0] == 2 and seeds[-1] == seeds[-2] == replicates
    assert all(late == min(replicates, 2 * early) for early, late in pairwise(seeds))
    assert len(set(seeds)) == looks


@given(st.lists(st.floats(1.9, 2.1), min_size=2, max_size=8), st.floats(0.0, 0.2), st.integers(1, 30))
def test_a_better_treatment_is_never_judged_worse(treatment: list[float], gain: float, index: int) -> None:
    claim, order = hypothesis(replicates=8), ("refuted", "inconclusive", "supported")
    look = next(k for k in (1, 2, 3) if seeds_at_look(k, 8) >= len(treatment))
    worse = judge(claim, BASELINE, treatment, QUIET, look, index)
    better = judge(claim, BASELINE, [value - gain for value in treatment], QUIET, look, index)
    assert better.p_value <= worse.p_value + 1e-9
    assert order.index(better.verdict) >= order.index(worse.verdict)


VALUES = st.lists(st.floats(0.5, 5.0), min_size=2, max_size=5)


@given(VALUES, VALUES, st.integers(1, 4), st.integers(1, 30), st.randoms(use_true_random=False))
def test_judge_is_pure_finite_and_blind_to_order(
    baseline: list[float], treatment: list[float], look: int, index: int, random: object
) -> None:
    claim = hypothesis(replicates=16)
    found = judge(claim, baseline, treatment, QUIET, look, index)
    mirrored = judge(claim, baseline[::-1], treatment[::-1], QUIET, look, index)
    assert found == mirrored
    assert found.lower is not None and found.upper is not None
    assert found.lower <= found.effect <= found.upper
    assert found.effect == mean(baseline) - mean(treatment)
    assert abs(found.shrunken_effect) <= abs(found.effect)
    if found.verdict == "supported":
        assert found.lower > 0 and found.p_value <= found.alpha and len(treatment) >= SEEDS_TO_SUPPORT
        assert found.upper >= hypothesis().minimum_effect


@given(st.lists(VALUES, min_size=1, max_size=4))
def test_pooled_noise_adds_up(arms: list[list[float]]) -> None:
    pooled = pooled_noise(arms)
    assert pooled.degrees_of_freedom == sum(len(arm) - 1 for arm in arms)
    squares = sum(statistics.variance(arm) * (len(arm) - 1) for arm in arms)
    assert pooled.sum_of_squares == pytest.approx(squares, abs=1e-9)
