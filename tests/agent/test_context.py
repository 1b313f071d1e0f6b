"""What proposers are told: the journal, said relative to today's baseline."""

from pathlib import Path

import pytest

from agent.context import build_context, observations_on
from journal.science.evidence import judge_hypothesis
from journal.store import Journal
from tests.support.journal_support import LEARNING_RATE, add_arms, add_ended, hypothesis, new_journal, recipe

WINNER = recipe("r2", "r1", optim={"matrix_lr": 0.03})


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    opened = new_journal(tmp_path)
    opened.add_recipe(recipe())
    opened.register(hypothesis("h1", {LEARNING_RATE: 0.03}))
    opened.register(hypothesis("h2", {"optim.weight_decay": 0.1}))
    add_arms(opened, [2.0, 2.01], [1.9, 1.91], "h1")
    add_arms(opened, [], [1.99, 2.0], "h2")
    opened.add_verdict(judge_hypothesis(opened, "h1", 5.0))
    opened.add_recipe(WINNER)
    return opened


def test_on_the_first_baseline_patches_are_as_registered(journal: Journal) -> None:
    first, second = observations_on(journal, recipe())
    assert (first.patch, first.values) == ({LEARNING_RATE: 0.03}, (1.9, 1.91))
    assert first.verdict == journal.verdicts("h1")[0].verdict and first.effect == pytest.approx(0.1)
    assert (second.patch, second.verdict) == ({"optim.weight_decay": 0.1}, None)


def test_on_a_new_baseline_patches_are_the_difference_to_it(journal: Journal) -> None:
    [only] = observations_on(journal, WINNER)
    assert only.hypothesis_id == "h2"
    assert only.patch == {"optim.weight_decay": 0.1, LEARNING_RATE: 0.02}


def test_other_rungs_are_left_out(journal: Journal) -> None:
    assert observations_on(journal, recipe("r3", train_tokens=200_000)) == ()


def test_context_carries_the_recipes_own_seeds(journal: Journal) -> None:
    for seed, value in enumerate([1.92, 1.94], start=20):
        add_ended(journal, seed, value, base=WINNER, purpose="champion", arm="baseline")
    found = build_context(
        journal, WINNER, brief="b", remaining_micro_usd=5, job_cost_micro_usd=1, seed=3, forbidden=("model",)
    )
    assert found.baseline_values == (1.92, 1.94)
    assert found.noise_sd == pytest.approx(0.02 / 2**0.5)
    assert (found.brief, found.remaining_micro_usd, found.forbidden) == ("b", 5, ("model",))
