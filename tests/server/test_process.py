"""The server as a process: one a lab, found by server.json, gone without a trace, closed to others."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest

from tests.support.server_lab import ROOT, Lab, eventually, serving
from trainer.system.processes import is_running


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path / "lab")


def start(*arguments: str, key: str = "") -> subprocess.CompletedProcess[str]:
    """A start that is expected to end by itself."""
    return subprocess.run(
        [sys.executable, "-m", "server", *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=60, env=os.environ | {"HARNESS_API_KEY": key},
    )  # fmt: skip


def refused(outcome: subprocess.CompletedProcess[str], *words: str) -> None:
    assert outcome.returncode == 2
    assert len(outcome.stderr.strip().splitlines()) == 1, outcome.stderr
    assert all(word in outcome.stderr for word in words), outcome.stderr


def test_the_record_names_this_very_process(lab: Lab) -> None:
    with serving(lab) as server:
        pid = server.process.pid
        assert server.record["pid"] == pid
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        assert server.record["start_time_ticks"] == int(stat[19])
        assert server.record["boot_id"] == Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        assert server.stop() == 0
    assert not (lab.folder / "server.json").exists()


def test_a_model_answers_under_a_long_tmpdir(lab: Lab, tmp_path: Path) -> None:
    long = tmp_path / "net" / "scratch" / ("p" * 60) / ("job" * 20)
    long.mkdir(parents=True)
    name = lab.add_model()
    deployment_id = lab.deploy(name)
    with serving(lab, environment={"TMPDIR": str(long)}) as server:
        server.wait_live(name)
        assert server.say("hello").status_code == 200
    assert lab.state(deployment_id) == "live"


def test_a_second_server_is_told_where_the_first_is(lab: Lab) -> None:
    with serving(lab) as server:
        refused(
            start("--lab", str(lab.folder), "--port", "0"),
            str(server.record["port"]),
            str(server.process.pid),
        )
        assert server.http.get("/health").status_code == 200
        assert json.loads((lab.folder / "server.json").read_text()) == server.record


def test_after_a_kill_the_next_server_starts(lab: Lab) -> None:
    with serving(lab) as server:
        server.stop(signal.SIGKILL)
    assert (lab.folder / "server.json").exists()
    with serving(lab) as server:
        assert server.http.get("/health").status_code == 200


def test_a_port_in_use(lab: Lab) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refused(start("--lab", str(lab.folder), "--port", port), port, "in use")
    assert not (lab.folder / "server.json").exists()


def test_starts_that_cannot_be(lab: Lab, tmp_path: Path) -> None:
    refused(start("--lab", str(tmp_path / "nowhere")), "nowhere", "harness start")
    refused(start("--lab", str(lab.folder), "--host", "0.0.0.0", "--port", "0"), "HARNESS_API_KEY")
    refused(start("--lab", str(lab.folder), "--port", "99999"), "99999")
    (lab.folder / "broken").mkdir()
    (lab.folder / "broken" / "journal.db").write_text("not a journal" * 1000)
    refused(start("--lab", str(lab.folder / "broken"), "--port", "0"), "journal")
    assert not (lab.folder / "broken" / "server.json").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_amid_a_stream(lab: Lab, number: signal.Signals) -> None:
    lab.deploy(model := lab.add_model())
    with serving(lab) as server:
        server.wait_live(model)
        begun = threading.Event()

        def listen() -> None:
            document = {
                "model": "best",
                "messages": [{"role": "user", "content": "count 100000"}],
                "stream": True,
            }
            try:
                with httpx.stream(
                    "POST", f"{server.url}/v1/chat/completions", json=document, timeout=60
                ) as answer:
                    for _ in answer.iter_lines():
                        begun.set()
            except httpx.HTTPError:
                pass

        listener = threading.Thread(target=listen)
        listener.start()
        assert begun.wait(30)
        assert server.stop(number) == 0, server.log.read_text()
        listener.join(30)
    assert "Traceback" not in server.log.read_text()
    assert not any(map(is_running, lab.engine_pids(model)))
    assert not (lab.folder / "server.json").exists()


def test_it_ends_when_its_lab_is_gone(lab: Lab) -> None:
    lab.deploy(model := lab.add_model())
    with serving(lab) as server:
        server.wait_live(model)
        pids = lab.engine_pids(model)
        shutil.rmtree(lab.folder)
        eventually(lambda: server.process.poll() is not None, "the end of the server")
        eventually(lambda: not any(map(is_running, pids)), "the end of its engine")


def test_beyond_loopback_the_key_is_required(lab: Lab) -> None:
    key = {"HARNESS_API_KEY": "a-secret-key"}
    with serving(lab, "--host", "0.0.0.0", environment=key) as server:
        for headers in (
            {},
            {"Authorization": "Bearer wrong"},
            {"Authorization": "Basic !"},
            {"Authorization": "Bearer"},
        ):
            answer = server.http.get("/v1/models", headers=headers)
            assert answer.status_code == 401 and answer.json()["error"]["type"] == "authentication_error"
        assert server.http.get("/health").status_code == 401
        bearer = {"Authorization": "Bearer a-secret-key"}
        assert server.http.get("/v1/models", headers=bearer).status_code == 200
        assert server.http.get("/lab", auth=("anyone", "a-secret-key")).status_code == 200
        posted = server.http.post(
            "/lab/jobs", json={"kind": "tokenizer"}, headers=bearer | {"Origin": "http://evil.example"}
        )
        assert posted.status_code == 403


def test_import_needs_no_torch() -> None:
    code = "import sys, server.__main__; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60).returncode == 0
