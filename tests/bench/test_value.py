"""The bench of value: the truth, the money, the policies and the table."""

import json
from pathlib import Path

import pytest

from bench.value.__main__ import main
from bench.value.catalog import families, lab
from bench.value.lab import SIZES, Lab, Run, View
from bench.value.measures import NEW, NONE, ORACLE, POLICIES, VARIANTS, Row, best_set, rows, run
from bench.value.policies import BASELINE, Played, play
from bench.value.surface import CHAMPION, SEARCH, Idea, Pool, Setting, Settings

SMALL = {name: make for name, make in (POLICIES | VARIANTS).items() if name not in ("TPE", "CMA-ES")}
NUMBERS = range(6)


@pytest.fixture(scope="module")
def played() -> dict[str, list[tuple[Lab, Played]]]:
    labs = [lab("start", "development", number) for number in NUMBERS]
    return {name: [(found, play(found, make)) for found in labs] for name, make in SMALL.items()}


def pool(*gains: float, redundant: float = 0.0, antagonistic: float = 0.0) -> Pool:
    found = Pool("test", lambda generator: Idea(0.0, 0.0), redundant, antagonistic)
    found._ideas.update({n: Idea(gain, gain) for n, gain in enumerate(gains, start=1)})
    return found


def test_two_that_do_the_same_are_worth_less_than_their_sum_and_two_that_clash_may_harm() -> None:
    assert pool(2.0, 1.0).gain((1, 2), CHAMPION) == pytest.approx(3.0)
    assert 2.0 <= pool(2.0, 1.0, redundant=1.0).gain((1, 2), CHAMPION) < 3.0
    assert pool(2.0, 1.0, antagonistic=1.0).gain((1, 2), CHAMPION) < 2.3
    assert pool(-2.0, -1.0, redundant=1.0).gain((1, 2), CHAMPION) == pytest.approx(-3.0)


def test_a_setting_gains_most_at_its_best_place_which_moves_with_the_horizon() -> None:
    found = Settings("test", (Setting((1.0, 0.5), (0.5, 0.25), cliff=0.8),), {}, step=0.3)
    best, far = found.add([0.5]), found.add([0.9])
    assert found.gain((best,), SEARCH) == pytest.approx(0.25)
    assert found.gain((best,), CHAMPION) == pytest.approx(0.0)
    assert found.gain((far, best), SEARCH) == found.gain((best,), SEARCH)  # the later one's value holds
    assert found.diverges((far,)) == 1.0 and found.diverges((best,)) == 0.0
    assert found.clash(best, far)


@pytest.mark.parametrize("size", sorted(SIZES))
def test_held_out_labs_are_others_and_have_families_of_their_own(size: str) -> None:
    names = {part: {f.name for f in families(size, part)} for part in ("development", "heldout")}
    assert len(names["heldout"]) == 2 * len(names["development"])
    assert names["development"] < names["heldout"]
    labs = [lab(size, part, number).name for part in names for number in range(20)]
    assert len(set(labs)) == len(labs)


def test_equal_names_give_equal_values_and_arms_share_seeds() -> None:
    one, other = lab("start", "development", 0), lab("start", "development", 0)
    runs = [Run(BASELINE, seed) for seed in range(200)]
    values = [one.value(found) for found in runs]
    assert values == [other.value(found) for found in runs]
    assert len(set(values)) == len(values)


def test_all_pay_the_same_and_what_is_not_searched_with_lengthens_the_champion(
    played: dict[str, list[tuple[Lab, Played]]],
) -> None:
    for found, result in (pair for pairs in played.values() for pair in pairs):
        assert 0.0 <= result.spent_units <= found.search_units
        lost = found.size.champion_bpb_after(found.search_units, result.spent_units)
        lost -= found.size.champion_bpb_after(found.search_units, 0.0)
        assert result.total_bpb == pytest.approx(result.gain_bpb - lost)
        assert lost >= 0.0 and (lost > 0.0) == (result.spent_units > 0.0)


def test_no_search_gains_and_costs_nothing(played: dict[str, list[tuple[Lab, Played]]]) -> None:
    for _, result in played[NONE]:
        assert (result.gain_bpb, result.total_bpb, result.spent_units) == (0.0, 0.0, 0.0)


def test_nobody_beats_an_oracle_of_the_same_ideas(played: dict[str, list[tuple[Lab, Played]]]) -> None:
    for found, result in (pair for pairs in played.values() for pair in pairs):
        best = best_set(found, result.tested, [*result.sets, result.champion])
        assert set(best) <= set(result.tested)
        assert found.true_gain(best) >= max(0.0, result.gain_bpb)


def test_no_value_is_paid_for_twice_and_none_without_money() -> None:
    view = View(lab("start", "development", 1), 2.0)
    assert view.pay([Run(BASELINE, 1), Run(BASELINE, 1), Run((1,), 1), Run((2,), 1)])
    assert view.units_left == 0.0 and set(view.results) == {Run(BASELINE, 1), Run((1,), 1)}
    assert not view.pay([Run((3,), 1)])


def test_a_set_that_diverged_is_never_deployed_by_the_new_rule() -> None:
    """Half of these ideas fail in half of their runs, and all that run gain."""
    found = lab("start", "development", 0)
    sd = found.noise.sd_bpb
    risky = Pool("test", lambda generator: Idea(0.0, 0.0), 0.0, 0.0)
    risky._ideas.update({n: Idea(4.0 * sd, 4.0 * sd, diverges=0.5 * (n % 2)) for n in range(1, 40)})
    for number in range(10):
        view = View(Lab(f"test {number}", "test", found.size, risky, found.noise, 1.9, 17.0, sd), 17.0)
        policy = POLICIES[NEW](view)
        while (runs := policy.ask(view)) and view.pay(runs[: view.slots]):
            pass
        champion = policy.champion(view)
        assert champion
        assert not [run for run, value in view.results.items() if value is None and run.ideas == champion]
        ran = {idea for run, value in view.results.items() if value is not None for idea in run.ideas}
        assert set(champion) <= ran


def test_the_new_rule_takes_a_large_gain_that_a_claim_cannot_prove() -> None:
    """Ideas of 3 sds, seen with some 17 runs: mostly adopted, mostly unproven."""
    found = lab("start", "development", 0)
    good = pool(
        *[3.0 * found.noise.sd_bpb if n % 3 == 0 else -2.0 * found.noise.sd_bpb for n in range(1, 40)]
    )
    gains = {"new rule": 0.0, "today's rule": 0.0}
    for number in range(10):
        one = Lab(f"test {number}", "test", found.size, good, found.noise, 1.9, 17.0, found.noise.sd_bpb)
        for name in gains:
            gains[name] += play(one, POLICIES[name]).gain_bpb
    assert gains["new rule"] > 2.0 * max(0.0, gains["today's rule"]) and gains["new rule"] > 0.0


def test_the_table_names_every_policy_and_is_the_same_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [
        "--labs",
        "4",
        "--size",
        "start",
        "--json",
        str(tmp_path / "a.json"),
        "--plot",
        str(tmp_path / "a.png"),
    ]
    assert main(command) == 0
    first = capsys.readouterr().out
    assert main(command) == 0
    assert capsys.readouterr().out == first
    assert all(f"| {name} |" in first for name in [*SMALL, ORACLE] if name not in VARIANTS)
    assert set(json.loads((tmp_path / "a.json").read_text())) == {"start"}
    assert (tmp_path / "a.png").stat().st_size > 0


def test_a_row_compares_with_the_new_rule_lab_by_lab() -> None:
    found = run("start", "heldout", range(3), {name: POLICIES[name] for name in (NONE, NEW)})
    by_name: dict[str, Row] = {row.policy: row for row in rows(found)}
    assert by_name[NONE].difference == pytest.approx(by_name[NEW].gain)
    assert by_name[NEW].difference is None
