"""What the champion takes up: the better expected outcome, shrunk, with the chance that it harms bounded."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.science.adoption.decision import MOST_HARM, NOTHING, Adoption, adopt
from journal.science.adoption.posterior import Idea, Trials, posterior_of, trials_of
from journal.science.statistics import mean

SD = 0.004
LEVEL = 2.0


def arm(effect: float, seeds: int, draw: random.Random, sd: float = SD) -> dict[int, float]:
    return {seed: draw.gauss(LEVEL - effect, sd) for seed in range(seeds)}


def lab(effects: Sequence[float], seeds: int = 4, number: int = 0, paths: Sequence[str] = ()) -> Trials:
    """A baseline r1 of four seeds, and ideas h1, h2, … whose true effects are given."""
    draw = random.Random(number)
    base = {"r1": arm(0.0, 4, draw)}
    names = paths or [f"optim.p{i}" for i in range(len(effects))]
    ideas = [
        Idea(f"h{i}", "r1", arm(effect, seeds, draw), frozenset({path}))
        for i, (effect, path) in enumerate(zip(effects, names, strict=True), start=1)
    ]
    return trials_of(base, ideas)


def observed(trials: Trials, name: str) -> float:
    base = mean(list(trials.baselines["r1"].values()))
    return base - mean([v for idea in trials.ideas if idea.name == name for v in idea.values.values()])


def test_a_gain_far_above_the_noise_is_adopted_and_shrunk() -> None:
    trials = lab([0.03, 0.0, -0.01, 0.0])
    adoption = adopt(trials)
    assert adoption.names[0] == "h1"
    assert 0.0 < adoption.lower < adoption.gain < adoption.upper
    assert posterior_of(trials).mean_of("h1") < observed(trials, "h1")
    assert adoption.harm < 0.01
    assert adoption.words.startswith("expected gain +0.02") and adoption.words.endswith(
        "1% chance that it harms"
    )


def test_the_best_of_many_ideas_without_effect_is_shrunk_to_next_to_nothing() -> None:
    gains = []
    for number in range(20):
        trials = lab([0.0] * 12, seeds=2, number=number)
        best = max(trials.ideas, key=lambda idea: observed(trials, idea.name))
        gains.append(max(0.0, posterior_of(trials).mean_of(best.name)) / observed(trials, best.name))
    assert mean(gains) < 0.25


def test_harm_is_never_adopted_and_says_nothing_of_the_others() -> None:
    harmless = adopt(lab([0.012, 0.0, 0.0]))
    beside = adopt(lab([0.012, 0.0, 0.0, -0.4, -0.6]))
    assert harmless.names[:1] == beside.names[:1] == ("h1",)
    assert not {"h4", "h5"} & set(beside.names)
    assert beside.gain == pytest.approx(harmless.gain, rel=0.35)


def test_of_ideas_that_change_one_setting_one_is_taken() -> None:
    paths = ["optim.matrix_lr", "optim.matrix_lr", "model.rope_base"]
    assert set(adopt(lab([0.03, 0.028, 0.02], paths=paths)).names) == {"h1", "h3"}


def test_ideas_together_are_worth_less_than_their_sum() -> None:
    both, first, second = (adopt(lab(e, number=3)) for e in ([0.03, 0.03], [0.03, -0.03], [-0.03, 0.03]))
    assert set(both.names) == {"h1", "h2"}
    assert max(first.gain, second.gain) < both.gain < first.gain + second.gain


def test_one_wild_seed_is_no_reason_to_adopt() -> None:
    draw = random.Random(5)
    base = {"r1": arm(0.0, 4, draw, sd=0.02)}
    lucky = Idea("h1", "r1", {0: mean(list(base["r1"].values())) - 0.03}, frozenset({"optim.matrix_lr"}))
    adoption = adopt(trials_of(base, [lucky]))
    assert adoption.gain < 0.015


def test_nothing_is_adopted_where_nothing_was_tried_or_no_noise_is_known() -> None:
    assert adopt(trials_of({"r1": {1: 2.0, 2: 2.1}}, [])) == NOTHING
    alone = Idea("h1", "r1", {1: 1.5}, frozenset({"optim.matrix_lr"}))
    assert adopt(trials_of({"r1": {1: 2.0}}, [alone])) == NOTHING


def test_ideas_on_different_baselines_are_weighed_each_against_its_own() -> None:
    draw = random.Random(1)
    base = {"r1": arm(0.0, 4, draw), "r2": {s + 10: v - 0.05 for s, v in arm(0.0, 4, draw).items()}}
    # As good as r1's idea in bits per byte, and no better than r2 itself.
    one = Idea("h1", "r1", arm(0.03, 4, draw), frozenset({"optim.a"}))
    other = Idea("h2", "r2", {s + 10: v for s, v in arm(0.03, 4, draw).items()}, frozenset({"optim.b"}))
    assert adopt(trials_of(base, [one, other])).names == ("h1",)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(-0.05, 0.05), min_size=1, max_size=5), st.integers(1, 4), st.randoms())
def test_the_choice_depends_on_neither_order_nor_names_and_bounds_the_harm(
    effects: list[float], seeds: int, order: random.Random
) -> None:
    trials = lab(effects, seeds)
    adoption = adopt(trials)
    ideas = list(trials.ideas)
    order.shuffle(ideas)
    again = adopt(trials_of(trials.baselines, ideas))
    assert again.names == adoption.names and again.gain == pytest.approx(adoption.gain, rel=1e-6)
    assert adoption == NOTHING or (adoption.harm <= MOST_HARM and adoption.gain > 0.0)


def test_over_many_labs_it_gains_more_than_the_best_mean_and_harms_rarely() -> None:
    gains, best_means, harms = 0.0, 0.0, 0
    for number in range(60):
        draw = random.Random(1000 + number)
        effects = [
            draw.gauss(0.0, 0.006) if draw.random() < 0.5 else -abs(draw.gauss(0.0, 0.012)) for _ in range(6)
        ]
        trials = lab(effects, seeds=2, number=number)
        gain = true_gain(adopt(trials), effects)
        best = max(trials.ideas, key=lambda idea: observed(trials, idea.name))
        best_means += effects[int(best.name[1:]) - 1] if observed(trials, best.name) > 0.0 else 0.0
        gains += gain
        harms += gain < -SD
    assert gains > best_means > 0.0
    assert harms <= 3


def true_gain(adoption: Adoption, effects: Sequence[float]) -> float:
    return sum(effects[int(name[1:]) - 1] for name in adoption.names)
