"""Jobs by hand: without a lab, into a running one, by HTTP to `harness serve`; and bad ones."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from harness.lab.running_server import running_server
from journal.lab_paths import LabPaths
from tests.support.harness_lab import CliLab, eventually
from trainer.job import parse_job, spec_hash

TOKENIZER = {"kind": "tokenizer", "vocab_size": 400}


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[CliLab]:
    found = CliLab(tmp_path / "lab")
    yield found
    found.clean_up()


def job_file(lab: CliLab, document: object) -> str:
    path = lab.folder.parent / "job.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return str(path)


def state_of(lab: CliLab, job_id: str) -> str:
    with lab.journal() as journal:
        row = journal.job(job_id)
    return "none" if row is None else row.state


def test_without_a_lab_the_command_runs_the_job_itself(lab: CliLab) -> None:
    done = lab.run("submit", job_file(lab, TOKENIZER), "--json")
    assert done.returncode == 0, done.stderr
    row = json.loads(done.stdout)
    assert row["state"] == "succeeded" and row["spec_hash"] == spec_hash(parse_job(json.dumps(TOKENIZER)))
    assert lab.processes() == [] and lab.holder() is None
    chained = {"kind": "pretrain", "tokenizer": row["job_id"], "train_tokens": 4096, "model": {"depth": 2}}
    assert lab.run("submit", job_file(lab, chained)).returncode == 0


def test_a_failed_job_says_why_and_exits_with_1(lab: CliLab) -> None:
    lab.trainer["fail"] = {"vocab_size": [400, "exit"]}
    done = lab.run("submit", job_file(lab, TOKENIZER))
    assert done.returncode == 1
    assert "the fake trainer was told to fail" in done.stderr


BAD: list[tuple[Any, str]] = [
    ({**TOKENIZER, "vocab_sise": 1}, "vocab_sise"),
    ({**TOKENIZER, "vocab_size": "400"}, "vocab_size"),
    ('{"kind": "tokenizer", "max_bytes": NaN}', "NaN"),
    ({"kind": "pretrain", "tokenizer": "x", "model": {"depth": 999}}, "model.depth"),
    ("{not json", "JSON"),
    ({**TOKENIZER, "data": "/no/such/data"}, "/no/such/data"),
    ({"kind": "sft", "base": "0123456789-1"}, "base"),
    ({**TOKENIZER, "limits": {"gpus": 1000}}, "limits.gpus"),
]


@pytest.mark.parametrize(("document", "named"), BAD, ids=[named for _, named in BAD])
def test_a_bad_job_is_one_line_exit_2_and_nothing_written(lab: CliLab, document: Any, named: str) -> None:
    refused = lab.run("submit", job_file(lab, document))
    assert refused.returncode == 2
    assert len(refused.stderr.strip().splitlines()) == 1 and named in refused.stderr
    assert not lab.folder.exists()


def test_a_job_joins_a_running_session_and_keeps_its_spec_hash(lab: CliLab) -> None:
    lab.trainer |= {"slow": {"kind": "sft"}, "slow_seconds": 2.0}
    session = lab.popen(*lab.start_arguments("--max-hypotheses", "0"))
    eventually(lambda: (lab.folder / "runs").exists() and lab.holder(), "the session")
    done = lab.run("submit", job_file(lab, {**TOKENIZER, "limits": {"max_seconds": 60.0}}), "--json")
    assert done.returncode == 0, done.stderr
    row = json.loads(done.stdout)
    assert (row["purpose"], row["source"], row["state"]) == ("manual", "cli", "succeeded")
    printed, _ = session.communicate(timeout=90)
    assert session.returncode == 0, printed
    assert f"{row['job_id']} manual: launched" in printed
    lab.check_money()
    with lab.journal() as journal:
        from journal.ledger.ledger import Ledger

        assert Ledger(journal).is_settled(row["job_id"]), "a manual job in a session is paid from its budget"


def test_serve_runs_jobs_that_come_by_http_and_lets_a_session_in(lab: CliLab) -> None:
    serve = lab.popen("serve", "--port", "0")
    server = eventually(lambda: running_server(LabPaths.at(lab.folder)), "the server")
    lab.trainer |= {}
    job = httpx.post(f"{server.url}/lab/jobs", json=TOKENIZER).json()
    eventually(lambda: state_of(lab, job["job_id"]) == "succeeded", "the job's success")
    assert job["job_id"].startswith(spec_hash(parse_job(json.dumps(TOKENIZER)))[:10])
    done = lab.run(*lab.start_arguments("--max-hypotheses", "0"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert serve.poll() is None, "the server that a person started stays"
    models = httpx.get(f"{server.url}/v1/models").json()["data"]
    assert len(models) == 1
    serve.send_signal(signal.SIGINT)
    printed, _ = serve.communicate(timeout=60)
    assert serve.returncode == 0, printed
    assert lab.processes() == []


def test_a_queued_job_can_be_cancelled(lab: CliLab) -> None:
    queued = lab.run("submit", job_file(lab, TOKENIZER), "--no-wait", "--json")
    job_id = json.loads(queued.stdout)["job_id"]
    assert "asked to end" in lab.run("jobs", job_id, "--cancel").stdout
    other = lab.run("submit", job_file(lab, {**TOKENIZER, "seed": 1}))
    assert other.returncode == 0, other.stderr
    assert state_of(lab, job_id) == "cancelled"
