"""The A/A alarm: silent over equal runs, loud when the machine changes under a baseline."""

import random
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from journal.science.drift import ALARM_P, DRIFT_EVENT, add_alarm, drift_of
from journal.science.evidence import judge_hypothesis
from journal.science.statistics import Noise, combine, pooled_noise
from tests.support.journal_support import add_arms, hypothesis, new_journal, recipe


def with_others(values: list[float], sd: float, freedom: int = 20) -> Noise:
    """The rung's noise: these values as one arm, and others."""
    return combine(pooled_noise([values]), Noise(sd**2 * freedom, freedom))


def test_a_jump_in_the_middle_is_named_with_its_size() -> None:
    values = [2.0, 2.001, 1.999, 2.0, 2.03, 2.031, 2.029, 2.03]
    found = drift_of("r1", values, with_others(values, 0.001))
    assert found is not None and found.p_value < 1e-9
    assert abs(found.difference - 0.03) < 1e-9 and "+0.0300" in found.text and "r1" in found.text


def test_too_few_runs_say_nothing() -> None:
    assert drift_of("r1", [2.0, 2.0, 9.0], with_others([2.0, 2.0, 9.0], 0.001)) is None


def test_false_alarms_are_as_rare_as_promised() -> None:
    chance, labs, alarms = random.Random(0), 20_000, 0
    for _ in range(labs):
        values = [chance.gauss(2.0, 0.01) for _ in range(8)]
        others = [[chance.gauss(2.0, 0.01) for _ in range(4)] for _ in range(2)]
        alarms += drift_of("r1", values, pooled_noise([values, *others])) is not None
    assert alarms <= labs * ALARM_P + 4 * (labs * ALARM_P) ** 0.5


@settings(max_examples=50)
@given(st.lists(st.floats(1.0, 3.0), min_size=4, max_size=12), st.floats(-1.0, 1.0))
def test_where_the_level_lies_does_not_matter(values: list[float], shift: float) -> None:
    one = drift_of("r1", values, with_others(values, 0.01))
    moved = [value + shift for value in values]
    other = drift_of("r1", moved, with_others(moved, 0.01))
    either = one or other
    assert (one is None) == (other is None) or (either and abs(either.p_value - ALARM_P) < 1e-6)


def test_a_lab_records_an_alarm_once_for_the_same_runs(tmp_path: Path) -> None:
    with new_journal(tmp_path) as journal:
        journal.add_recipe(recipe())
        journal.register(hypothesis())
        add_arms(journal, [2.0, 2.001, 1.999, 2.0, 2.08, 2.081, 2.079, 2.08], [2.04, 2.041])
        verdict = judge_hypothesis(journal, "h1", 9.0)
        assert "r1" in (add_alarm(journal, verdict) or "")
        assert add_alarm(journal, verdict) is None
        (event,) = journal.events(DRIFT_EVENT)
    assert event.detail["seeds"] == 8
