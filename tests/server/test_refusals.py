"""What the server refuses, and in which words: OpenAI's error shape, the parameter named."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.api.protocol import ChatCompletionBody, CompletionBody
from server.http.errors import ApiError, parse_body
from tests.support.server_lab import Lab, RunningServer, serving

USER = [{"role": "user", "content": "hello"}]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    lab = Lab(tmp_path_factory.mktemp("refusals") / "lab")
    lab.deploy(model := lab.add_model())
    with serving(lab) as running:
        running.wait_live(model)
        yield running


def error_of(answer: httpx.Response) -> dict[str, Any]:
    document = answer.json()
    assert set(document) == {"error"} and set(document["error"]) == {"message", "type", "param", "code"}
    assert "\n" not in document["error"]["message"]
    error: dict[str, Any] = document["error"]
    return error


BAD_CHATS: list[tuple[dict[str, Any], str, str]] = [
    ({"temprature": 1.0}, "temprature", "unknown parameter"),
    ({"temperature": "1"}, "temperature", "valid number"),
    ({"temperature": 2.5}, "temperature", "less than or equal to 2"),
    ({"top_p": 0.0}, "top_p", "greater than 0"),
    ({"max_tokens": 0}, "max_tokens", "greater than or equal to 1"),
    ({"max_tokens": 1.5}, "max_tokens", "integer"),
    ({"max_tokens": 5, "max_completion_tokens": 6}, "max_completion_tokens", "one of them"),
    ({"n": 2}, "n", "allowed: 1"),
    ({"n": True}, "n", "allowed: 1"),
    ({"presence_penalty": 0.5}, "presence_penalty", "allowed: 0"),
    ({"logit_bias": {"5": 1}}, "logit_bias", "not supported"),
    ({"logprobs": True}, "logprobs", "allowed: false"),
    ({"tool_choice": "required"}, "tool_choice", "auto"),
    ({"response_format": {"type": "json_object"}}, "response_format.type", "text"),
    ({"functions": [{"name": "f"}]}, "functions", "not supported"),
    ({"stop": ["a", "b", "c", "d", "e"]}, "stop", "at most 4"),
    ({"stop": ""}, "stop", "non-empty"),
    ({"stream_options": {"include_usage": True}}, "stream_options", "stream: true"),
    ({"messages": []}, "messages", "at least 1"),
    ({"messages": "hello"}, "messages", "array"),
    ({"messages": [{"role": "robot", "content": "x"}]}, "messages.0.role", "'assistant'"),
    ({"messages": [{"role": "user"}]}, "messages.0", "content is required"),
    ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, "messages.0.content", "text"),
    ({"messages": [{"role": "user", "content": "x", "mood": "y"}]}, "messages.0.mood", "unknown"),
    ({"tools": [{"type": "function", "function": {"name": "a b"}}]}, "tools.0.function.name", "match"),
    ({"model": 5}, "model", "string"),
]


@pytest.mark.parametrize(("change", "param", "words"), BAD_CHATS, ids=[str(bad[0])[:60] for bad in BAD_CHATS])
def test_a_bad_parameter_is_named(
    server: RunningServer, change: dict[str, Any], param: str, words: str
) -> None:
    answer = server.http.post("/v1/chat/completions", json={"model": "best", "messages": USER} | change)
    error = error_of(answer)
    assert answer.status_code == 400 and error["type"] == "invalid_request_error"
    assert error["param"] == param
    assert words in error["message"]


@pytest.mark.parametrize("absent", ["model", "messages"])
def test_a_missing_parameter_is_named(server: RunningServer, absent: str) -> None:
    document = {name: value for name, value in {"model": "best", "messages": USER}.items() if name != absent}
    error = error_of(server.http.post("/v1/chat/completions", json=document))
    assert (error["param"], error["code"]) == (absent, "missing_required_parameter")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"model": NaN}', b"\xff\xfe", b'"x"'])
def test_what_is_no_json_object_is_refused(server: RunningServer, body: bytes) -> None:
    for path in ("/v1/chat/completions", "/v1/completions", "/lab/jobs", "/lab/deployments"):
        answer = server.http.post(path, content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 400, path
        assert error_of(answer)["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    ("change", "param"),
    [({"prompt": ["a", "b"]}, "prompt"), ({"prompt": [1, 2]}, "prompt"), ({"echo": True}, "echo"),
     ({"best_of": 3}, "best_of"), ({"suffix": "x"}, "suffix"), ({"messages": USER}, "messages")],
)  # fmt: skip
def test_completions_name_theirs(server: RunningServer, change: dict[str, Any], param: str) -> None:
    answer = server.http.post("/v1/completions", json={"model": "best", "prompt": "x"} | change)
    assert answer.status_code == 400 and error_of(answer)["param"] == param


def test_another_model_is_not_found(server: RunningServer) -> None:
    answer = server.say("hello", model="gpt-4o")
    assert answer.status_code == 404
    assert (error_of(answer)["code"], error_of(answer)["param"]) == ("model_not_found", "model")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/nothing", 404), ("GET", "/v1/chat/completions", 405), ("DELETE", "/lab/jobs", 405),
     ("GET", "/static/../app.py", 404), ("GET", "/static/%2e%2e/app.py", 404),
     ("GET", "/lab/jobs/..%2f..%2fjournal.db", 404), ("GET", "/lab/jobs/0000000000-1", 404),
     ("GET", "/lab/job/0000000000-1", 404), ("GET", "/lab/jobs/x/events", 404)],
)  # fmt: skip
def test_wrong_places(server: RunningServer, method: str, path: str, status: int) -> None:
    answer = server.http.request(method, path)
    assert answer.status_code == status
    error_of(answer)


def test_a_form_is_not_json(server: RunningServer) -> None:
    for path in ("/v1/chat/completions", "/lab/jobs", "/lab/deployments"):
        answer = server.http.post(path, data={"model": "best"})
        assert answer.status_code == 415 and "application/json" in error_of(answer)["message"]


def test_large_bodies_are_refused_with_a_length_and_without(server: RunningServer) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(20):
            yield b" " * 65536

    headers = {"Content-Type": "application/json"}
    for content in (b" " * (1 << 20) + b"{}", pieces()):
        answer = httpx.post(f"{server.url}/v1/chat/completions", content=content, headers=headers)
        assert answer.status_code == 413 and error_of(answer)["code"] == "request_too_large"
    almost = json.dumps({"model": "best", "messages": [{"role": "user", "content": "x" * 1_000_000}]})
    assert server.http.post("/v1/chat/completions", content=almost, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "evil.example"},
        {"Host": "["},
        {"Host": ""},
        {"Origin": "http://["},
    ],
)
def test_other_sites_cannot_post(server: RunningServer, headers: dict[str, str]) -> None:
    before = len(server.lab.journal.jobs())
    document = {"kind": "tokenizer"}
    assert server.http.post("/lab/jobs", json=document, headers=headers).status_code == 403
    assert server.http.post("/lab/deployments/rollback", headers=headers).status_code == 403
    assert len(server.lab.journal.jobs()) == before


def test_the_servers_own_pages_can_post(server: RunningServer) -> None:
    headers = {"Origin": server.url, "Sec-Fetch-Site": "same-origin"}
    document = {"model": "best", "messages": USER}
    assert server.http.post("/v1/chat/completions", json=document, headers=headers).status_code == 200


def test_another_name_for_this_machine_cannot_even_read(server: RunningServer) -> None:
    assert server.http.get("/lab/status", headers={"Host": "rebound.example"}).status_code == 403


def test_nothing_deployed_is_503(tmp_path_factory: pytest.TempPathFactory) -> None:
    with serving(Lab(tmp_path_factory.mktemp("empty") / "lab")) as empty:
        answer = empty.say("hello")
        assert answer.status_code == 503 and "no model is deployed" in error_of(answer)["message"]
        assert answer.headers["retry-after"]
        assert empty.http.get("/v1/models").json() == {"object": "list", "data": []}
        health = empty.http.get("/health")
        assert health.status_code == 200 and health.json()["state"] == "empty"


KNOWN = sorted(ChatCompletionBody.model_fields)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
)
DOCUMENTS = st.dictionaries(st.sampled_from(KNOWN) | st.text(max_size=6), VALUES, max_size=6)


@settings(max_examples=300, deadline=None)
@given(DOCUMENTS | VALUES)
def test_any_json_is_a_body_or_one_line(document: object) -> None:
    for kind in (ChatCompletionBody, CompletionBody):
        try:
            parse_body(kind, json.dumps(document).encode())
        except ApiError as refusal:
            error: Any = refusal.document["error"]
            assert refusal.status == 400 and error["message"] and "\n" not in error["message"]
