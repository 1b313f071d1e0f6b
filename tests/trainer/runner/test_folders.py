"""Where a job runs, what appears there, and that nothing finished is run or written again."""

import json
from pathlib import Path

import pytest

from tests.support.trainer_lab import base_run, result_of
from trainer.job import JobError, RunPaths, canonical_bytes, job_id, validate_job
from trainer.job.events import Checkpointed
from trainer.processes.ranks import Ranks
from trainer.run.events import EventWriter
from trainer.run.folder import Request, claim_folder, read_request, resumed_from
from trainer.runner import run_file


def test_a_job_in_its_own_folder_runs_there(tmp_path: Path) -> None:
    job = validate_job({"kind": "tokenizer"})
    folder = tmp_path / job_id(job, 3)
    folder.mkdir()
    (folder / "job.json").write_bytes(canonical_bytes(job))
    request = read_request(folder / "job.json")
    assert request.runs_dir == tmp_path and claim_folder(request).folder == folder


def test_a_changed_job_in_a_run_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / job_id(validate_job({"kind": "tokenizer"}), 1)
    folder.mkdir()
    (folder / "job.json").write_bytes(canonical_bytes(validate_job({"kind": "tokenizer", "seed": 1})))
    with pytest.raises(JobError, match="was changed"):
        read_request(folder / "job.json")


def test_new_attempts_count_up_and_hold_the_canonical_bytes(tmp_path: Path) -> None:
    job = validate_job({"kind": "tokenizer"})
    request = Request(job, tmp_path / "runs", None)
    made = [claim_folder(request) for _ in range(3)]
    assert [paths.job_id for paths in made] == [job_id(job, attempt) for attempt in (1, 2, 3)]
    assert {paths.job.read_bytes() for paths in made} == {canonical_bytes(job)}


@pytest.fixture
def request_of_a_job(tmp_path: Path) -> Request:
    return Request(validate_job({"kind": "tokenizer"}), tmp_path, None)


def attempt_with_checkpoint(request: Request) -> RunPaths:
    """An attempt that no process runs, and that has no result."""
    paths = claim_folder(request)
    paths.checkpoint.mkdir()
    (paths.checkpoint / "meta.json").write_text("{}")
    return paths


def test_an_attempt_under_way_is_not_gone_on_from(request_of_a_job: Request) -> None:
    writer = EventWriter(attempt_with_checkpoint(request_of_a_job).events)
    assert resumed_from(claim_folder(request_of_a_job)) is None
    writer.close()


@pytest.mark.parametrize("state", ["failed", "succeeded"])
def test_an_attempt_that_ended_by_itself_is_not_gone_on_from(request_of_a_job: Request, state: str) -> None:
    first = attempt_with_checkpoint(request_of_a_job)
    first.result.write_text(json.dumps({"state": state}))
    assert resumed_from(claim_folder(request_of_a_job)) is None


@pytest.mark.parametrize("result", [None, '{"state": "cancelled"}'], ids=["killed", "cancelled"])
def test_an_attempt_that_was_cut_short_is_gone_on_from(request_of_a_job: Request, result: str | None) -> None:
    first = attempt_with_checkpoint(request_of_a_job)
    EventWriter(first.events).close()
    if result is not None:
        first.result.write_text(result)
    second = claim_folder(request_of_a_job)
    assert resumed_from(second) == first.job_id
    assert (second.checkpoint / "meta.json").read_text() == "{}"


def test_a_kill_before_the_checkpoint_was_linked_loses_it_not(request_of_a_job: Request) -> None:
    first = attempt_with_checkpoint(request_of_a_job)
    RunPaths(request_of_a_job.runs_dir / job_id(request_of_a_job.job, 2)).folder.mkdir()
    third = claim_folder(request_of_a_job)
    assert (third.job_id, resumed_from(third)) == (job_id(request_of_a_job.job, 3), first.job_id)


def test_a_folder_that_a_process_runs_in_is_refused(request_of_a_job: Request) -> None:
    paths = claim_folder(request_of_a_job)
    writer = EventWriter(paths.events)
    with pytest.raises(JobError, match="is being run"):
        claim_folder(read_request(paths.job))
    writer.close()
    assert claim_folder(read_request(paths.job)).folder == paths.folder


def test_a_finished_job_is_not_run_again(capsys: pytest.CaptureFixture[str]) -> None:
    before = base_run().result.read_bytes(), base_run().events.read_bytes()
    assert run_file(base_run().job) == 0
    assert base_run().job_id in capsys.readouterr().err
    assert (base_run().result.read_bytes(), base_run().events.read_bytes()) == before


def test_the_run_folder_holds_exactly_what_is_documented() -> None:
    names = {path.name for path in base_run().folder.iterdir()}
    assert names == {"job.json", "events.jsonl", "result.json", "checkpoint"}
    result = result_of(base_run())
    assert result.job_id == base_run().job_id and result.spec_hash.startswith(result.job_id[:10])
    assert result.provenance.code_hash and result.provenance.data_hash
    assert result.wall_seconds >= result.train_seconds > 0


def test_a_torn_event_is_cut_off_before_the_next(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(b'{"event":"checkpoint","step":1,"time":1.0}\n{"event":"che')
    writer = EventWriter(path)
    writer.write(Checkpointed(time=2.0, step=2))
    writer.close()
    assert [json.loads(line)["step"] for line in path.read_text().splitlines()] == [1, 2]


def test_ranks_are_read_from_torchruns_environment() -> None:
    assert Ranks.from_environment({}) == Ranks(0, 1, 0, 1)
    environment = {"RANK": "3", "WORLD_SIZE": "4", "LOCAL_RANK": "1", "LOCAL_WORLD_SIZE": "2"}
    assert Ranks.from_environment(environment) == Ranks(3, 4, 1, 2)
