"""How the fastest of several ways is chosen, and kept."""

import json
from functools import partial
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trainer.kernels.choice import Candidate, Clock, fastest, kept_or_fastest, remember, remembered


def _named(number: int) -> int:
    return number


def _clock(times: list[float], drift: float) -> Clock:
    """Each candidate's own time, on a machine that gets slower with every measurement."""
    taken = iter(range(10**6))

    def milliseconds(work: Candidate, _span_ms: float) -> float:
        return times[_number_of(work)] + drift * next(taken)

    return milliseconds


def _refusing(refuses: Candidate) -> Clock:
    def milliseconds(work: Candidate, _span_ms: float) -> float:
        return float("inf") if work is refuses else 1.0

    return milliseconds


def _number_of(work: Candidate) -> int:
    number = work()
    assert isinstance(number, int)
    return number


TIMES = st.lists(st.integers(0, 20), min_size=1, max_size=12, unique=True)


@given(TIMES)
def test_the_fastest_is_found(powers: list[int]) -> None:
    candidates = [partial(_named, number) for number in range(len(powers))]
    spent = [1000.0 * 1.2**power for power in powers]
    assert fastest(candidates, _clock(spent, 0.0)) == powers.index(min(powers))


@given(TIMES, st.integers(-40, 100))
@example([1, *range(2, 12), 0], 100)
def test_steady_drift_decides_nothing(powers: list[int], drift: int) -> None:
    candidates = [partial(_named, number) for number in range(len(powers))]
    spent = [1000.0 * 1.2**power for power in powers]
    assert fastest(candidates, _clock(spent, float(drift))) == powers.index(min(powers))


def test_what_is_hardly_faster_is_not_worth_a_change() -> None:
    candidates = [partial(_named, number) for number in range(3)]
    assert fastest(candidates, _clock([100.0, 99.0, 98.0], 0.0)) == 0


def test_what_refuses_is_not_chosen() -> None:
    candidates = [partial(_named, number) for number in range(3)]
    assert fastest(candidates, _clock([float("inf"), 2.0, 1.0], 0.0)) == 2


def test_what_is_fastest_in_the_long_run_is_chosen_of_the_best_in_bursts_and_the_first() -> None:
    bursts, settled = [9.0, 1.0, 2.0, 3.0], [5.0, 6.0, 7.0, 1.0]

    def milliseconds(work: Candidate, span_ms: float) -> float:
        return (settled if span_ms > 50.0 else bursts)[_number_of(work)]

    assert fastest([partial(_named, number) for number in range(4)], milliseconds) == 0


def test_choices_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "cache" / "kernels.json"
    assert remembered(path) == {}
    remember(path, "GPU 1 8x8x8 nt", 3)
    remember(path, "GPU 1 8x8x9 nt", 0)
    assert remembered(path) == {"GPU 1 8x8x8 nt": 3, "GPU 1 8x8x9 nt": 0}
    assert [entry.name for entry in path.parent.iterdir()] == ["kernels.json"]


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"a": "b"}', '{"a": null}'])
def test_a_damaged_file_is_written_anew(tmp_path: Path, text: str) -> None:
    path = tmp_path / "kernels.json"
    path.write_text(text)
    remember(path, "name", 1)
    assert json.loads(path.read_text()) == {"name": 1}


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    remember(tmp_path / "file" / "kernels.json", "name", 1)


def test_what_was_chosen_is_not_measured_again(tmp_path: Path) -> None:
    path, candidates = tmp_path / "kernels.json", [partial(_named, number) for number in range(2)]
    assert kept_or_fastest(path, "name", candidates, _clock([2.0, 1.0], 0.0)) == 1
    assert kept_or_fastest(path, "name", candidates, _clock([1.0, 2.0], 0.0)) == 1
    assert kept_or_fastest(path, "other", candidates, _clock([1.0, 2.0], 0.0)) == 0


@pytest.mark.parametrize("kept", [1, 2, -1])
def test_a_choice_that_does_not_run_any_more_is_made_anew(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "kernels.json"
    remember(path, "name", kept)

    def refuses() -> object:
        raise RuntimeError

    assert kept_or_fastest(path, "name", [partial(_named, 0), refuses], _refusing(refuses)) == 0
    assert remembered(path) == {"name": 0}
