"""One file over HTTP: resumed where it broke off, checked before it gets its name."""

import re
from collections.abc import Callable
from pathlib import Path

import httpx
from tenacity import RetryError, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from trainer.data.errors import DataError
from trainer.system.hashes import sha256_of

ATTEMPTS = 6
OnBytes = Callable[[int], None]


class _Interrupted(Exception):
    """The connection ended too early; what came is kept."""


def download(
    url: str,
    target: Path,
    sha256: str | None = None,
    on_bytes: OnBytes | None = None,
    longest_wait_seconds: float = 30.0,
) -> str:
    """Fetch `url` into `target` and return its SHA-256 (hex).

    The bytes go to `target.part`, which a later call continues if the server still has the same
    file. Compared are the length, and the hash given here or by the server (as hubs of large
    files do).

    Raises:
        DataError: when the server refuses, keeps breaking off, or sends something else.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    retrying = Retrying(
        retry=retry_if_exception_type((_Interrupted, httpx.TransportError)),
        stop=stop_after_attempt(ATTEMPTS),
        wait=wait_exponential(multiplier=min(1.0, longest_wait_seconds), max=longest_wait_seconds),
    )
    try:
        declared = retrying(_attempt, url, part, on_bytes or (lambda count: None))
    except RetryError as error:
        cause = error.last_attempt.exception()
        raise DataError(f"{url}: broke off {ATTEMPTS} times ({cause}); run it again to go on") from None
    return _accept(url, part, target, sha256 or declared)


def _attempt(url: str, part: Path, on_bytes: OnBytes) -> str | None:
    """One connection; returns the SHA-256 that the server declares, if any."""
    have = part.stat().st_size if part.exists() else 0
    tag = _tag_file(part)
    headers = {"Accept-Encoding": "identity"}
    if have and tag.exists():
        headers |= {"Range": f"bytes={have}-", "If-Range": tag.read_text(encoding="utf-8")}
    with httpx.stream("GET", url, headers=headers, follow_redirects=True, timeout=30.0) as response:
        _refuse(url, response)
        resumed = response.status_code == 206 and _starts_at(response, have)
        if response.status_code in (206, 416) and not resumed:
            _forget(part)
            raise _Interrupted("the server no longer has the part that is missing")
        _keep_tag(tag, response)
        _receive(response, part, have if resumed else 0, on_bytes)
    return _declared_sha256(response)


def _receive(response: httpx.Response, part: Path, have: int, on_bytes: OnBytes) -> None:
    # httpx raises a TransportError when fewer bytes come than Content-Length says.
    with part.open("ab" if have else "wb") as file:
        for block in response.iter_bytes():  # as received: a cut must lose nothing that came
            file.write(block)
            on_bytes(len(block))


def _accept(url: str, part: Path, target: Path, expected: str | None) -> str:
    found = sha256_of(part)
    if expected is not None and found != expected:
        _forget(part)
        raise DataError(f"{url}: sha256 {found}; expected: {expected}; the download was dropped")
    part.replace(target)
    _tag_file(part).unlink(missing_ok=True)
    return found


def _refuse(url: str, response: httpx.Response) -> None:
    if response.status_code >= 500:
        raise _Interrupted(f"HTTP {response.status_code}")
    if response.status_code not in (200, 206, 416):
        raise DataError(f"{url}: HTTP {response.status_code} {response.reason_phrase}")


def _starts_at(response: httpx.Response, have: int) -> bool:
    match = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    return match is not None and int(match[1]) == have


def _declared_sha256(response: httpx.Response) -> str | None:
    for reply in (*response.history, response):
        tag = reply.headers.get("X-Linked-Etag", "").strip('"')
        if re.fullmatch(r"[0-9a-f]{64}", tag):
            return str(tag)
    return None


def _keep_tag(tag: Path, response: httpx.Response) -> None:
    value = response.headers.get("ETag", "")
    # A weak tag does not promise equal bytes, so such a file is not resumed.
    if value and not value.startswith("W/"):
        tag.write_text(value, encoding="utf-8")
    else:
        tag.unlink(missing_ok=True)


def _tag_file(part: Path) -> Path:
    return part.with_name(part.name + ".etag")


def _forget(part: Path) -> None:
    part.unlink(missing_ok=True)
    _tag_file(part).unlink(missing_ok=True)
