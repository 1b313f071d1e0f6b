"""The job API: the same job by HTTP as by file, refusals that write nothing, events, cancelling, status."""

import fcntl
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from journal.store import Journal
from server.lab.submission import queue_job
from tests.support.server_lab import Lab, RunningServer, eventually, serving
from trainer.job import RunPaths, canonical_bytes, job_adapter, parse_job, spec_hash

JOB = {"kind": "tokenizer", "seed": 5, "vocab_size": 600}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return Lab(tmp_path_factory.mktemp("jobs") / "lab")


@pytest.fixture(scope="module")
def server(lab: Lab) -> Iterator[RunningServer]:
    with serving(lab, environment={"HARNESS_DATA": str(lab.folder.parent / "data")}) as running:
        yield running


def submit(server: RunningServer, job: object) -> httpx.Response:
    return server.http.post("/lab/jobs", json=job)


def test_a_job_is_queued_with_the_hash_its_file_has(server: RunningServer, lab: Lab) -> None:
    answer = submit(server, JOB)
    document = answer.json()
    digest = spec_hash(parse_job(json.dumps(JOB)))
    assert answer.status_code == 201
    assert (document["job_id"], document["spec_hash"], document["state"]) == (
        f"{digest[:10]}-1",
        digest,
        "queued",
    )
    assert document["conductor"] is False and "harness start" in document["next"]
    row = lab.journal.job(document["job_id"])
    assert row is not None
    assert (row.source, row.purpose, row.state, row.seed) == ("http", "manual", "queued", 5)
    assert row.spec == canonical_bytes(parse_job(json.dumps(JOB))).decode()


def test_the_same_job_again_is_another_attempt(server: RunningServer) -> None:
    job = JOB | {"seed": 6}
    ids = [submit(server, job).json()["job_id"] for _ in range(3)]
    assert [name[-2:] for name in ids] == ["-1", "-2", "-3"] and len({name[:10] for name in ids}) == 1


def test_submissions_at_once_are_all_kept(server: RunningServer, lab: Lab) -> None:
    job = JOB | {"seed": 7}
    threads = [
        threading.Thread(target=lambda: httpx.post(f"{server.url}/lab/jobs", json=job, timeout=30))
        for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(lab.journal.jobs(spec_hash=spec_hash(parse_job(json.dumps(job))))) == 12


def test_submissions_by_several_processes_get_ids_of_their_own(lab: Lab) -> None:
    job = parse_job(json.dumps(JOB | {"seed": 70}))
    together = threading.Barrier(8)

    def submit_often(_: int) -> list[str]:
        # A connection of its own, as another process has.
        with Journal.open(lab.folder / "journal.db") as journal:
            together.wait()
            return [queue_job(journal, job).job_id for _ in range(5)]

    with ThreadPoolExecutor(8) as pool:
        ids = [name for names in pool.map(submit_often, range(8)) for name in names]
    assert len(set(ids)) == 40 == len(lab.journal.jobs(spec_hash=spec_hash(job)))


def test_a_running_conductor_is_told(server: RunningServer, lab: Lab) -> None:
    with (lab.folder / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert submit(server, JOB).json()["conductor"] is True
        assert server.http.get("/lab/status").json()["conductor"] is True
    assert server.http.get("/lab/status").json()["conductor"] is False


BAD_JOBS: list[tuple[object, str | None, str]] = [
    ({"kind": "tokenizer", "vocab_sise": 600}, "vocab_sise", "vocab_size"),
    ({"kind": "tokenizer", "vocab_size": "600"}, "vocab_size", '"600"'),
    ({"kind": "tokenizer", "vocab_size": 5}, "vocab_size", "300"),
    ({"kind": "brew"}, None, "tokenizer"),
    ({}, None, "kind"),
    ({"kind": "pretrain", "tokenizer": "0123456789-1"}, "tokenizer", "0123456789-1"),
    ({"kind": "pretrain", "tokenizer": "x", "model": {"depth": 999}}, "model.depth", "999"),
    ({"kind": "sft", "base": "0123456789-7"}, "base", "0123456789-7"),
    ({"kind": "tokenizer", "data": "no_such_set"}, "data", "no_such_set"),
    ({"kind": "tokenizer", "data": "/etc"}, "data", "inside the lab"),
    ({"kind": "tokenizer", "data": "../../.."}, "data", "inside the lab"),
    ({"kind": "pretrain", "tokenizer": "/etc"}, "tokenizer", "inside the lab"),
    ({"kind": "eval", "checkpoint": "/root", "core": {"data": "/etc"}}, "core.data", "inside the lab"),
]


@pytest.mark.parametrize(("job", "param", "words"), BAD_JOBS, ids=[json.dumps(bad[0]) for bad in BAD_JOBS])
def test_a_bad_job_is_one_line_and_leaves_nothing(
    server: RunningServer, lab: Lab, job: object, param: str | None, words: str
) -> None:
    before = len(lab.journal.jobs())
    answer = submit(server, job)
    error = answer.json()["error"]
    assert answer.status_code == 400 and error["code"] == "invalid_job"
    assert "\n" not in error["message"] and words in error["message"]
    assert param is None or error["param"] == param
    assert len(lab.journal.jobs()) == before and list((lab.folder / "runs").iterdir()) == []


def test_nan_and_twins_are_refused(server: RunningServer) -> None:
    for body in (b'{"kind": "tokenizer", "seed": NaN}', b'{"kind": "tokenizer", "seed": 1, "seed": 2}'):
        answer = server.http.post("/lab/jobs", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 400 and answer.json()["error"]["code"] == "invalid_job"


def test_a_data_folder_inside_the_lab_may_be_named(server: RunningServer, lab: Lab) -> None:
    (lab.folder / "texts").mkdir()
    assert submit(server, {"kind": "tokenizer", "data": str(lab.folder / "texts")}).status_code == 201
    (lab.folder.parent / "data").mkdir()
    assert submit(server, {"kind": "tokenizer", "data": "default"}).status_code == 201
    (lab.folder / "way-out").symlink_to("/etc")
    assert submit(server, {"kind": "tokenizer", "data": str(lab.folder / "way-out")}).status_code == 400


def test_listing_and_looking(server: RunningServer, lab: Lab) -> None:
    name = submit(server, JOB | {"seed": 8}).json()["job_id"]
    listed = server.http.get("/lab/jobs", params={"state": "queued"}).json()["data"]
    assert name in [row["job_id"] for row in listed] and "spec" not in listed[0]
    assert server.http.get("/lab/jobs", params={"state": "failed"}).json()["data"] == []
    wrong = server.http.get("/lab/jobs", params={"state": "bored"})
    assert wrong.status_code == 400 and "queued, running" in wrong.json()["error"]["message"]
    document = server.http.get(f"/lab/jobs/{name}").json()
    assert document["spec"]["vocab_size"] == 600 and document["result"] is None
    browser = server.http.get(f"/lab/jobs/{name}", headers={"Accept": "text/html,*/*"})
    assert browser.status_code == 303 and browser.headers["location"] == f"/lab/job/{name}"


def test_cancelling(server: RunningServer, lab: Lab) -> None:
    name = submit(server, JOB | {"seed": 9}).json()["job_id"]
    answer = server.http.post(f"/lab/jobs/{name}/cancel")
    assert answer.status_code == 202 and answer.json()["cancel_requested"] is True
    row = lab.journal.job(name)
    assert row is not None and row.cancel_requested and row.state == "queued"
    lab.journal.finish_job(name, "cancelled", None, None, None, 0, time.time())
    assert server.http.post(f"/lab/jobs/{name}/cancel").status_code == 409
    assert server.http.post("/lab/jobs/0000000000-1/cancel").status_code == 404


def test_events_are_followed_until_the_job_has_finished(server: RunningServer, lab: Lab) -> None:
    name = submit(server, JOB | {"seed": 10}).json()["job_id"]
    paths = RunPaths(lab.folder / "runs" / name)
    seen: list[dict[str, Any]] = []

    def follow() -> None:
        with httpx.stream("GET", f"{server.url}/lab/jobs/{name}/events", timeout=30) as answer:
            seen.extend(json.loads(line[6:]) for line in answer.iter_lines() if line.startswith("data: {"))

    follower = threading.Thread(target=follow)
    follower.start()
    paths.folder.mkdir()
    with paths.events.open("a", buffering=1) as file:
        for piece in ('{"event": "started", "time": 1.0}\n{"event": "st', 'ep", "step": 1}\n'):
            file.write(piece)
            file.flush()
            eventually(lambda p=piece: seen or not p.startswith("{"), "the first event")
        eventually(lambda: len(seen) == 2, "the second event")
        file.write('{"event": "finished", "state": "succeeded", "time": 2.0}\n')
    follower.join(30)
    assert [event.get("event") for event in seen] == ["started", "step", "finished", None]


def test_events_of_a_job_that_died_without_a_word_end(server: RunningServer, lab: Lab) -> None:
    name = submit(server, JOB | {"seed": 11}).json()["job_id"]
    lab.journal.finish_job(name, "failed", "lost", None, None, 0, time.time())
    assert server.http.get(f"/lab/jobs/{name}/events").text == "event: end\ndata: {}\n\n"


def test_the_schema_is_the_contracts(server: RunningServer) -> None:
    assert server.http.get("/lab/schema").json() == json.loads(json.dumps(job_adapter().json_schema()))


def test_status_counts(server: RunningServer, tmp_path: Path) -> None:
    status = server.http.get("/lab/status").json()
    assert status["jobs"]["by_state"]["queued"] >= 1 and status["budget"]["budget_micro_usd"] == 0
    assert status["champion"] is None and status["live_model"] is None and status["server"] == "empty"
