"""The Gaussian process: exact where it was told, unsure elsewhere, blind to the order of its rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime

from agent.search import gp
from agent.search.acquisition import Targets, chance, log_expected_improvement

SEEDS = st.integers(0, 2**31 - 1)


def rows(seed: int, count: int = 12, axes: int = 3) -> tuple[gp.Array, gp.Array]:
    generator = np.random.default_rng(seed)
    points = generator.random((count, axes))
    targets = np.sin(4.0 * points[:, 0]) + points[:, 1]
    return points, (targets - targets.mean()) / targets.std()


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_it_interpolates_what_has_little_noise(seed: int) -> None:
    points, targets = rows(seed)
    model = gp.fit(points, targets, np.arange(3), priors=(gp.Prior(noise=-14.0, noise_sd=0.1),))
    expected, sd = model.predict(points)
    assert np.allclose(expected, targets, atol=0.02)
    assert sd.max() < 0.05


@settings(max_examples=20, deadline=None)
@given(SEEDS, st.integers(1, 30))
def test_it_is_never_surer_far_away_and_never_negative(seed: int, count: int) -> None:
    points, targets = rows(seed, count + 1)
    model = gp.fit(points, targets, np.arange(3))
    _, near = model.predict(points)
    _, far = model.predict(points + 100.0)
    assert (near > 0.0).all() and (near <= far + 1e-9).all()
    assert far == pytest.approx(model.signal**0.5)


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    points, targets = rows(seed)
    order = np.random.default_rng(seed).permutation(len(points))
    straight = gp.fit(points, targets, np.arange(3)).predict(points + 0.1)
    shuffled = gp.fit(points[order], targets[order], np.arange(3)).predict(points + 0.1)
    assert np.allclose(straight, shuffled, atol=1e-2)


def test_the_gradient_is_the_slope() -> None:
    points, targets = rows(1)
    zero, one = np.zeros(5), np.ones(5)
    fixed = {"squares": gp._squares(points, np.arange(3), 3), "targets": targets, "share": np.ones(12)}
    at = np.array([0.2, -0.3, 0.1, 0.2, -2.0])
    slope = approx_fprime(at, lambda x: gp._loss(x, **fixed, centre=zero, spread=one)[0], 1e-6)
    assert gp._loss(at, **fixed, centre=zero, spread=one)[1] == pytest.approx(slope, rel=1e-3, abs=1e-3)


def test_more_seeds_are_believed_more() -> None:
    points, targets = rows(3)
    seeds = np.array([16.0] + [1.0] * 11)
    model = gp.fit(
        points, targets, np.arange(3), replicates=seeds, priors=(gp.Prior(noise=-1.0, noise_sd=0.1),)
    )
    assert model.noise[0] == pytest.approx(model.noise[1] / 16.0)


def test_believing_a_run_makes_surer_and_changes_no_mean() -> None:
    points, targets = rows(4)
    model = gp.fit(points, targets, np.arange(3))
    new = np.full((1, 3), 0.5)
    before, after = model.predict(new), model.believing(new).predict(new)
    assert after[0] == pytest.approx(before[0], abs=1e-6)
    assert after[1] < before[1]


def test_the_covariance_with_oneself_is_the_variance() -> None:
    points, targets = rows(5)
    model = gp.fit(points, targets, np.arange(3))
    assert model.covariance(points[:1], points[0])[0] == pytest.approx(model.predict(points[:1])[1][0] ** 2)


@settings(max_examples=50, deadline=None)
@given(st.floats(-3.0, 3.0), st.floats(0.05, 3.0))
def test_expected_improvement_is_the_mean_of_the_improvement(mean: float, sd: float) -> None:
    grid = np.linspace(-9.0, 9.0, 20001)
    density = np.exp(-0.5 * grid**2) / np.sqrt(2.0 * np.pi)
    direct = np.trapezoid(np.maximum(-(mean + sd * grid), 0.0) * density, grid)
    found = log_expected_improvement(np.array([mean]), np.array([sd]), 0.0)[0]
    if direct > 1e-10:
        assert found == pytest.approx(np.log(direct), abs=1e-2)


def test_expected_improvement_keeps_its_slope_where_there_is_none() -> None:
    found = log_expected_improvement(np.linspace(0.0, 200.0, 2001), np.ones(2001), 0.0)
    assert np.isfinite(found).all() and (np.diff(found) < 0.0).all()


def test_targets_cut_what_is_bad_and_keep_the_rest_in_proportion() -> None:
    found = Targets(np.array([1.0, 2.0, 3.0, 4.0, 1e9]))
    best, second, middle, fourth, worst = found.standardised(np.array([1.0, 2.0, 3.0, 4.0, 1e9]))
    assert second - best == pytest.approx(middle - second) == pytest.approx(fourth - middle)
    assert worst - middle == pytest.approx(2.0 * (middle - best))
    assert Targets(np.array([2.0, 2.0])).standardised(np.array([2.0])) == pytest.approx(0.0)


def test_the_chance_of_a_gain() -> None:
    assert chance(0.1, 0.1, 0.1) == pytest.approx(0.5)
    assert chance(0.3, 0.1, 0.1) > 0.97 > 0.03 > chance(-0.1, 0.1, 0.1)
