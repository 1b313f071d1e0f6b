"""The short form of the chaos run: 50 faults in simulated labs, 10 among real processes."""

import pytest

from tests.chaos.cast import ALONE, RESIDENT, UNDER_TORCHRUN
from tests.chaos.real import play_real
from tests.chaos.replay import Readers
from tests.chaos.simulated import play_simulated
from tests.chaos.tally import Tally

pytestmark = pytest.mark.long


def test_simulated_labs_survive_fifty_faults() -> None:
    with Readers() as readers:
        tally = Tally("simulated", readers)
        play_simulated(50, 1, tally)
    assert tally.broken == [] and tally.total >= 50
    assert tally.replays > 0


def test_real_processes_survive_five_faults() -> None:
    with Readers() as readers:
        tally = Tally("real processes", readers)
        play_real(5, 1, tally, (ALONE, UNDER_TORCHRUN))
    assert tally.broken == [] and tally.total >= 5


def test_resident_trainers_survive_five_faults() -> None:
    with Readers() as readers:
        tally = Tally("resident trainers", readers)
        play_real(5, 2, tally, (RESIDENT,))
    assert tally.broken == [] and tally.total >= 5
