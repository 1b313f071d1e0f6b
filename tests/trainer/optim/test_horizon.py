"""Progress is that of the first horizon to be reached, and 1 only at its end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.training.state import Horizon


@pytest.mark.parametrize(
    ("horizon", "progress"),
    [
        (Horizon(), None),
        (Horizon(steps=20), 0.5),
        (Horizon(seconds=4.0), 0.75),
        (Horizon(steps=20, seconds=4.0), 0.75),
        (Horizon(steps=10, seconds=400.0), 1.0),
        (Horizon(steps=400, seconds=2.0), 1.0),
    ],
)
def test_after_ten_steps_and_three_seconds(horizon: Horizon, progress: float | None) -> None:
    assert horizon.progress(10, 3.0) == progress


@given(st.integers(1, 10**6), st.integers(0, 10**6))
def test_only_the_last_step_completes_them(steps: int, taken: int) -> None:
    progress = Horizon(steps=steps).progress(taken, 0.0)
    assert progress is not None and (progress == 1.0) == (taken >= steps)
