"""Which jobs count: seeds of the registered patch, under equal conditions, each once."""

from pathlib import Path
from typing import Any

import pytest

from journal.records import Patch
from journal.science.evidence import collect_evidence, judge_hypothesis
from journal.store import Journal
from tests.support.journal_support import LEARNING_RATE, add_arms, add_ended, hypothesis, new_journal, recipe


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    opened = new_journal(tmp_path)
    opened.add_recipe(recipe())
    opened.register(hypothesis())
    return opened


def treat(journal: Journal, seed: int, value: float | None, patch: Patch | None = None, **more: Any) -> str:
    row = {"purpose": "hypothesis", "hypothesis_id": "h1", "arm": "treatment", **more}
    return add_ended(journal, seed, value, patch or {LEARNING_RATE: 0.03}, **row)


def test_both_arms_are_found(journal: Journal) -> None:
    add_arms(journal, [2.0, 2.01, 2.02], [1.9, 1.91])
    evidence = collect_evidence(journal, "h1")
    assert evidence.baseline.values == (2.0, 2.01, 2.02)
    assert evidence.treatment.values == (1.9, 1.91)
    assert evidence.excluded == ()


def test_failures_of_the_machine_are_no_evidence_and_are_listed(journal: Journal) -> None:
    add_arms(journal, [2.0, 2.01], [1.9])
    lost = treat(journal, 1, None, state="failed", reason="lost")
    treat(journal, 2, None, state="cancelled")
    evidence = collect_evidence(journal, "h1")
    assert evidence.treatment.values == (1.9,)
    assert evidence.excluded == ((lost, "says nothing about its settings (lost)"),)


def test_divergence_is_evidence(journal: Journal) -> None:
    add_arms(journal, [2.0, 2.01], [])
    lost = [treat(journal, n, None, state="failed", reason=r) for n, r in enumerate(["nan", "diverged"])]
    evidence = collect_evidence(journal, "h1")
    assert evidence.treatment.jobs == evidence.treatment.diverged == tuple(lost)
    found = judge_hypothesis(journal, "h1", 9.0)
    assert (found.verdict, found.diverged_jobs) == ("refuted", tuple(lost))


def test_a_seed_counts_once(journal: Journal) -> None:
    add_arms(journal, [2.0, 2.01], [1.9, 1.91])
    again = treat(journal, 1, 1.5)
    evidence = collect_evidence(journal, "h1")
    assert evidence.treatment.values == (1.9, 1.91)
    assert evidence.excluded == ((again, "seed counted already"),)


@pytest.mark.parametrize("name", ["code_hash", "device", "data_hash", "tokenizer_hash"])
def test_other_conditions_do_not_count(journal: Journal, name: str) -> None:
    add_arms(journal, [2.0, 2.01], [1.9, 1.91])
    other = add_ended(journal, 9, 5.0, arm="baseline", where={name: "other"})
    evidence = collect_evidence(journal, "h1")
    assert evidence.baseline.values == (2.0, 2.01)
    assert evidence.excluded == ((other, "other code, data, tokenizer or device"),)


def test_jobs_that_did_not_apply_the_registered_patch_do_not_count(journal: Journal) -> None:
    add_arms(journal, [2.0, 2.01], [1.9])
    treat(journal, 1, 1.0, {LEARNING_RATE: 0.031})
    assert collect_evidence(journal, "h1").treatment.values == (1.9,)


def test_jobs_outside_the_hypothesis_do_not_count_as_its_treatment(journal: Journal) -> None:
    add_arms(journal, [2.0, 2.01], [1.9])
    add_ended(journal, 7, 1.0, {LEARNING_RATE: 0.03}, purpose="manual")
    assert collect_evidence(journal, "h1").treatment.values == (1.9,)


def test_limits_do_not_part_seeds(journal: Journal) -> None:
    add_arms(journal, [2.0, 2.01], [1.9])
    other = recipe(limits={"max_seconds": 60.0})
    treat(journal, 1, 1.91, base=other)
    assert collect_evidence(journal, "h1").treatment.values == (1.9, 1.91)


def test_an_a_a_patch_compares_two_sets_of_runs(tmp_path: Path) -> None:
    journal = new_journal(tmp_path)
    journal.add_recipe(recipe())
    journal.register(hypothesis(patch={LEARNING_RATE: 0.02}))
    add_arms(journal, [2.0, 2.01], [2.0, 2.01])
    evidence = collect_evidence(journal, "h1")
    assert evidence.baseline.values == evidence.treatment.values == (2.0, 2.01)
    assert not set(evidence.baseline.jobs) & set(evidence.treatment.jobs)
    assert judge_hypothesis(journal, "h1", 9.0).verdict != "supported"


def test_a_winner_is_not_its_own_baseline(journal: Journal) -> None:
    """The seeds that made a patch win are a selected sample: its recipe is measured afresh."""
    add_arms(journal, [2.0, 2.01], [1.9, 1.91])
    winner = recipe("r2", "r1", optim={"matrix_lr": 0.03})
    journal.add_recipe(winner)
    journal.register(hypothesis("h2", {"optim.weight_decay": 0.1}, baseline_recipe="r2"))
    assert collect_evidence(journal, "h2").baseline.values == ()
    for seed, value in enumerate([1.95, 1.96], start=10):
        add_ended(journal, seed, value, base=winner, purpose="champion", arm="baseline")
    assert collect_evidence(journal, "h2").baseline.values == (1.95, 1.96)


def test_noise_is_pooled_over_other_arms_of_the_rung(journal: Journal) -> None:
    journal.register(hypothesis("h2", {"optim.weight_decay": 0.1}))
    journal.register(hypothesis("h3", {LEARNING_RATE: 0.6}))
    add_arms(journal, [2.0, 2.01], [1.9, 1.91])
    add_arms(journal, [], [1.99, 2.0, 2.01], "h2")
    harm = [f"h3 {n}" for n in range(2)]
    add_arms(journal, [], [4.0, 5.0], "h3")
    add_ended(journal, 0, 1.2, base=recipe(train_tokens=200_000))
    add_ended(journal, 1, 1.4, base=recipe(train_tokens=200_000))
    evidence = collect_evidence(journal, "h1")
    assert [arm.values for arm in evidence.noise] == [(1.99, 2.0, 2.01)]
    assert len(evidence.excluded) == len(harm)
    assert {why for _, why in evidence.excluded} == {"of a harmful arm: no measure of noise"}
    assert judge_hypothesis(journal, "h1", 9.0).degrees_of_freedom == 1 + 1 + 2
