"""The engine as a process: JSON lines over a UNIX socket, many requests at once, no orphan."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.engine_support import SEQUENCE_LEN, TEXT, write_checkpoint
from trainer.system.processes import is_running

ENVIRONMENT = os.environ | {"OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}


class Client:
    """One connection."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(60)
        self._socket.connect(str(path))
        self._lines = self._socket.makefile("rb")

    def send(self, **message: object) -> None:
        self.send_raw(json.dumps(message).encode() + b"\n")

    def send_raw(self, data: bytes) -> None:
        self._socket.sendall(data)

    def read(self) -> dict[str, Any]:
        line: dict[str, Any] = json.loads(self._lines.readline())
        return line

    def read_reply(self, request_id: str) -> tuple[str, dict[str, Any]]:
        """The text and the last message of a request, when no other is in flight."""
        text = ""
        while (message := self.read())["type"] == "delta":
            assert message["request_id"] == request_id
            text += message["text"]
        return text, message

    def close(self) -> None:
        self._lines.close()
        self._socket.close()


@contextlib.contextmanager
def connected(path: Path) -> Iterator[Client]:
    client = Client(path)
    try:
        assert client.read()["type"] == "ready"
        yield client
    finally:
        client.close()


def start(checkpoint: Path, path: Path, *prefix: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, *prefix, "-m", "trainer", "engine", str(checkpoint), "--socket", str(path)]
    return subprocess.Popen(command, env=ENVIRONMENT, stderr=subprocess.PIPE)


def wait_for(condition: Any, what: str, seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("engine")
    path = folder / "socket"
    process = start(write_checkpoint(folder), path)
    try:
        wait_for(lambda: path.exists() or process.poll() is not None, "the socket")
        yield path
    finally:
        process.terminate()
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors.decode()
    assert not path.exists()


def test_the_first_line_says_what_is_served(engine: Path) -> None:
    client = Client(engine)
    ready = client.read()
    client.close()
    assert (ready["type"], ready["job_id"], ready["kind"]) == ("ready", "0123456789-1", "sft")
    assert (ready["sequence_len"], ready["device"]) == (SEQUENCE_LEN, "cpu")
    assert ready["parameters"] > 1000


def test_a_completion_streams_and_ends(engine: Path) -> None:
    with connected(engine) as client:
        sampling = {"max_tokens": 12, "temperature": 0.0}
        client.send(type="completion", request_id="a", prompt="one two", sampling=sampling)
        text, done = client.read_reply("a")
        assert (done["type"], done["finish_reason"], done["completion_tokens"]) == ("done", "length", 12)
        assert done["prompt_tokens"] > 1
        client.send(type="completion", request_id="b", prompt="one two", sampling=sampling)
        assert client.read_reply("b")[0] == text


def test_many_requests_share_one_connection(engine: Path) -> None:
    with connected(engine) as client:
        sampling = {"max_tokens": 15, "seed": 4}
        names = [f"r{n}" for n in range(12)]
        for name in names:
            client.send(type="completion", request_id=name, prompt=f"{TEXT[:20]}", sampling=sampling)
        text: dict[str, str] = dict.fromkeys(names, "")
        waiting, order = set(names), []
        while waiting:
            message = client.read()
            order.append(message["request_id"])
            if message["type"] == "delta":
                text[message["request_id"]] += message["text"]
            else:
                assert message["finish_reason"] == "length"
                waiting.remove(message["request_id"])
    assert len(set(text.values())) == 1, "the same seed and prompt gave different texts"
    assert order != sorted(order, key=names.index), "requests were served one after the other"


def test_chat_ends_within_its_limit(engine: Path) -> None:
    with connected(engine) as client:
        messages = [{"role": "system", "content": "be brief"}, {"role": "user", "content": "one?"}]
        client.send(type="chat", request_id="c", messages=messages, sampling={"max_tokens": 8, "seed": 1})
        _, done = client.read_reply("c")
        assert done["type"] == "done"
        assert done["finish_reason"] in ("stop", "length", "tool_calls")
        assert 1 <= done["completion_tokens"] <= 8


def test_cancelling_frees_the_request(engine: Path) -> None:
    with connected(engine) as client:
        request = {"type": "completion", "request_id": "x", "prompt": "one", "sampling": {"seed": 1}}
        # One packet, so that the request cannot be over before its cancellation is read.
        lines = (request, {"type": "cancel", "request_id": "x"}, {"type": "cancel", "request_id": "unknown"})
        client.send_raw(b"".join(json.dumps(line).encode() + b"\n" for line in lines))
        _, done = client.read_reply("x")
        assert done["finish_reason"] == "cancelled"
        client.send(type="completion", request_id="x", prompt="one", sampling={"max_tokens": 2})
        assert client.read_reply("x")[1]["completion_tokens"] == 2


def test_a_closed_connection_does_not_disturb_the_others(engine: Path) -> None:
    with connected(engine) as client:
        for _ in range(3):
            with connected(engine) as gone:
                for n in range(10):
                    gone.send(
                        type="completion", request_id=f"g{n}", prompt="one", sampling={"max_tokens": 500}
                    )
        client.send(type="completion", request_id="stays", prompt="one", sampling={"max_tokens": 3})
        assert client.read_reply("stays")[1]["completion_tokens"] == 3


def test_bad_lines_are_told_and_the_connection_goes_on(engine: Path) -> None:
    lines = {
        b"not json": None,
        b'{"type":"fly","request_id":"q"}': "q",
        b'{"type":"completion","request_id":"q","prompt":"a","temprature":1}': "q",
        b'{"type":"completion","request_id":"q","prompt":"a","sampling":{"temperature":"hot"}}': "q",
        b'{"type":"chat","request_id":"q","messages":[]}': "q",
        b'{"type":"chat","request_id":"q","messages":[{"role":"tool","content":"4"}]}': "q",
        b"[1,2]": None,
        b"\xff\xfe": None,
    }
    with connected(engine) as client:
        for line, request_id in lines.items():
            client.send_raw(line + b"\n")
            error = client.read()
            assert (error["type"], error["code"]) == ("error", "invalid_request"), line
            assert error["request_id"] == request_id
            assert "\n" not in error["message"]
        client.send_raw(b"x" * (17 << 20) + b"\n")
        assert client.read()["message"].startswith("line: longer than")
        client.send(type="completion", request_id="ok", prompt="one", sampling={"max_tokens": 1})
        assert client.read_reply("ok")[1]["type"] == "done"


def test_a_prompt_past_the_context_is_refused(engine: Path) -> None:
    with connected(engine) as client:
        client.send(type="completion", request_id="long", prompt=TEXT * 40)
        error = client.read()
        assert (error["code"], error["request_id"]) == ("context_length_exceeded", "long")
        assert str(SEQUENCE_LEN) in error["message"]


def test_an_id_in_flight_is_refused(engine: Path) -> None:
    with connected(engine) as client:
        for _ in range(2):
            client.send(type="completion", request_id="twin", prompt="one", sampling={"max_tokens": 60})
        messages = [client.read()]
        while messages[-1]["type"] != "done":
            messages.append(client.read())
        (error,) = [message for message in messages if message["type"] == "error"]
        assert "twin" in error["message"] and "in flight" in error["message"]


def test_the_canary_passes_on_the_saved_model(engine: Path) -> None:
    with connected(engine) as client:
        client.send(type="canary", request_id="k")
        report = client.read()
        assert (report["type"], report["passed"]) == ("canary_report", True), report["detail"]
        assert report["loss"] == pytest.approx(report["expected_loss"], rel=1e-4)


def test_the_canary_fails_on_another_loss(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    process = start(write_checkpoint(tmp_path, loss_error=0.5), path)
    try:
        wait_for(lambda: path.exists() or process.poll() is not None, "the socket")
        with connected(path) as client:
            client.send(type="canary", request_id="k")
            report = client.read()
            assert report["passed"] is False
            assert "expected" in report["detail"]
    finally:
        process.kill()
        process.communicate()


def test_what_cannot_be_served_is_one_line_and_exit_code_2(tmp_path: Path, engine: Path) -> None:
    checkpoint = engine.parent / "checkpoint"
    for process in (start(tmp_path / "absent", tmp_path / "s"), start(checkpoint, engine)):
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 2
        assert errors.decode().startswith("engine: ") and errors.count(b"\n") == 1, errors.decode()


PARENT = """
import subprocess, sys
child = subprocess.Popen(sys.argv[1:])
print(child.pid, flush=True)
child.wait()
"""


def test_the_engine_ends_with_its_parent(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    command = [
        sys.executable,
        "-m",
        "trainer",
        "engine",
        str(write_checkpoint(tmp_path)),
        "--socket",
        str(path),
    ]
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, *command], env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    wait_for(path.exists, "the socket")
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    wait_for(lambda: not path.exists(), "the engine's end", 30)
    wait_for(lambda: not is_running(child), "the engine's end", 30)


def test_the_end_of_the_thread_that_started_it_is_no_reason_to_end(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    checkpoint, started = write_checkpoint(tmp_path), []

    def start_and_wait() -> None:
        started.append(start(checkpoint, path))
        wait_for(lambda: path.exists() or started[0].poll() is not None, "the socket")

    thread = threading.Thread(target=start_and_wait)
    thread.start()
    thread.join()
    (process,) = started
    try:
        with connected(path) as client:
            client.send(type="completion", request_id="a", prompt="one", sampling={"max_tokens": 1})
            assert client.read_reply("a")[1]["type"] == "done"
            assert process.poll() is None
    finally:
        process.terminate()
        process.communicate(timeout=30)
    assert process.returncode == 0
