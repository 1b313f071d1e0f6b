"""The first seed as a screen: what it stops, what it never stops, and how its mistakes are counted."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.knowledge.insights import INSIGHT_EVENT, add_insight, directions
from journal.science.evidence import judge_hypothesis, recompute_all
from journal.science.screen import is_audited, is_hopeless, known_noise, screen_record, upper_bound
from journal.science.statistics import Noise, mean, pooled_noise
from journal.science.trials import trials
from journal.store import Journal
from journal.views import hypotheses_table
from tests.support.journal_support import LEARNING_RATE, add_arms, add_ended, hypothesis, new_journal, recipe

BASELINE = [2.0, 2.004, 1.996, 2.0]
values = st.floats(0.5, 4.0, allow_nan=False)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    opened = new_journal(tmp_path)
    opened.add_recipe(recipe())
    for seed, value in enumerate(BASELINE):
        add_ended(opened, seed, value, purpose="baseline", arm="baseline")
    return opened


def judged(journal: Journal, number: int, seeds: list[float]) -> None:
    """Register h<number>, run these seeds and close it."""
    name = f"h{number}"
    journal.register(hypothesis(name, {LEARNING_RATE: 0.03 + number / 100}))
    add_arms(journal, [], seeds, name)
    journal.add_verdict(judge_hypothesis(journal, name, float(number), closing=True))


def test_the_bound_is_a_t_bound_of_one_new_run() -> None:
    noise = pooled_noise([BASELINE])
    assert noise.sd is not None
    reach = 4.5407 * noise.sd * math.sqrt(1 + 1 / 4)  # t(3, 0.99)
    assert upper_bound(BASELINE, 2.05, noise) == pytest.approx(-0.05 + reach, abs=1e-6)
    assert is_hopeless(BASELINE, 2.0 + 1.01 * reach, noise)
    assert not is_hopeless(BASELINE, 2.0 + 0.99 * reach, noise)


@given(st.lists(values, min_size=2, max_size=8), st.floats(0.0, 2.0), st.floats(0.0, 1.0), st.integers(1, 40))
def test_a_run_as_good_as_the_baseline_is_never_stopped(
    baseline: list[float], better: float, variance: float, freedom: int
) -> None:
    assert not is_hopeless(baseline, mean(baseline) - better, Noise(variance * freedom, freedom))


@given(st.lists(values, min_size=2, max_size=8), values)
def test_a_run_inside_the_baselines_own_band_is_never_stopped(baseline: list[float], value: float) -> None:
    inside = min(baseline) <= value <= max(baseline)
    assert not (inside and is_hopeless(baseline, value, pooled_noise([baseline])))


def test_without_a_known_spread_nothing_is_stopped() -> None:
    assert not is_hopeless([2.0], 9.0, Noise(0.0001, 10))
    assert not is_hopeless([2.0, 2.0], 9.0, Noise(0.0, 0))


def test_an_eighth_is_audited_and_the_same_in_every_replay() -> None:
    found = [name for name in (f"{n:010x}-1" for n in range(8000)) if is_audited(name)]
    assert 900 < len(found) < 1100
    assert found[:3] == [name for name in (f"{n:010x}-1" for n in range(40)) if is_audited(name)][:3]


def test_noise_is_the_best_known(journal: Journal) -> None:
    judged(journal, 1, [1.99, 1.992])
    verdicts = journal.verdicts()
    assert known_noise(BASELINE, []).degrees_of_freedom == 3
    assert known_noise(BASELINE, verdicts).degrees_of_freedom == 4
    assert known_noise(BASELINE, verdicts).sd == pytest.approx(verdicts[0].sd)


def test_a_stopped_idea_is_inconclusive_and_says_by_how_much_it_was_worse(journal: Journal) -> None:
    judged(journal, 1, [2.2])
    [verdict] = journal.verdicts()
    assert (verdict.verdict, verdict.final, verdict.lower) == ("inconclusive", True, None)
    record = screen_record(journal)
    assert record.text == "stopped after one seed: 1, audited 0, wrong 0"
    assert record.stopped[0].text == "stopped after one seed: +0.2000 val_bpb"
    assert hypotheses_table(journal)[0].one_seed_difference == pytest.approx(0.2)
    assert trials(journal)[0].values == (2.2,), "the search sees the bad value"
    assert all(stored == again for stored, again in recompute_all(journal))


def test_what_money_stopped_is_not_counted_as_the_screens(journal: Journal) -> None:
    judged(journal, 1, [2.003])
    assert screen_record(journal).stopped == ()
    assert hypotheses_table(journal)[0].one_seed_difference == pytest.approx(0.003)


def test_mistakes_are_counted_where_the_idea_went_on(journal: Journal) -> None:
    judged(journal, 1, [2.2, 2.21])  # right to stop
    judged(journal, 2, [2.2, 1.6])  # wrong: no worse with the second seed
    judged(journal, 3, [1.99, 1.995])  # not to be stopped at all
    record = screen_record(journal)
    assert [(a.hypothesis_id, a.is_wrong) for a in record.audited] == [("h1", False), ("h2", True)]
    assert record.text == "stopped after one seed: 0, audited 2, wrong 1"


def test_insights_hear_of_stopped_ideas(journal: Journal) -> None:
    judged(journal, 1, [2.2])
    said = add_insight(journal, 5.0)
    assert said is not None and said.endswith(". Stopped after one seed: 1, audited 0, wrong 0.")
    assert journal.events(INSIGHT_EVENT)[-1].detail["text"] == said
    judged(journal, 2, [2.21, 2.22])
    [found] = directions(journal)
    assert found.hypothesis_ids == ("h1", "h2")
    assert found.estimate == pytest.approx(-(0.2 + 0.21 + 0.22) / 3)
