"""kill -9 of the conductor at ten points of a session, then the same command: nothing lost, nothing twice."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from journal.science.evidence import recompute_all
from tests.support.harness_lab import CliLab, eventually
from trainer.system.files import read_json

# In the order in which a session passes them; `:n` is the n-th passing within one run.
POINTS = (
    "after_session",
    "after_reserve",
    "before_launch",
    "after_launch",
    "after_result_before_settle",
    "after_plan",
    "after_recipe",
    "after_settle:2",
    "mid_deploy",
    "after_deploy_request",
    "after_proposal",
    "after_register",
    "before_verdict",
    "after_verdict",
    "before_report",
    "before_finish",
)


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[CliLab]:
    found = CliLab(tmp_path / "lab", trainer={"seconds": 0.15})
    yield found
    found.clean_up()


def test_ten_kills_and_the_same_start_again(lab: CliLab) -> None:
    arguments = lab.start_arguments("--max-hypotheses", "2")
    died = []
    for point in POINTS:
        done = lab.run(*arguments, HARNESS_CRASH_AT=point)
        assert done.returncode == -signal.SIGKILL, f"{point} was not passed:\n{done.stdout}{done.stderr}"
        died.append(point)
    done = lab.run(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(died) >= 10
    lab.check_money()
    assert lab.processes() == []
    with lab.journal() as journal:
        rows = journal.jobs()
        assert all(row.state in ("succeeded", "failed", "cancelled") for row in rows)
        # A live job is re-attached, not launched anew: one attempt at every spec.
        assert len({row.spec_hash for row in rows}) == len(rows)
        assert {row.state for row in rows} == {"succeeded"}
        assert len({h.hypothesis_id for h in journal.hypotheses()}) == 2
        assert [d.state for d in journal.deployments()] == ["retired", "live"]
        assert all(stored == again for stored, again in recompute_all(journal))


def test_a_job_whose_supervisor_dies_too_is_lost_settled_and_tried_again(lab: CliLab) -> None:
    lab.trainer["seconds"] = 1.0
    conductor = lab.popen(*lab.start_arguments("--max-hypotheses", "0"))
    records = eventually(
        lambda: list((lab.folder / "runs").glob("*/supervisor.json")) if lab.folder.exists() else [], "a job"
    )
    record = eventually(lambda: read_json(records[0]), "a supervisor")
    os.kill(int(record["pid"]), signal.SIGKILL)
    conductor.communicate(timeout=90)
    assert conductor.returncode == 0
    with lab.journal() as journal:
        rows = journal.jobs(purpose="tokenizer")
    assert [row.reason for row in rows] == ["lost", None] and rows[1].state == "succeeded"
    lab.check_money()
    assert lab.processes() == []
