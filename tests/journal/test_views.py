"""Summaries say what the rows say."""

from pathlib import Path

import pytest

from journal.ledger.ledger import Ledger
from journal.science.evidence import judge_hypothesis
from journal.science.recipe_seeds import recipe_noise
from journal.science.trials import trials
from journal.store import Journal
from journal.views import (
    CHAMPION_RECIPE,
    budget_summary,
    champion,
    hypotheses_table,
    jobs_summary,
    progress_series,
)
from tests.support.journal_support import (
    LEARNING_RATE,
    add_arms,
    add_ended,
    hypothesis,
    job_row,
    new_journal,
    recipe,
)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    opened = new_journal(tmp_path)
    opened.add_recipe(recipe())
    opened.register(hypothesis())
    opened.register(hypothesis("h2", {LEARNING_RATE: 0.6}))
    add_arms(opened, [2.0, 2.02], [1.9, 1.91])
    return opened


def test_empty_journal_has_summaries(tmp_path: Path) -> None:
    journal = new_journal(tmp_path)
    assert jobs_summary(journal).total == 0
    assert budget_summary(journal).free_micro_usd == 0
    assert champion(journal) is None
    assert progress_series(journal) == hypotheses_table(journal) == trials(journal) == []


def test_budget(journal: Journal) -> None:
    ledger = Ledger(journal)
    ledger.add_budget(100)
    ledger.reserve("finish", 30, "finish")
    ledger.settle("job", 20)
    ledger.idle(5)
    ledger.settle("llm-1", 2)
    found = budget_summary(journal)
    assert (found.jobs_micro_usd, found.idle_micro_usd, found.llm_micro_usd) == (20, 5, 2)
    assert (found.spent_micro_usd, found.reserved_micro_usd, found.free_micro_usd) == (27, 30, 43)
    assert found.reservations == {"finish": 30}


def test_jobs(journal: Journal) -> None:
    journal.add_job(job_row(9))
    found = jobs_summary(journal)
    assert (found.total, found.by_state) == (5, {"succeeded": 4, "queued": 1})
    assert found.by_purpose == {"baseline": 3, "hypothesis": 2}


def test_progress_is_in_the_order_of_ends_and_keeps_the_best_of_each_rung(journal: Journal) -> None:
    add_ended(journal, 5, 1.0, base=recipe(train_tokens=200_000), at=50.0)
    add_ended(journal, 6, 1.95, at=60.0)
    points = progress_series(journal)
    assert [point.val_bpb for point in points] == [2.0, 2.02, 1.9, 1.91, 1.0, 1.95]
    assert [point.best_val_bpb for point in points] == [2.0, 2.0, 1.9, 1.9, 1.0, 1.9]


def test_noise_of_a_recipe_counts_its_own_seeds(journal: Journal) -> None:
    found = recipe_noise(journal, "r1")
    assert found.values == (2.0, 2.02)
    assert (found.mean, found.degrees_of_freedom) == (pytest.approx(2.01), 1)
    assert found.sd == pytest.approx(0.02 / 2**0.5)


def test_champion_is_the_last_recipe_unless_meta_names_another(journal: Journal) -> None:
    journal.add_recipe(recipe("r2", "r1", optim={"matrix_lr": 0.03}))
    found = champion(journal)
    assert found is not None and (found.recipe.recipe_id, found.val_bpb) == ("r2", 1.9)
    journal.set_meta(CHAMPION_RECIPE, "r1")
    found = champion(journal)
    assert found is not None and (found.recipe.recipe_id, found.val_bpb) == ("r1", 2.0)


def test_hypotheses_show_their_latest_verdict(journal: Journal) -> None:
    journal.add_verdict(judge_hypothesis(journal, "h1", 5.0))
    journal.add_verdict(judge_hypothesis(journal, "h1", 6.0, closing=True))
    first, second = hypotheses_table(journal)
    assert (first.look, first.final, first.baseline_seeds, first.treatment_seeds) == (2, True, 2, 2)
    assert first.effect == pytest.approx(0.105)
    assert first.sha256 == hypothesis().sha256()
    assert (second.verdict, second.effect, second.look) == (None, None, 0)


def test_trials_tell_values_and_failures(journal: Journal) -> None:
    for seed in (0, 1):
        add_ended(
            journal, seed, None, {LEARNING_RATE: 0.6}, state="failed", reason="nan",
            purpose="hypothesis", hypothesis_id="h2", arm="treatment",
        )  # fmt: skip
    first, second = trials(journal)
    assert (first.values, first.failed) == ((1.9, 1.91), None)
    assert (second.values, second.failed) == ((), "nan")
