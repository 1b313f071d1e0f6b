"""One request to an OpenAI-compatible endpoint, bounded in time and in bytes whatever the server does."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import openai

from agent.settings import LlmSettings
from trainer.job.strict_json import parse_strict

MAX_BODY_BYTES = 1_000_000
# Of a refusal one line is kept.
MAX_ERROR_BYTES = 65_536
# A compressed answer may unfold a thousandfold before anybody counts.
PLAIN = "identity"
REQUEST_TIMEOUT = 408


class SlowAnswer(Exception):
    """The answer was not complete in time."""


class BrokenAnswer(Exception):
    """The connection broke, or the answer grew past all bounds, on the way."""


@dataclass(frozen=True)
class RawAnswer:
    """What the server sent: its text, and what it says about tokens (anything at all)."""

    text: str
    prompt_tokens: object = None
    completion_tokens: object = None


def exchange(settings: LlmSettings, request: dict[str, Any]) -> RawAnswer:
    """Send a chat completion request once.

    Raises:
        openai.OpenAIError: refused, or not reached.
        SlowAnswer: not complete within `settings.timeout_seconds`.
        BrokenAnswer: cut off, or more than 1,000,000 bytes.
        ValueError: compressed, or not a JSON document.
    """
    # Retries are the caller's: each attempt has its own line in the ledger.
    client = openai.OpenAI(
        api_key=settings.api_key,
        base_url=settings.base_url,
        timeout=settings.timeout_seconds,
        max_retries=0,
        default_headers={"Accept-Encoding": PLAIN},
        # Whoever is redirected asks again elsewhere, a dozen times, on one reservation.
        http_client=openai.DefaultHttpxClient(
            follow_redirects=False, event_hooks={"response": [_shorten_refusal]}
        ),
    )
    create = client.chat.completions.with_streaming_response.create
    # The client's own limit is for each read: a byte now and then would hold the lab for ever.
    with client, _within(settings.timeout_seconds, client.close), create(**request) as response:
        if (coding := response.headers.get("content-encoding", PLAIN)) != PLAIN:
            raise ValueError(f"content-encoding: {coding[:40]}; allowed: {PLAIN}")
        body = _bounded(response.iter_bytes())
    return _read(parse_strict(body, "answer", MAX_BODY_BYTES))


@contextmanager
def _within(seconds: float, hang_up: Callable[[], None]) -> Iterator[None]:
    """Hang up after so long, and say that this is why the block failed."""
    is_late = threading.Event()

    def end() -> None:
        is_late.set()
        hang_up()

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    except Exception as error:
        if is_late.is_set():
            raise SlowAnswer(f"no complete answer within {seconds:g} s") from error
        raise
    finally:
        timer.cancel()


def _shorten_refusal(response: Any) -> None:
    """Read no more than the start of what the client would read whole, whatever its length.

    `response` is httpx's or httpx2's, as the client's version has it.
    """
    if response.is_success:
        return
    start = bytearray()
    if response.headers.pop("content-encoding", PLAIN) == PLAIN:
        for chunk in response.stream:
            start += chunk[: MAX_ERROR_BYTES - len(start)]
            if len(start) == MAX_ERROR_BYTES:
                break
    response.stream.close()
    response.stream = type(response)(response.status_code, content=bytes(start)).stream


def _bounded(chunks: Iterable[bytes]) -> bytes:
    body = bytearray()
    try:
        for chunk in chunks:
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                raise BrokenAnswer(f"answer: over {MAX_BODY_BYTES:,} bytes; allowed: at most so many")
    except BrokenAnswer:
        raise
    # Errors of the HTTP library, which is httpx or httpx2 as the client's version has it.
    except Exception as error:
        raise BrokenAnswer(f"cut off after {len(body):,} bytes ({type(error).__name__})") from error
    return bytes(body)


def _read(document: Any) -> RawAnswer:
    # Servers that only resemble OpenAI's leave things out.
    choices = _entry(document, "choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    text = _entry(_entry(first, "message"), "content")
    usage = _entry(document, "usage")
    return RawAnswer(
        text if isinstance(text, str) else "",
        _entry(usage, "prompt_tokens"),
        _entry(usage, "completion_tokens"),
    )


def _entry(node: object, name: str) -> object:
    return node.get(name) if isinstance(node, dict) else None


def may_be_billed(error: BaseException) -> bool:
    """Refusals and failed connections are free; what broke on the way may have been charged."""
    if isinstance(error, openai.APIStatusError):
        return error.status_code >= 500 or error.status_code == REQUEST_TIMEOUT
    # By name, since the library has two; a connection that never was may have run out of time as well.
    causes = {type(cause).__name__ for cause in _causes(error)}
    return not causes & {"ConnectError", "ConnectTimeout"}


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause = error.__cause__
    while cause is not None:
        yield cause
        cause = cause.__cause__
