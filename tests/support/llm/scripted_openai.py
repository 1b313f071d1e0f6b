"""An OpenAI-speaking server over real HTTP on loopback, whose answers are written beforehand."""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Refusal:
    """An HTTP error instead of an answer."""

    status: int
    message: str = "refused"


@dataclass(frozen=True)
class Raw:
    """A 200 with this body, whatever it is."""

    body: bytes
    content_type: str = "application/json"


@dataclass(frozen=True)
class Hangup:
    """The connection is closed without an answer."""


@dataclass(frozen=True)
class Unbilled:
    """An answer without `usage`."""

    text: str


Answer = str | Refusal | Raw | Hangup | Unbilled


@dataclass
class ScriptedOpenAI:
    """Answers in turn, then the last one for ever; keeps every request."""

    answers: Sequence[Answer]
    prompt_tokens: int = 1000
    completion_tokens: int = 100
    requests: list[dict[str, Any]] = field(default_factory=list)
    port: int = 0

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def next_answer(self, request: dict[str, Any]) -> Answer:
        self.requests.append(request)
        return self.answers[min(len(self.requests), len(self.answers)) - 1]

    def body(self, text: str, billed: bool) -> dict[str, Any]:
        total = self.prompt_tokens + self.completion_tokens
        usage = {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "total_tokens": total,
        }
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
        body = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "scripted"}
        return {**body, "choices": [choice], **({"usage": usage} if billed else {})}


@contextmanager
def scripted_openai(*answers: Answer) -> Iterator[ScriptedOpenAI]:
    """Serve these answers until the block ends; after that the port refuses connections."""
    script = ScriptedOpenAI(answers)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(script))
    script.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def proposals_json(*proposals: dict[str, Any]) -> str:
    """The text of a well-formed answer."""
    defaults = {"statement": "It lowers val_bpb.", "minimum_effect": None, "prior": 0.3}
    return json.dumps({"proposals": [{**defaults, **proposal} for proposal in proposals]})


def _handler(script: ScriptedOpenAI) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = script.next_answer(request)
            if self.path != "/v1/chat/completions":
                answer = Refusal(404, f"no such path: {self.path}")
            if isinstance(answer, Hangup):
                self.close_connection = True
            elif isinstance(answer, Refusal):
                error = {"error": {"message": answer.message, "type": "invalid_request_error"}}
                self._send(answer.status, json.dumps(error).encode())
            elif isinstance(answer, Raw):
                self._send(200, answer.body, answer.content_type)
            else:
                text = answer.text if isinstance(answer, Unbilled) else answer
                body = script.body(text, billed=not isinstance(answer, Unbilled))
                self._send(200, json.dumps(body).encode())

        def _send(self, status: int, body: bytes, content_type: str = "application/json") -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
