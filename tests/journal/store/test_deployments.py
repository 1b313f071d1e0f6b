"""Deployments: legal steps only, one live at a time, and a way back."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.errors import NotFound, Refused
from journal.lab_paths import LabPaths
from journal.store import Journal
from journal.store.deployments import NEXT_STATES
from tests.support.journal_support import new_journal
from tests.support.old_lab.unpack import write_journal


def go_live(journal: Journal, checkpoint: str) -> int:
    number = journal.request_deployment("job", checkpoint, 1.0)
    for state in ("loading", "canary", "live"):
        journal.set_deployment(number, state, None, 2.0)  # type: ignore[arg-type]
    return number


def test_a_checkpoint_of_the_lab_is_kept_from_its_folder_and_another_as_it_is(tmp_path: Path) -> None:
    with new_journal(tmp_path / "lab") as journal:
        for checkpoint in (tmp_path / "lab" / "runs" / "0123456789-1" / "checkpoint", Path("/elsewhere")):
            journal.request_deployment("0123456789-1", str(checkpoint), 1.0)
        kept = [d.checkpoint for d in journal.deployments()]
    assert kept == ["runs/0123456789-1/checkpoint", "/elsewhere"]
    moved = LabPaths.at(tmp_path / "moved")
    assert [moved.located(name) for name in kept] == [
        tmp_path / "moved" / "runs" / "0123456789-1" / "checkpoint", Path("/elsewhere"),
    ]  # fmt: skip


def test_an_older_journal_names_its_checkpoints_from_its_folder_too(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    write_journal(path)
    with closing(sqlite3.connect(path)) as old, old:
        for job_id, checkpoint in (("a-1", "/old/lab/runs/a-1/checkpoint"), ("b-1", "/models/b")):
            values = [job_id, checkpoint]
            old.execute(
                "INSERT INTO deployments (job_id, checkpoint, state, requested_at, updated_at) "
                "VALUES (?, ?, 'retired', 0, 0)", values,
            )  # fmt: skip
    for opened in (Journal.read_only, Journal.open):
        with opened(path) as journal:
            assert [(d.state, d.checkpoint) for d in journal.deployments()] == [
                ("live", "runs/2d7c8933bb-1/checkpoint"),
                ("retired", "runs/a-1/checkpoint"),
                ("retired", "/models/b"),
            ]
    with Journal.open(path) as journal, pytest.raises(Refused, match="an ended deployment never changes"):
        journal._execute("UPDATE deployments SET checkpoint = 'x' WHERE state = 'retired'")


def test_going_live_drains_the_one_before(tmp_path: Path) -> None:
    with new_journal(tmp_path) as journal:
        first = go_live(journal, "a")
        second = go_live(journal, "b")
        assert [d.state for d in journal.deployments()] == ["draining", "live"]
        live = journal.live_deployment()
        assert live is not None and live.deployment_id == second
        journal.set_deployment(first, "draining", None, 3.0)
        journal.set_deployment(first, "retired", "drained", 3.0)
        assert journal.deployment(first).reason == "drained"


def test_failing_canary_leaves_the_live_one(tmp_path: Path) -> None:
    with new_journal(tmp_path) as journal:
        first = go_live(journal, "a")
        second = journal.request_deployment("job", "b", 1.0)
        journal.set_deployment(second, "loading", None, 2.0)
        journal.set_deployment(second, "failed", "canary: loss 9", 2.0)
        live = journal.live_deployment()
        assert live is not None and live.deployment_id == first
        with pytest.raises(Refused, match="it has ended"):
            journal.set_deployment(second, "loading", None, 3.0)


def test_illegal_step_names_the_legal_ones(tmp_path: Path) -> None:
    with new_journal(tmp_path) as journal:
        number = journal.request_deployment("job", "a", 1.0)
        with pytest.raises(Refused, match="requested → live; allowed: loading, failed, retired"):
            journal.set_deployment(number, "live", None, 2.0)
        with pytest.raises(NotFound):
            journal.set_deployment(99, "live", None, 2.0)


def test_rollback_goes_to_the_last_other_checkpoint(tmp_path: Path) -> None:
    with new_journal(tmp_path) as journal:
        with pytest.raises(Refused, match="no earlier deployment"):
            journal.request_rollback(1.0)
        first = go_live(journal, "a")
        with pytest.raises(Refused, match="no earlier deployment"):
            journal.request_rollback(1.0)
        never_live = journal.request_deployment("job", "x", 1.0)
        journal.set_deployment(never_live, "retired", "superseded", 2.0)
        second = go_live(journal, "b")
        journal.set_deployment(first, "retired", None, 3.0)
        back = journal.deployment(journal.request_rollback(4.0))
        assert (back.checkpoint, back.state) == ("a", "requested")
        assert back.reason == f"rollback of deployment {second}"


@settings(max_examples=30, deadline=None)
@given(
    steps=st.lists(st.tuples(st.integers(1, 4), st.sampled_from(sorted(NEXT_STATES))), max_size=30),
)
def test_never_two_live_and_no_end_undone(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, str]]
) -> None:
    with new_journal(tmp_path_factory.mktemp("lab")) as journal:
        for name in "abcd":
            journal.request_deployment("job", name, 1.0)
        for number, state in steps:
            ended = {d.deployment_id: d.state for d in journal.deployments() if not NEXT_STATES[d.state]}
            with suppress(Refused):
                journal.set_deployment(number, state, None, 2.0)  # type: ignore[arg-type]
            assert len(journal.deployments("live")) <= 1
            now = {d.deployment_id: d.state for d in journal.deployments()}
            assert all(now[number] == state for number, state in ended.items())
