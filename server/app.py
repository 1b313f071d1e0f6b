"""The application: its routes, its guard, and the deployer that lives as long as it does."""

import asyncio
import contextlib
import logging
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from server.api import routes as openai_routes
from server.engines.deployer import Deployer
from server.http import errors
from server.http.dependencies import ServerState
from server.http.security import SecurityMiddleware
from server.http.streams import ClientDisconnected, answer_disconnected
from server.jobs import deployment_routes
from server.jobs import routes as lab_routes
from server.lab.journal_thread import JournalThread
from server.lab.server_files import fresh_socket_folder
from server.pages import routes as pages
from server.settings import Settings

STATIC = Path(__file__).parent / "pages" / "static"
logger = logging.getLogger("server")


def create_app(settings: Settings, closing: asyncio.Event, stop: Callable[[bool], None]) -> FastAPI:
    """The server's application.

    Args:
        settings: where and how to serve.
        closing: to be set when the server is asked to end.
        stop: called when it cannot go on; True says that something is broken, not just the lab gone.
    """

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with _running(settings, closing, stop) as state:
            app.state.server = state
            yield

    # No /docs: those pages load their scripts from elsewhere.
    app = FastAPI(title="harness", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    for routes in (openai_routes, lab_routes, deployment_routes, pages):
        app.include_router(routes.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    errors.install(app)
    app.add_exception_handler(ClientDisconnected, answer_disconnected)
    app.add_middleware(SecurityMiddleware, settings=settings)
    return app


@contextlib.asynccontextmanager
async def _running(
    settings: Settings, closing: asyncio.Event, stop: Callable[[bool], None]
) -> AsyncIterator[ServerState]:
    journal, sockets = JournalThread(settings.lab.journal), fresh_socket_folder(settings.lab.folder)
    deployer = Deployer(settings, journal, sockets)
    tasks = [
        asyncio.create_task(_or_stop(deployer.run(), stop)),
        asyncio.create_task(_or_stop(_until_lab_is_gone(settings), stop)),
    ]
    try:
        yield ServerState(settings, closing, journal, deployer)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await journal.close()
        shutil.rmtree(sockets, ignore_errors=True)


async def _or_stop(work: Coroutine[None, None, None], stop: Callable[[bool], None]) -> None:
    """Run for as long as the server does; an end of any kind ends the server too."""
    try:
        await work
    except asyncio.CancelledError:
        raise
    except Exception:
        logger.exception("the server cannot go on")
        stop(True)
    else:
        stop(False)


async def _until_lab_is_gone(settings: Settings) -> None:
    while settings.lab.folder.is_dir():
        await asyncio.sleep(settings.poll_seconds)
    logger.warning("%s is gone", settings.lab.folder)
