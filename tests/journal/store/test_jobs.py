"""Jobs: rows go one way, from queued to an end that never changes."""

import sqlite3
from pathlib import Path

import pytest

from journal.errors import NotFound, Refused
from journal.lab_paths import LabPaths
from journal.store import Journal
from journal.store.jobs import MAX_POINTS
from tests.support.journal_support import add_ended, hypothesis, job_row, new_journal, recipe, result_of
from trainer.job import CheckpointPaths, Inputs, JobState, validate_job


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    opened = new_journal(tmp_path)
    opened.add_recipe(recipe())
    opened.register(hypothesis())
    return opened


def test_row_comes_back_as_it_went_in(journal: Journal) -> None:
    row = job_row(7, {"optim.matrix_lr": 0.03}, purpose="hypothesis", hypothesis_id="h1", arm="treatment")
    journal.add_job(row)
    assert journal.job(row.job_id) == row
    assert journal.job("0000000000-1") is None


def test_life_of_a_job(journal: Journal) -> None:
    row = job_row(0)
    journal.add_job(row)
    journal.mark_launched(row.job_id, 5.0)
    assert (journal.jobs()[0].state, journal.jobs()[0].launched_at) == ("queued", 5.0)
    journal.mark_running(row.job_id, 6.0)
    journal.mark_running(row.job_id, 99.0)
    result = result_of(row, "succeeded", 1.5, None)
    journal.finish_job(row.job_id, "succeeded", None, None, result, 1234, 7.0)
    ended = journal.jobs(state="succeeded")[0]
    assert (ended.started_at, ended.finished_at, ended.cost_micro_usd) == (6.0, 7.0, 1234)
    assert ended.metrics == {"val_bpb": 1.5}
    assert ended.result == result.model_dump_json()


@pytest.mark.parametrize("state", ["succeeded", "failed", "cancelled"])
def test_an_ended_job_never_changes(journal: Journal, state: str) -> None:
    job = add_ended(journal, 0, 1.5, state=state)  # type: ignore[arg-type]
    before = journal.job(job)
    for change in (
        lambda: journal.finish_job(job, "failed", "nan", None, None, 0, 9.0),
        lambda: journal.mark_running(job, 9.0),
        lambda: journal.mark_launched(job, 9.0),
    ):
        with pytest.raises(Refused, match="never changes"):
            change()
    assert journal.request_cancel(job) is False
    assert journal.job(job) == before


@pytest.mark.parametrize(
    ("state", "reason", "goes_on"),
    [
        ("cancelled", "interrupted", True),
        ("cancelled", "cancelled", True),
        ("failed", "lost", True),
        ("failed", "killed", True),
        ("failed", "nan", False),
        ("succeeded", None, False),
    ],
)
def test_a_manual_job_goes_on_where_its_last_attempt_was_cut_short(
    journal: Journal, state: JobState, reason: str | None, goes_on: bool
) -> None:
    job = validate_job({"kind": "pretrain", "tokenizer": "none"})
    first = journal.queued_row(job, "manual", "cli", 1.0)
    assert first.resumed_from is None
    journal.add_job(first)
    journal.finish_job(first.job_id, state, reason, None, None, None, 2.0)
    assert journal.queued_row(job, "manual", "cli", 3.0).resumed_from is None, "there is no checkpoint"
    checkpoint = CheckpointPaths(LabPaths.at(journal.path.parent).run(first.job_id).checkpoint)
    checkpoint.folder.mkdir(parents=True)
    checkpoint.meta.write_text("{}")
    expected = first.job_id if goes_on else None
    assert journal.queued_row(job, "manual", "http", 3.0).resumed_from == expected
    assert journal.queued_row(job, "baseline", "conductor", 3.0).resumed_from is None


def test_the_file_itself_refuses_to_rewrite_history(journal: Journal) -> None:
    job = add_ended(journal, 0, 1.5)
    other = sqlite3.connect(journal.path)
    for sql in (
        f"UPDATE jobs SET metrics = '{{}}' WHERE job_id = '{job}'",
        f"DELETE FROM jobs WHERE job_id = '{job}'",
        f"UPDATE jobs SET state = 'queued' WHERE job_id = '{job}'",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            other.execute(sql)
        other.rollback()
    other.close()


def test_what_a_job_is_never_changes_while_it_runs(journal: Journal) -> None:
    journal.add_job(job_row(0))
    with pytest.raises(Refused, match="what a job is never changes"):
        journal._execute("UPDATE jobs SET spec = '{}'")


def test_finishing_needs_a_terminal_state(journal: Journal) -> None:
    journal.add_job(job_row(0))
    with pytest.raises(Refused, match="running does not end a job"):
        journal.finish_job(job_row(0).job_id, "running", None, None, None, 0, 9.0)


def test_twins_and_strangers_are_refused(journal: Journal) -> None:
    journal.add_job(job_row(0))
    with pytest.raises(Refused, match="UNIQUE"):
        journal.add_job(job_row(0))
    with pytest.raises(Refused, match="FOREIGN KEY"):
        journal.add_job(job_row(1, hypothesis_id="h9"))
    with pytest.raises(NotFound):
        journal.mark_running("0000000000-1", 1.0)
    with pytest.raises(NotFound):
        journal.request_cancel("0000000000-1")


def test_filters_and_order(journal: Journal) -> None:
    first = add_ended(journal, 3, 1.0)
    second = add_ended(journal, 1, None, state="failed", reason="nan")
    third = job_row(2, {"optim.matrix_lr": 0.03}, purpose="hypothesis", hypothesis_id="h1")
    journal.add_job(third)
    assert [row.job_id for row in journal.jobs()] == [first, second, third.job_id]
    assert [row.job_id for row in journal.jobs(states=("failed", "queued"))] == [second, third.job_id]
    assert [row.job_id for row in journal.jobs(hypothesis_id="h1", state="queued")] == [third.job_id]
    assert [row.job_id for row in journal.jobs(purpose="baseline")] == [first, second]


def test_attempts_count_on(journal: Journal) -> None:
    row = job_row(0)
    assert journal.next_attempt(row.spec_hash) == 1
    journal.add_job(row)
    journal.add_job(job_row(0, attempt=11))
    assert journal.next_attempt(row.spec_hash) == 12
    assert journal.next_attempt(job_row(1).spec_hash) == 1


def test_cancel_request(journal: Journal) -> None:
    row = job_row(0)
    journal.add_job(row)
    assert journal.request_cancel(row.job_id) is True
    assert journal.jobs()[0].cancel_requested is True


def test_reuse_needs_equal_code_data_tokenizer_and_device(journal: Journal) -> None:
    job = add_ended(journal, 0, 1.5)
    add_ended(journal, 0, 1.4, where={"code_hash": "newer"})
    inputs = Inputs(code_hash="code", data_hash="data", tokenizer_hash="tokenizer")
    found = journal.reusable(job_row(0).spec_hash, inputs, "cpu")
    assert found is not None and found.job_id == job
    for name in Inputs.model_fields:
        changed = inputs.model_copy(update={name: "other"})
        assert journal.reusable(job_row(0).spec_hash, changed, "cpu") is None
    assert journal.reusable(job_row(0).spec_hash, inputs, "another") is None
    assert journal.reusable(job_row(1).spec_hash, inputs, "cpu") is None


def test_curves_keep_at_most_a_thousand_points_with_their_ends(journal: Journal) -> None:
    row = job_row(0)
    journal.add_job(row)
    for start in range(0, 5000, 100):
        journal.add_points(row.job_id, "train_loss", [(s, s / 2) for s in range(start, start + 100)])
    points = journal.points(row.job_id, "train_loss")
    assert 400 <= len(points) <= MAX_POINTS
    assert points[0] == (0, 0.0) and points[-1] == (4999, 2499.5)
    assert points == sorted(points)
    journal.add_points(row.job_id, "val_bpb", [(1, 2.0), (1, 1.0)])
    assert journal.points(row.job_id, "val_bpb") == [(1, 1.0)]
