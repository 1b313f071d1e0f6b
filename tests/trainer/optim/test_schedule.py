"""Schedules are pure functions of progress."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.job import ScheduleSpec
from trainer.optim.schedule import (
    lr_multiplier,
    muon_momentum,
    table_decay_multiplier,
    weight_decay_multiplier,
)

SPEC = ScheduleSpec(warmup_fraction=0.1, warmdown_fraction=0.5, final_lr_fraction=0.2)


@pytest.mark.parametrize(
    ("progress", "expected"), [(0.0, 0.0), (0.05, 0.5), (0.1, 1.0), (0.5, 1.0), (0.75, 0.6), (1.0, 0.2)]
)
def test_up_level_down(progress: float, expected: float) -> None:
    assert lr_multiplier(progress, SPEC) == pytest.approx(expected)


def test_without_warm_up_the_first_step_is_whole() -> None:
    assert lr_multiplier(0.0, ScheduleSpec(warmup_fraction=0.0)) == 1.0


def test_without_warm_down_the_last_step_is_whole() -> None:
    assert lr_multiplier(1.0, ScheduleSpec(warmdown_fraction=0.0)) == 1.0


@given(st.floats(-0.5, 2.0), st.floats(0, 0.5), st.floats(0, 0.5), st.floats(0, 1))
def test_the_multiplier_stays_between_0_and_1(progress: float, up: float, down: float, final: float) -> None:
    spec = ScheduleSpec(warmup_fraction=up, warmdown_fraction=down, final_lr_fraction=final)
    assert 0.0 <= lr_multiplier(progress, spec) <= 1.0


@given(st.floats(0, 1), st.floats(0, 0.99))
def test_momentum_never_passes_its_peak(progress: float, peak: float) -> None:
    assert 0.0 <= muon_momentum(progress, peak) <= peak + 1e-12


def test_momentum_rises_and_falls() -> None:
    assert [round(muon_momentum(p, 0.97), 4) for p in (0.0, 0.15, 0.3, 1.0)] == [0.85, 0.97, 0.97, 0.9]


def test_weight_decay_falls_to_nothing() -> None:
    values = [weight_decay_multiplier(p / 10) for p in range(11)]
    assert values[0] == 1.0 and values[-1] == pytest.approx(0.0) and values == sorted(values, reverse=True)


@pytest.mark.parametrize(
    ("epochs", "expected"), [(0.0, 1.0), (1.0, 1.0), (2.5, 1.0), (3.25, 2.5), (4.0, 4.0), (100.0, 4.0)]
)
def test_tables_forget_faster_where_a_text_is_read_often(epochs: float, expected: float) -> None:
    assert table_decay_multiplier(epochs) == pytest.approx(expected)
