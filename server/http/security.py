"""Who may speak to the server: loopback names, same origin, a key beyond loopback, bounded bodies.

Plain ASGI, so that streams and disconnects pass through untouched.
"""

import base64
import binascii
import hmac
import json
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.http.errors import error_document
from server.settings import LOOPBACK_HOSTS, Settings

MAX_BODY_BYTES = 1 << 20
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = (
    "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
RESPONSE_HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
)


class SecurityMiddleware:
    """Refuses what should not reach the application, and marks what leaves it."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope["method"], headers)
        if refusal:
            await _refuse(send, *refusal)
            return
        body = await _bounded_body(headers, receive)
        if body is None:
            await _refuse(send, 413, f"the body is larger than {MAX_BODY_BYTES} bytes", "request_too_large")
            return
        await self._app(scope, _replay(body, receive), _with_headers(send))

    def _refusal(self, method: str, headers: Headers) -> tuple[int, str, str] | None:
        host = headers.get("host", "")
        if self._settings.is_loopback and _name_of(host) not in LOOPBACK_HOSTS:
            # A page elsewhere may point its own name at 127.0.0.1 (DNS rebinding).
            return 403, f"host {host!r}; allowed: localhost", "host_not_allowed"
        if not self._settings.is_loopback and not _has_key(headers, self._settings.api_key or ""):
            return 401, "give the key: Authorization: Bearer <HARNESS_API_KEY>", "invalid_api_key"
        if method in SAFE_METHODS:
            return None
        if _is_cross_site(headers, host):
            return 403, "requests from pages of another site are refused", "cross_site"
        return None


def _name_of(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_cross_site(headers: Headers, host: str) -> bool:
    origin = headers.get("origin")
    if origin is not None and origin.partition("://")[2].lower() != host.lower():
        return True
    return headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}


def _has_key(headers: Headers, key: str) -> bool:
    """Programs send Bearer; browsers ask their user for a password (Basic), which is the key too."""
    scheme, _, value = headers.get("authorization", "").partition(" ")
    given = value.strip()
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return False
    elif scheme.lower() != "bearer":
        return False
    return bool(key) and hmac.compare_digest(given.encode(), key.encode())


async def _bounded_body(headers: Headers, receive: Receive) -> bytes | None:
    """The whole body, or None when it is too large."""
    length = headers.get("content-length", "0")
    if length.isdigit() and int(length) > MAX_BODY_BYTES:
        return None
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return bytes(body)
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def receive_again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *RESPONSE_HEADERS]}
        await send(message)

    return send_with_headers


async def _refuse(send: Send, status: int, message: str, code: str) -> None:
    kind = "authentication_error" if status == 401 else "invalid_request_error"
    body = json.dumps(error_document(message, kind, code=code)).encode()
    # The rest of an oversized body is not read, so the connection cannot serve another request.
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    headers += [(b"connection", b"close")] if status == 413 else []
    headers += [(b"www-authenticate", b'Basic realm="harness"')] if status == 401 else []
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
