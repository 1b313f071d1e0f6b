"""The bench of the judge: its designs against known figures, and small labs whose truth is known."""

import random

import pytest

from bench.truth.__main__ import main
from bench.truth.designs import (
    autoresearch_keeps,
    fixed_power,
    fixed_runs,
    fixed_shared_runs,
    lower_bound,
    upper_bound,
)
from bench.truth.lab import SD_BPB, play
from bench.truth.landscape import no_effect, one_true
from bench.truth.rules import FormerRules, LabRules, Rules
from harness.plan.seeds import baseline_seeds

RULES = LabRules(slots=8, replicates=16)


def found(rules: Rules, effect_sds: float, labs: int = 40) -> float:
    played = [play(random.Random(index), rules, one_true(effect_sds), 6) for index in range(labs)]
    return sum(any(o.is_supported and o.change.effect_sds > 0 for o in lab.outcomes) for lab in played) / labs


def test_bounds_on_shares() -> None:
    # None of n: 1 - 0.05^(1/n), the rule of three.
    assert upper_bound(0, 100) == pytest.approx(1 - 0.05**0.01)
    assert lower_bound(100, 100) == pytest.approx(0.05**0.01)
    assert upper_bound(5, 100) > 0.05 > lower_bound(5, 100)


def test_fixed_size_designs_agree_with_the_textbook() -> None:
    # Cohen 1988: one-sided 5%, 90% power, an effect of 1 sd takes 18 an arm.
    assert fixed_runs(0.05, 0.9, 1.0) == 36
    assert fixed_power(18, 18, 0.05, 1.0) == pytest.approx(0.90, abs=0.01)
    assert fixed_shared_runs(0.05, 0.9, 1.0, 20) < 36 / 1.5


@pytest.mark.parametrize("rules", [FormerRules(8), LabRules(2, 2), RULES])
def test_labs_without_effects_support_next_to_nothing(rules: Rules) -> None:
    labs = [play(random.Random(index), rules, no_effect(), 20) for index in range(100)]
    assert sum(lab.has_false_support for lab in labs) <= 7


def test_every_run_is_counted() -> None:
    lab = play(random.Random(1), RULES, no_effect(), 5)
    longest = max(2 ** len(outcome.looks) for outcome in lab.outcomes)
    treated = sum(2 ** len(outcome.looks) for outcome in lab.outcomes)
    assert lab.runs == treated + max(baseline_seeds(8), longest)


def test_keep_if_better_keeps_what_does_nothing() -> None:
    keeps = [autoresearch_keeps(random.Random(index), no_effect(), 20) for index in range(200)]
    # Of 21 equal draws the first is the best in one of 21 labs.
    assert sum(keep > 0 for keep in keeps) / 200 == pytest.approx(20 / 21, abs=0.04)


def test_what_is_found_grows_with_the_effect_and_with_the_seeds() -> None:
    assert found(RULES, 2.0) >= 0.85
    assert found(FormerRules(8), 2.0) <= found(RULES, 2.0)
    assert found(RULES, 0.25) <= 0.2


def test_an_outcome_knows_whether_its_intervals_hold() -> None:
    lab = play(random.Random(2), RULES, one_true(5.0), 4)
    outcome = next(o for o in lab.outcomes if o.change.effect_sds == 5.0)
    last = outcome.looks[-1]
    assert last.lower is not None and last.upper is not None
    assert outcome.is_covered == (last.lower <= 5.0 * SD_BPB <= last.upper)


@pytest.mark.parametrize("rules", ["lab", "former"])
def test_the_command_prints_a_table_and_says_what_was_missed(
    rules: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sizes = ["--null-labs", "8", "--labs", "5", "--hypotheses", "4", "--replicates", "16"]
    code = main(["--rules", rules, *sizes])
    shown = capsys.readouterr().out
    # Of 8 labs no bound is below 5%.
    assert code == 1 and "MISSED" in shown
    assert "| a true effect of 2 sd is supported |" in shown
