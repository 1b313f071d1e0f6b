"""Every kind of job by every door, with a session running and without: the same spec hash each time.

By command line and by HTTP the conductor and its worker run a stand-in trainer; by file the real one
answers with the run folder it would use.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from harness.lab.running_server import running_server
from journal.lab_paths import LabPaths
from tests.support.harness_lab import CliLab, eventually
from trainer.job import JobResult, is_job_id, job_id, spec_hash, validate_job
from trainer.run.folder import claim_folder, read_request

LIMITS = {"max_seconds": 60.0}


def chain(seed: int) -> list[dict[str, Any]]:
    """One job of each kind, each built on the one before."""
    tokenizer = {"kind": "tokenizer", "vocab_size": 400, "seed": seed, "limits": LIMITS}
    pretrain = {"kind": "pretrain", "tokenizer": named(tokenizer), "train_tokens": 4096, "limits": LIMITS}
    sft = {"kind": "sft", "base": named(pretrain), "train_tokens": 4096, "limits": LIMITS}
    return [tokenizer, pretrain, sft, {"kind": "eval", "checkpoint": named(sft), "limits": LIMITS}]


def named(document: dict[str, Any]) -> str:
    return job_id(validate_job(document), 1)


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[CliLab]:
    found = CliLab(tmp_path / "lab")
    yield found
    found.clean_up()


def by_command(lab: CliLab, document: dict[str, Any]) -> dict[str, Any]:
    path = lab.folder.parent / "job.json"
    path.write_text(json.dumps(document))
    done = lab.run("submit", str(path), "--json")
    assert done.returncode == 0, done.stderr
    row: dict[str, Any] = json.loads(done.stdout)
    return row


def by_http(lab: CliLab, document: dict[str, Any]) -> dict[str, Any]:
    server = eventually(lambda: running_server(LabPaths.at(lab.folder)), "the server")
    answer = httpx.post(f"{server.url}/lab/jobs", json=document)
    assert answer.status_code == 201, answer.text
    sent = answer.json()

    def ended() -> dict[str, Any]:
        row: dict[str, Any] = httpx.get(f"{server.url}/lab/jobs/{sent['job_id']}").json()
        return row if row["state"] in ("succeeded", "failed") else {}

    return eventually(ended, "the job's end")


def check(row: dict[str, Any], document: dict[str, Any]) -> None:
    assert row["state"] == "succeeded", row
    assert row["kind"] == document["kind"]
    assert row["spec_hash"] == spec_hash(validate_job(document))
    assert row["job_id"] == named(document)


def test_by_command_without_a_session(lab: CliLab) -> None:
    for document in chain(seed=1):
        check(by_command(lab, document), document)


def test_by_http_without_a_session(lab: CliLab) -> None:
    serve = lab.popen("serve", "--port", "0")
    for document in chain(seed=2):
        check(by_http(lab, document), document)
    serve.terminate()
    serve.communicate(timeout=60)


def test_by_command_and_by_http_into_a_running_session(lab: CliLab) -> None:
    lab.trainer["seconds"] = 0.6
    session = lab.popen(*lab.start_arguments("--max-hypotheses", "10"))
    eventually(lambda: lab.folder.exists() and lab.holder(), "the session")
    for door, document in zip((by_command, by_http, by_command, by_http), chain(seed=3), strict=True):
        check(door(lab, document), document)
    assert session.poll() is None, "the session was over before the last job"
    printed, _ = session.communicate(timeout=90)
    assert session.returncode == 0, printed
    lab.check_money()


def test_by_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_RUNS", str(tmp_path / "runs"))
    for document in chain(seed=4):
        path = tmp_path / "job.json"
        path.write_text(json.dumps(document))
        folder = claim_folder(read_request(path)).folder
        assert folder.name == named(document) and is_job_id(folder.name)


def test_a_result_names_its_hash(lab: CliLab) -> None:
    document = chain(seed=5)[0]
    row = by_command(lab, document)
    result = JobResult.model_validate_json((lab.folder / "runs" / row["job_id"] / "result.json").read_bytes())
    assert result.spec_hash == row["spec_hash"]
