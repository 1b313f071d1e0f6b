"""The short form of the chaos run: 50 faults in simulated labs, 5 among real processes."""

import pytest

from tests.chaos.real import play_real
from tests.chaos.simulated import play_simulated
from tests.chaos.tally import Tally

pytestmark = pytest.mark.long


def test_simulated_labs_survive_fifty_faults() -> None:
    tally = Tally("simulated")
    play_simulated(50, 1, tally)
    assert tally.broken == [] and tally.total >= 50


def test_real_processes_survive_five_faults() -> None:
    tally = Tally("real processes")
    play_real(5, 1, tally)
    assert tally.broken == [] and tally.total >= 5
