"""What every request handler may need, kept on the application."""

import asyncio
from dataclasses import dataclass
from typing import cast

from fastapi import Request

from server.engines.deployer import Deployer
from server.http.errors import ApiError
from server.lab.journal_thread import JournalThread
from server.settings import Settings


@dataclass(frozen=True)
class ServerState:
    """`closing` is set when the server has been asked to end: open streams end then too."""

    settings: Settings
    closing: asyncio.Event
    journal: JournalThread
    deployer: Deployer


def state_of(request: Request) -> ServerState:
    """Dependency: the server's state."""
    return cast(ServerState, request.app.state.server)


async def json_body(request: Request) -> bytes:
    """Dependency: the body of a request that says it is JSON.

    Raises:
        ApiError: 415 when it says something else, as a form on another site's page would.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise ApiError(
            415, f'Content-Type: "{kind}"; allowed: application/json', code="unsupported_media_type"
        )
    return await request.body()
