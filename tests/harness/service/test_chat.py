"""`harness chat` over real HTTP: the answer's text piece by piece, and why there is none."""

import json
from collections.abc import Iterator

import pytest

from harness.errors import UserError
from harness.service.chat_client import stream_answer
from tests.support.llm.lying_llm import Lie, http, liar


def events(*documents: object) -> bytes:
    lines = (f"data: {json.dumps(document, ensure_ascii=False)}\n\n" for document in documents)
    return "".join(lines).encode()


def piece(text: str | None) -> dict[str, object]:
    return {"choices": [{"index": 0, "delta": {} if text is None else {"content": text}}]}


def streamed(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" + body


def said(*pieces: bytes) -> Iterator[str]:
    with liar(Lie("chat", pieces, pause_seconds=0.01)) as server:
        address = server.base_url.removesuffix("/v1")
        yield from stream_answer(address, [{"role": "user", "content": "hello"}], 0.0, 16)


def test_an_answer_comes_in_pieces() -> None:
    body = (
        events(piece(""), piece("good "), piece("morning"), piece(None)) + b": a comment\n\ndata: [DONE]\n\n"
    )
    middle = len(body) // 2
    assert [text for text in said(streamed(body[:middle]), body[middle:]) if text] == ["good ", "morning"]


@pytest.mark.parametrize("text", ["a\u2028b", "a\u0085b", "a\u2029b"])
def test_other_line_separators_are_text(text: str) -> None:
    assert "".join(said(streamed(events(piece(text)) + b"data: [DONE]\n\n"))) == text


def test_an_error_within_the_stream_ends_the_answer_with_its_message() -> None:
    answer = said(streamed(events(piece("goo"), {"error": {"message": "the model's process ended"}})))
    assert next(answer) == "goo"
    with pytest.raises(UserError, match="the model's process ended"):
        next(answer)


@pytest.mark.parametrize(
    ("body", "message"),
    [(b'{"error": {"message": "too long"}}', "^too long$"), (b"oops", "the server refused the request")],
)
def test_a_refusal_says_what_the_server_said(body: bytes, message: str) -> None:
    with pytest.raises(UserError, match=message):
        list(said(http(body, "400 Bad Request")))


@pytest.mark.parametrize(
    "response", [b"", http(b"<html>", kind="text/html"), http(b"data: ", kind="text/event-stream", length=99)]
)
def test_what_is_no_stream_of_events_is_no_answer(response: bytes) -> None:
    with pytest.raises(UserError, match="the server did not answer"):
        list(said(response))
