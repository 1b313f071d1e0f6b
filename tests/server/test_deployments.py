"""Deployments: canary, swap under load, rollback, and what survives a crash of any process."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import openai
import pytest

from tests.support.server_lab import Lab, RunningServer, eventually, serving
from trainer.system.processes import is_running


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path / "lab")


@pytest.fixture
def server(lab: Lab) -> Iterator[RunningServer]:
    with serving(lab) as running:
        yield running


def make_live(server: RunningServer, name: str) -> int:
    deployment_id = server.lab.deploy(name)
    server.wait_live(name)
    return deployment_id


def test_a_request_goes_live_through_its_canary(server: RunningServer, lab: Lab) -> None:
    first, second = lab.add_model(1), lab.add_model(2)
    one = make_live(server, first)
    assert server.answer("hello") == f"{first} heard: hello"
    assert len(lab.received(first, "canary")) == 1
    two = make_live(server, second)
    assert server.answer("hello") == f"{second} heard: hello"
    eventually(lambda: lab.state(one) == "retired", "the retirement of the first")
    assert lab.state(two) == "live"
    eventually(lambda: not any(map(is_running, lab.engine_pids(first))), "the end of its process")


def test_a_lab_that_was_moved_serves_its_model(lab: Lab) -> None:
    name = lab.add_model()
    with serving(lab) as server:
        deployment_id = make_live(server, name)
    lab.journal.close()
    moved = lab.folder.rename(lab.folder.with_name("moved"))
    here = Lab(moved)
    with serving(here) as server:
        server.wait_live(name)
        assert server.answer("hello") == f"{name} heard: hello"
    assert here.state(deployment_id) == "live"


@pytest.mark.parametrize(
    ("script", "reason", "tries"),
    [
        ({"canary": "fail"}, "canary: loss 2.5, expected 1.0", 1),
        ({"canary": "die"}, "canary: the model's process ended while it was answering (code 7)", 4),
        ({"load": "die"}, "loading: the model's process ended (code 1); last words: cannot read", 4),
        ({"load": "refuse"}, "(code 2); last words: engine: model.safetensors: not what", 1),
    ],
)
def test_a_model_that_fails_changes_nothing_and_says_why(
    server: RunningServer, lab: Lab, script: dict[str, str], reason: str, tries: int
) -> None:
    good, bad = lab.add_model(1), lab.add_model(2, **script)
    one = make_live(server, good)
    two = lab.deploy(bad)
    eventually(lambda: lab.state(two) == "failed", "the failure")
    why = lab.journal.deployment(two).reason or ""
    assert reason in why and f"(log: logs/engine-{two}.log)" in why and "\n" not in why
    assert why.endswith(f"; {tries} tries") == (tries > 1)
    assert len(lab.engine_pids(bad)) == tries
    assert lab.state(one) == "live"
    assert server.answer("still there") == f"{good} heard: still there"
    assert len(lab.engine_pids(good)) == 1
    eventually(lambda: not any(map(is_running, lab.engine_pids(bad))), "the end of its process")


def test_an_engine_that_dies_in_its_canary_is_tried_again(server: RunningServer, lab: Lab) -> None:
    model = lab.add_model(1, deaths=2)
    one = make_live(server, model)
    assert lab.state(one) == "live" and len(lab.engine_pids(model)) == 3
    retries = [event.detail for event in lab.journal.events("deployment_retry")]
    assert [detail["tries"] for detail in retries] == [1, 2]
    assert all("illegal memory access" in str(detail["why"]) for detail in retries)
    assert lab.journal.deployment(one).reason is None


def test_a_later_request_is_not_replaced_by_an_earlier_ones_next_try(lab: Lab) -> None:
    slow, good = lab.add_model(1, deaths=1), lab.add_model(2)
    with serving(lab, "--deploy-pause", "3") as server:
        one = lab.deploy(slow)
        eventually(lambda: lab.journal.events("deployment_retry"), "the first failure")
        make_live(server, good)
        eventually(lambda: lab.state(one) == "failed", "the end of the first request")
        assert server.answer("hi") == f"{good} heard: hi" and len(lab.engine_pids(slow)) == 1


def test_a_live_model_that_fails_at_the_servers_restart_is_tried_again(lab: Lab) -> None:
    model = lab.add_model(1)
    with serving(lab) as server:
        one = make_live(server, model)
    (lab.folder / "runs" / model / "checkpoint" / "script.json").write_text('{"deaths": 3}')
    with serving(lab) as server:
        server.wait_live(model)
    assert lab.state(one) == "live" and len(lab.engine_pids(model)) == 4


def test_a_folder_that_is_gone_fails_in_one_line(server: RunningServer, lab: Lab) -> None:
    missing = lab.journal.request_deployment("0123456789-1", str(lab.folder / "nowhere"), 1.0)
    eventually(lambda: lab.state(missing) == "failed", "the failure")
    assert "\n" not in (lab.journal.deployment(missing).reason or "\n")


def test_requests_in_flight_finish_on_the_model_that_began_them(server: RunningServer, lab: Lab) -> None:
    old, new = lab.add_model(1), lab.add_model(2)
    one = make_live(server, old)
    client = openai.OpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0)
    answers: list[tuple[str, set[str]]] = []
    begun = threading.Semaphore(0)

    def stream() -> None:
        text, models = "", set()
        for chunk in client.chat.completions.create(
            model="best", messages=[{"role": "user", "content": "count 150"}], stream=True
        ):
            if not text:
                begun.release()
            text += chunk.choices[0].delta.content or ""
            models.add(chunk.model)
        answers.append((text, models))

    threads = [threading.Thread(target=stream) for _ in range(6)]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert begun.acquire(timeout=30)
    make_live(server, new)
    assert lab.state(one) == "draining"
    assert server.answer("hello") == f"{new} heard: hello"
    for thread in threads:
        thread.join()
    assert answers == [("".join(f"{n} " for n in range(1, 151)), {old})] * 6
    eventually(lambda: lab.state(one) == "retired", "the retirement of the first")
    assert not any(map(is_running, lab.engine_pids(old)))


def test_rollback_goes_back_and_says_so(server: RunningServer, lab: Lab) -> None:
    first, second = lab.add_model(1), lab.add_model(2)
    one, two = make_live(server, first), make_live(server, second)
    eventually(lambda: lab.state(one) == "retired", "the retirement of the first")
    answer = server.http.post("/lab/deployments/rollback")
    assert answer.status_code == 201 and answer.json()["job_id"] == first
    server.wait_live(first)
    assert server.answer("hello") == f"{first} heard: hello"
    assert lab.state(two) == "rolled_back" and lab.state(answer.json()["deployment_id"]) == "live"
    eventually(lambda: not any(map(is_running, lab.engine_pids(second))), "the end of its process")
    assert lab.state(two) == "rolled_back"
    assert server.http.post("/lab/deployments/rollback").status_code == 409


def test_a_rollback_whose_canary_fails_changes_nothing(server: RunningServer, lab: Lab) -> None:
    first, second = lab.add_model(1), lab.add_model(2)
    one, two = make_live(server, first), make_live(server, second)
    eventually(lambda: lab.state(one) == "retired", "the retirement of the first")
    (lab.folder / "runs" / first / "checkpoint" / "script.json").write_text('{"canary": "fail"}')
    three = server.http.post("/lab/deployments/rollback").json()["deployment_id"]
    eventually(lambda: lab.state(three) == "failed", "the failure")
    assert lab.state(two) == "live" and server.answer("hi") == f"{second} heard: hi"


def test_deployments_by_http(server: RunningServer, lab: Lab) -> None:
    model = lab.add_model(1)
    answer = server.http.post("/lab/deployments", json={"job_id": model})
    assert answer.status_code == 201 and answer.json()["state"] == "requested"
    server.wait_live(model)
    listed = server.http.get("/lab/deployments").json()["data"]
    assert [(d["job_id"], d["state"]) for d in listed] == [(model, "live")]
    assert "checkpoint" not in listed[0]
    for job_id, status in (("0000000000-1", 404), ("../..", 404), (f"{model}/..", 404)):
        assert server.http.post("/lab/deployments", json={"job_id": job_id}).status_code == status
    (lab.folder / "runs" / model / "checkpoint" / "model.safetensors").unlink()
    assert server.http.post("/lab/deployments", json={"job_id": model}).status_code == 409
    assert len(lab.journal.deployments()) == 1


def test_a_dying_engine_is_an_error_then_started_again(server: RunningServer, lab: Lab) -> None:
    model = lab.add_model(1)
    one = make_live(server, model)
    assert server.say("die").status_code == 503
    server.wait_live(model)
    assert server.answer("back") == f"{model} heard: back"
    client = openai.OpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0)
    stream = client.chat.completions.create(
        model="best", messages=[{"role": "user", "content": "count 1000"}], stream=True
    )
    with pytest.raises(openai.APIError, match="ended while it was answering"):
        for number, _ in enumerate(stream):
            if number == 3:
                os.kill(lab.engine_pids(model)[-1], signal.SIGKILL)
    server.wait_live(model)
    assert server.answer("again") == f"{model} heard: again"
    assert lab.state(one) == "live" and len(lab.engine_pids(model)) == 3


def test_an_engine_that_will_not_start_again_has_failed(lab: Lab) -> None:
    model = lab.add_model(1)
    with serving(lab) as server:
        one = make_live(server, model)
        (lab.folder / "runs" / model / "checkpoint" / "script.json").write_text('{"load": "die"}')
        os.kill(lab.engine_pids(model)[0], signal.SIGKILL)
        eventually(lambda: lab.state(one) == "failed", "the failure")
        assert server.say("hello").status_code == 503
        assert len(lab.engine_pids(model)) == 4
        other = lab.add_model(2)
        make_live(server, other)
        assert server.answer("hi") == f"{other} heard: hi"


def test_a_swap_replaces_an_engine_that_is_being_restarted(lab: Lab) -> None:
    first, second = lab.add_model(1), lab.add_model(2)
    with serving(lab) as server:
        make_live(server, first)
        script = lab.folder / "runs" / first / "checkpoint" / "script.json"
        script.write_text('{"load_seconds": 600}')
        os.kill(lab.engine_pids(first)[0], signal.SIGKILL)
        eventually(lambda: len(lab.engine_pids(first)) == 2, "the restart")
        assert server.http.get("/health").json()["state"] == "restarting"
        make_live(server, second)
        eventually(lambda: not any(map(is_running, lab.engine_pids(first))), "the end of the first")
        assert server.answer("hi") == f"{second} heard: hi"


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_a_restart_brings_the_live_model_back(lab: Lab, end: signal.Signals) -> None:
    first, second = lab.add_model(1), lab.add_model(2)
    with serving(lab) as server:
        make_live(server, first)
        two = make_live(server, second)
        server.stop(end)
    eventually(lambda: not any(map(is_running, lab.engine_pids(second))), "the end of the engine")
    with serving(lab) as server:
        server.wait_live(second)
        assert server.answer("hello") == f"{second} heard: hello"
    assert lab.state(two) == "live" and len(lab.journal.deployments()) == 2


@pytest.mark.parametrize("where", ["loading", "canary"])
def test_what_a_killed_server_left_unfinished_is_done_by_the_next(lab: Lab, where: str) -> None:
    first = lab.add_model(1)
    second = lab.add_model(2, **({"load_seconds": 600} if where == "loading" else {"canary": "silent"}))
    with serving(lab) as server:
        make_live(server, first)
        two = lab.deploy(second)
        eventually(lambda: lab.state(two) == where and lab.engine_pids(second), f"the state {where}")
        server.stop(signal.SIGKILL)
    (lab.folder / "runs" / second / "checkpoint" / "script.json").write_text("{}")
    with serving(lab) as server:
        server.wait_live(second)
        assert lab.state(two) == "live"
        eventually(lambda: not any(map(is_running, lab.engine_pids(first))), "the end of the first")


def test_a_live_model_that_cannot_come_back_has_failed(lab: Lab) -> None:
    model = lab.add_model(1)
    with serving(lab) as server:
        one = make_live(server, model)
    (lab.folder / "runs" / model / "checkpoint" / "script.json").write_text('{"canary": "fail"}')
    with serving(lab) as server:
        eventually(lambda: lab.state(one) == "failed", "the failure")
        assert server.http.get("/health").json()["live"] is None
