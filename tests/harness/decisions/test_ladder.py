"""Labels are claims, the champion's composition is a decision."""

import pytest

from harness.decisions.composition import after_combined_test, climbs, composition
from harness.plan.rungs import LADDER_SHARE, LEAST_ROUNDS, ladder_seconds, rung_above, searched_depth
from harness.plan.scale import CPU, GPU
from journal.records import Hypothesis, Recipe, Verdict, VerdictName
from journal.science.judge import judge
from journal.science.statistics import Noise
from journal.science.transfer import Label, RungTest, label, transfer_minimum_effect


def verdict(name: VerdictName, shrunken_effect: float = 0.001) -> Verdict:
    return Verdict(
        hypothesis_id="h1",
        verdict=name,
        effect=shrunken_effect,
        lower=None,
        upper=None,
        shrunken_effect=shrunken_effect,
        p_value=0.5,
        alpha=0.01,
        sd=0.001,
        degrees_of_freedom=4,
        look=1,
        baseline_jobs=(),
        treatment_jobs=(),
        judge_version="test",
        final=True,
        judged_at=0.0,
    )


CLAIM = Hypothesis(
    hypothesis_id="h1",
    statement="h0 holds above",
    baseline_recipe="r2",
    patch={"optim.matrix_lr": 0.03},
    minimum_effect=0.001,
    replicates=8,
    stopping_rule="test",
    cost_micro_usd=0,
    proposer="random",
    prior=0.5,
    rung="depth 12",
    registered_at=0.0,
)
SUPPORTED, REFUTED, OPEN = (RungTest(CLAIM, verdict(n)) for n in ("supported", "refuted", "inconclusive"))


@pytest.mark.parametrize(
    ("above", "said"),
    [
        ([], "unknown"),
        ([None], "unknown"),
        ([SUPPORTED], "scale-stable"),
        ([REFUTED], "scale-bound"),
        ([OPEN], "unknown"),
        ([SUPPORTED, None], "unknown"),
        ([OPEN, SUPPORTED], "scale-stable"),
        ([SUPPORTED, REFUTED], "scale-bound"),
        ([REFUTED, None], "scale-bound"),
        ([REFUTED, SUPPORTED], "scale-bound"),
    ],
)
def test_labels(above: list[RungTest | None], said: Label) -> None:
    assert label(above) == said


def judged(treatment: float) -> RungTest:
    """Two seeds against four, with a noise of 0.001 that is well known."""
    noise = Noise(0.001**2 * 1000, 1000)
    found = judge(CLAIM, [2.0] * 4, [treatment] * 2, noise, look=1, hypothesis_index=1)
    return RungTest(CLAIM, found)


def test_what_the_judge_gives_up_is_scale_bound_and_what_it_leaves_open_is_not() -> None:
    # The standard error is at least 0.00086: 1.645 of it above -0.001 is 0.0004, and above 0, 0.0014.
    given_up, open_ = judged(2.001), judged(2.0)
    assert given_up.verdict.verdict == open_.verdict.verdict == "inconclusive"
    assert given_up.verdict.final and not open_.verdict.final
    assert label([given_up]) == "scale-bound" and label([open_]) == "unknown"


def test_a_claim_of_transfer_asks_for_a_third() -> None:
    assert transfer_minimum_effect(0.003) == pytest.approx(0.001)


def test_what_promises_a_gain_climbs_though_unconfirmed() -> None:
    assert climbs(verdict("inconclusive", 0.0001))
    assert not climbs(verdict("inconclusive", -0.0001))
    assert not climbs(verdict("inconclusive", 0.0))
    # Refuted by divergence: the survivors' mean is flattering.
    assert not climbs(verdict("refuted", 0.01))


def test_the_champion_is_made_of_what_promises_a_gain_strongest_first() -> None:
    top = {
        "h1": verdict("inconclusive", 0.001),
        "h2": verdict("inconclusive", -0.01),
        "h3": verdict("supported", 0.01),
    }
    assert composition(top) == ["h3", "h1"]
    assert composition({}) == []


def test_a_combination_that_fails_leaves_the_strongest() -> None:
    assert after_combined_test(["h3", "h1"], None) == ["h3", "h1"]
    assert after_combined_test(["h3", "h1"], verdict("inconclusive", 0.01)) == ["h3", "h1"]
    assert after_combined_test(["h3", "h1"], verdict("inconclusive", -0.01)) == ["h3"]
    assert after_combined_test([], None) == []


def test_a_rung_is_kept_money_for_only_where_it_can_say_something() -> None:
    rung = rung_above(GPU, GPU.depth, 1_000_000_000)
    assert rung.depth == 12 and 2.0 < rung.slowdown < 2.5
    seconds = rung.job_seconds(1_000_000.0, 60.0)
    least = LEAST_ROUNDS * seconds / LADDER_SHARE
    assert ladder_seconds(GPU, True, least + 1.0, 1_000_000_000, 1_000_000.0, 60.0) > LEAST_ROUNDS * seconds
    assert ladder_seconds(GPU, True, least - 1.0, 1_000_000_000, 1_000_000.0, 60.0) == 0.0
    assert ladder_seconds(GPU, False, 1e9, 1_000_000_000, 1_000_000.0, 60.0) == 0.0
    assert ladder_seconds(CPU, True, 1e9, 1_000_000, 4_500.0, 20.0) == 0.0


@pytest.mark.parametrize(
    ("model", "depth"), [({"depth": 8}, 8), ({"depth": 4, "width": 192}, None), (None, None)]
)
def test_only_a_shape_that_follows_from_its_depth_grows(model: object, depth: int | None) -> None:
    recipe = Recipe(
        recipe_id="r1",
        parent=None,
        patch={},
        document={"model": model},
        origin="starter",
        created_at=0.0,
    )
    assert searched_depth(recipe) == depth
