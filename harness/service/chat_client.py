"""`harness chat`: questions on the terminal, answers streamed from the lab's server."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from harness.errors import UserError
from harness.lab.folder import require_lab
from harness.lab.running_server import running_server
from harness.service.server_process import start_server, stop_server, wait_for_server
from journal.lab_paths import LabPaths
from journal.records import UNDECIDED
from journal.store import Journal

LOAD_SECONDS = 300.0
Turn = dict[str, str]


@contextmanager
def server_url(lab: LabPaths) -> Iterator[str]:
    """The running server's address, or that of a temporary one.

    Raises:
        UserError: nothing is deployed, or it does not come up.
    """
    require_lab(lab)
    server = running_server(lab)
    if server is not None:
        yield server.url
        return
    _require_deployment(lab)
    process = start_server(lab, 0, "chat", wait=False)
    try:
        yield wait_for_server(lab, process).url
    finally:
        stop_server(lab, "chat")
        process.wait()


def wait_for_model(url: str) -> str:
    """The id of the model that answers.

    Raises:
        UserError: none came up in time.
    """
    import httpx

    deadline = time.monotonic() + LOAD_SECONDS
    while time.monotonic() < deadline:
        try:
            health = httpx.get(f"{url}/health", timeout=10.0).json()
            models = httpx.get(f"{url}/v1/models", timeout=10.0).json()["data"]
        except (httpx.HTTPError, KeyError, ValueError):
            health, models = {}, []
        if models:
            return str(models[0]["id"])
        if health.get("state") == "empty":
            raise UserError("no model is deployed yet; see: harness status")
        time.sleep(0.1)
    raise UserError(f"{url}: no model came up in {LOAD_SECONDS:.0f} s; see server.log in the lab")


def stream_answer(url: str, turns: list[Turn], temperature: float, max_tokens: int) -> Iterator[str]:
    """The answer's text, piece by piece.

    Raises:
        UserError: the server refused or ended.
    """
    import httpx
    from httpx_sse import connect_sse  # the openai client would take most of a second to import

    body = {
        "model": "best",
        "messages": turns,
        "stream": True,
        "temperature": temperature,
        "max_tokens": max_tokens,
    }
    address = f"{url}/v1/chat/completions"
    try:
        with httpx.Client(timeout=120.0) as client, connect_sse(client, "POST", address, json=body) as source:
            if source.response.status_code != 200:
                raise UserError(_refusal(source.response.read()))
            for event in source.iter_sse():
                yield from _pieces(event.data)
    except httpx.HTTPError as error:
        raise UserError(f"the server did not answer: {error}") from None


def chat_with_model(lab: LabPaths, question: str | None, temperature: float, max_tokens: int) -> None:
    """One answer, or a conversation until the end of input."""
    with server_url(lab) as url:
        model = wait_for_model(url)
        if question is not None:
            _print_answer(
                stream_answer(url, [{"role": "user", "content": question}], temperature, max_tokens)
            )
            return
        print(f"talking to {model} on {url}; an empty line or Ctrl-D ends")
        turns: list[Turn] = []
        while (asked := _read_question()) is not None:
            turns.append({"role": "user", "content": asked})
            try:
                answer = _print_answer(stream_answer(url, turns, temperature, max_tokens))
            except UserError as error:
                print(f"({error}; the conversation begins anew)")
                turns = []
                continue
            turns.append({"role": "assistant", "content": answer})


def _read_question() -> str | None:
    try:
        return input("> ").strip() or None
    except (EOFError, KeyboardInterrupt):
        print()
        return None


def _print_answer(pieces: Iterator[str]) -> str:
    pieces_read = []
    for piece in pieces:
        sys.stdout.write(piece)
        sys.stdout.flush()
        pieces_read.append(piece)
    print()
    return "".join(pieces_read)


def _pieces(data: str) -> Iterator[str]:
    """The text in one event.

    Raises:
        UserError: the event says that the answer failed.
    """
    if data == "[DONE]":
        return
    chunk = json.loads(data)
    if "error" in chunk:
        raise UserError(str(chunk["error"].get("message", "the server ended the answer")))
    for choice in chunk.get("choices", []):
        yield choice.get("delta", {}).get("content") or ""


def _refusal(body: bytes) -> str:
    try:
        return str(json.loads(body)["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return "the server refused the request"


def _require_deployment(lab: LabPaths) -> None:
    with Journal.read_only(lab.journal) as journal:
        waiting = [d for d in journal.deployments() if d.state in UNDECIDED]
        if journal.live_deployment() is None and not waiting:
            raise UserError("no model is deployed yet; see: harness status, harness deploy JOB_ID")
