"""A lab that learns from an earlier one: its findings come first, its trials guide the search."""

from pathlib import Path

import pytest

from agent.context import build_context
from agent.knowledge.earlier import EARLIER_EVENT, earlier_trials
from harness.errors import UserError
from harness.lab.folder import create_lab
from harness.steering.earlier_lab import learn_from
from harness.steering.hypotheses import waiting_human_drafts
from journal.lab_paths import LabPaths
from journal.science.evidence import judge_hypothesis
from journal.store import Journal
from tests.support.harness_lab import CliLab
from tests.support.journal_support import LEARNING_RATE, add_arms, add_ended, hypothesis, recipe


@pytest.fixture
def earlier(tmp_path: Path) -> LabPaths:
    """A lab with a finding (h1), a loss (h2) and a patch that diverges (h3)."""
    lab = LabPaths.at(tmp_path / "earlier")
    create_lab(lab)
    with Journal.open(lab.journal) as journal:
        journal.add_recipe(recipe())
        for name, rate in (("h1", 0.03), ("h2", 0.06), ("h3", 0.9)):
            journal.register(hypothesis(name, {LEARNING_RATE: rate}))
        add_arms(journal, [2.0, 2.001, 1.999, 2.0], [1.9, 1.901, 1.899, 1.9])
        for name, rate, value in (("h2", 0.06, 2.1), ("h3", 0.9, None)):
            for seed in range(2):
                add_ended(
                    journal, seed, value, {LEARNING_RATE: rate}, purpose="hypothesis", hypothesis_id=name,
                    arm="treatment", state="failed" if value is None else "succeeded",
                    reason="nan" if value is None else None,
                )  # fmt: skip
        for name in ("h1", "h2", "h3"):
            journal.add_verdict(judge_hypothesis(journal, name, 9.0))
    return lab


def test_findings_wait_to_be_tested_and_the_rest_does_not(earlier: LabPaths, tmp_path: Path) -> None:
    lab = LabPaths.at(tmp_path / "lab")
    said = learn_from(lab, earlier)
    assert said.startswith("3 trials") and "1 finding is tested first" in said
    with Journal.read_only(lab.journal) as journal:
        ((_, draft),) = waiting_human_drafts(journal)
    assert (draft.patch, draft.proposer) == ({LEARNING_RATE: 0.03}, "search")


def test_the_search_sees_gains_on_this_labs_own_scale(earlier: LabPaths, tmp_path: Path) -> None:
    lab = LabPaths.at(tmp_path / "lab")
    learn_from(lab, earlier)
    with Journal.open(lab.journal) as journal:
        journal.add_recipe(recipe())
        for seed in range(2):
            add_ended(journal, seed, 1.0, purpose="baseline", arm="baseline")
        context = build_context(
            journal, recipe(), brief="", remaining_micro_usd=1, job_cost_micro_usd=1, seed=0
        )
    told = {o.patch[LEARNING_RATE]: (o.values, o.failed) for o in context.observations}
    assert told[0.03][0] == pytest.approx((0.95,)) and told[0.06][0] == pytest.approx((1.05,))
    assert told[0.9] == ((), "nan")


def test_without_a_baseline_of_its_own_a_lab_knows_nothing_yet(earlier: LabPaths, tmp_path: Path) -> None:
    lab = LabPaths.at(tmp_path / "lab")
    learn_from(lab, earlier)
    with Journal.open(lab.journal) as journal:
        journal.add_recipe(recipe())
        context = build_context(
            journal, recipe(), brief="", remaining_micro_usd=1, job_cost_micro_usd=1, seed=0
        )
    assert context.observations == ()


def test_a_lab_is_learnt_from_once_and_never_from_itself(earlier: LabPaths, tmp_path: Path) -> None:
    lab = LabPaths.at(tmp_path / "lab")
    learn_from(lab, earlier)
    for other, words in ((earlier, "learnt from already"), (lab, "another lab than --lab")):
        with pytest.raises(UserError, match=words):
            learn_from(lab, other)
    with Journal.read_only(lab.journal) as journal:
        assert len(journal.events(EARLIER_EVENT)) == 3


def test_a_lab_that_tried_nothing_teaches_nothing(tmp_path: Path) -> None:
    empty, lab = LabPaths.at(tmp_path / "empty"), LabPaths.at(tmp_path / "lab")
    create_lab(empty)
    Journal.open(empty.journal).close()
    with pytest.raises(UserError, match="has tried nothing yet"):
        learn_from(lab, empty)
    assert not lab.folder.exists()


def test_trials_of_another_rung_are_left_out(earlier: LabPaths) -> None:
    with Journal.open(earlier.journal) as journal:
        longer = recipe("r2", "r1", train_tokens=900_000)
        journal.add_recipe(longer)
        journal.register(hypothesis("h4", {LEARNING_RATE: 0.05}, baseline_recipe="r2"))
        add_ended(
            journal, 7, 1.5, {LEARNING_RATE: 0.05}, base=longer, purpose="hypothesis", hypothesis_id="h4",
            arm="treatment",
        )  # fmt: skip
        assert [trial.hypothesis_id for trial in earlier_trials(journal)] == ["h1", "h2", "h3"]


@pytest.mark.long
def test_the_command_and_the_lab_that_follows(earlier: LabPaths, tmp_path: Path) -> None:
    lab = CliLab(tmp_path / "lab")
    told = lab.run("learn", str(earlier.folder))
    assert told.returncode == 0, told.stderr
    assert lab.run(*lab.start_arguments("--max-hypotheses", "2")).returncode == 0
    with lab.journal() as journal:
        first = journal.hypotheses()[0]
    assert first.patch == {LEARNING_RATE: 0.03}
    again = lab.run("learn", str(earlier.folder))
    assert (again.returncode, again.stderr.count("\n")) == (2, 1) and "EARLIER" in again.stderr
