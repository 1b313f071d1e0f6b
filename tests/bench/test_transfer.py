"""The bench of transfer: the surface, the money, both policies, and its figures."""

import json
import random
from pathlib import Path

import pytest

from bench.transfer.__main__ import main
from bench.transfer.measures import Labelled, Played, Setting, play, rows
from bench.transfer.policies import ladder, small_rung
from bench.transfer.surface import DEPTHS, Idea, Surface, draw, height, run_usd
from bench.transfer.trials import Trials
from bench.truth.rules import LabRules

TOP = len(DEPTHS) - 1
SURVIVOR = Idea(small_sds=6.0, top_sds=2.0)
REVERSAL = Idea(small_sds=6.0, top_sds=-2.0)
NOTHING = Idea(small_sds=0.0, top_sds=0.0)


def surface(*ideas: Idea, overlaps: dict[tuple[int, int], float] | None = None) -> Surface:
    return Surface(ideas, noise_ratio=0.7, overlaps=overlaps or {})


def trials(truth: Surface, budget_usd: float = 400.0) -> Trials:
    return Trials("test", truth, LabRules(8, 64), budget_usd)


def test_half_reverse_and_survivors_keep_a_third() -> None:
    gains = [i for n in range(200) for i in draw(random.Random(n), 24).ideas if i.small_sds > 0.0]
    reversed_ = [idea for idea in gains if idea.is_reversed]
    assert 0.45 < len(reversed_) / len(gains) < 0.55
    assert all(1.0 <= idea.small_sds <= 3.0 for idea in gains)
    assert all(idea.top_sds == pytest.approx(idea.small_sds / 3) for idea in gains if not idea.is_reversed)
    assert all(1 / 6 <= -idea.top_sds / idea.small_sds <= 1 / 2 for idea in reversed_)


def test_a_ladder_ascends_from_the_small_effect_to_the_top() -> None:
    assert [height(0), height(TOP)] == [0.0, 1.0]
    effects = [surface(REVERSAL).effect_sds([0], rung) for rung in range(len(DEPTHS))]
    assert effects[0] == 6.0 and effects[TOP] == -2.0 and effects == sorted(effects, reverse=True)
    assert sorted(run_usd(rung) for rung in range(len(DEPTHS))) == [run_usd(r) for r in range(len(DEPTHS))]


def test_two_that_do_the_same_are_not_worth_their_sum() -> None:
    twins = surface(SURVIVOR, SURVIVOR, overlaps={(0, 1): 1.0})
    assert twins.effect_sds([0, 1], TOP) == pytest.approx(2.0)
    assert surface(SURVIVOR, SURVIVOR).effect_sds([0, 1], TOP) == pytest.approx(4.0)
    # A reversal does not get better by a companion that harms too.
    both = surface(REVERSAL, REVERSAL, overlaps={(0, 1): 1.0})
    assert both.effect_sds([0, 1], TOP) == pytest.approx(-4.0)


def test_the_small_rung_takes_what_the_ladder_drops() -> None:
    truth = surface(SURVIVOR, NOTHING, REVERSAL)
    assert small_rung(trials(truth)).ideas == (0, 2)
    assert ladder(trials(truth)).ideas == (0,)


def test_no_policy_spends_more_than_it_has() -> None:
    truth = draw(random.Random(3), 24)
    for policy in (small_rung, ladder):
        for budget_usd in (1.0, 20.0, 60.0, 200.0):
            assert policy(trials(truth, budget_usd)).spent_usd <= budget_usd


def test_what_cannot_be_tested_above_is_not_kept() -> None:
    poor = ladder(trials(surface(SURVIVOR, SURVIVOR), budget_usd=13.0))
    assert poor.found == (0, 1) or poor.found == (1, 0)
    assert poor.ideas == () and set(poor.above.values()) == {(None, None)}


def test_both_policies_see_the_same_seeds() -> None:
    truth = surface(SURVIVOR, NOTHING)
    first, second = trials(truth), trials(truth, budget_usd=300.0)
    for asked in (first, second):
        asked.ask([(0,)], 0, 4)
    assert first.questions[0].values == second.questions[0].values


def test_a_tie_is_no_win() -> None:
    lab = Played(1.0, 1.0, 1.0, 10.0, 100.0, (Labelled(1.0, "unknown", True),))
    won = Played(-1.0, 1.0, 1.0, 10.0, 100.0, ())
    assert lab.is_tie and not lab.is_won and won.is_won
    first, *rest = rows([lab, won])
    assert first.holds is False and "1 of 2" in first.measured
    assert next(r.measured for r in rest if r.question == "wins where they differ").startswith("1 of 1")


def test_labs_are_reproducible_and_the_ladder_wins_most() -> None:
    setting = Setting(ideas=24, budget_usd=200.0)
    labs = [play(f"test {index}", setting) for index in range(12)]
    assert play("test 0", setting) == labs[0]
    assert sum(lab.is_won for lab in labs) >= 9
    assert all(lab.best_sds >= lab.ladder_sds - 1e-9 for lab in labs)


def test_the_command_writes_its_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = tmp_path / "transfer.json"
    main(["--labs", "2", "--seeds", "2", "--ideas", "6", "--json", str(figures)])
    assert len(json.loads(figures.read_text())["labs"]) == 4
    assert "wins where they differ" in capsys.readouterr().out


def test_the_command_refuses_no_labs(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--labs", "0"])
    assert "--labs: 0; allowed: 1 or more" in capsys.readouterr().err
