"""`python -m server --lab LAB --port P`: serve the lab's live model, its pages and its job API."""

import argparse
import asyncio
import logging
import shlex
import signal
import socket
import sys
from pathlib import Path

import uvicorn

from journal.errors import JournalError
from journal.lab_paths import LabPaths
from journal.store import Journal
from server.app import create_app
from server.lab.server_files import LabBusy, ServerLock, publish, unpublish
from server.settings import REAL_ENGINE, Settings, api_key_from_environment
from trainer.system.streams import take_any_text

DEFAULT_PORT = 8000
SHUTDOWN_SECONDS = 5
MAX_PORT = 65535
USAGE = 2


class UsageError(Exception):
    """A start that cannot be; `str()` is one line for the user."""


class LabServer(uvicorn.Server):
    """Publishes itself in the lab once it accepts connections."""

    def __init__(self, config: uvicorn.Config, settings: Settings, port: int, closing: asyncio.Event) -> None:
        super().__init__(config)
        self._closing = closing
        self.is_broken = False
        self._settings = settings
        self._port = port

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            publish(self._settings.lab, self._settings.host, self._port)
            print(
                f"serving {self._settings.lab.folder} on {_url(self._settings.host, self._port)}", flush=True
            )

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._closing.set()
        await super().shutdown(sockets)

    def stop(self, is_broken: bool) -> None:
        self.is_broken = is_broken
        self.should_exit = True


def main(argv: list[str] | None = None) -> int:
    """Serve until a signal; the exit status."""
    arguments = _parser().parse_args(argv)
    try:
        settings = _settings(arguments)
        return _serve_alone(settings, arguments.port)
    except UsageError as error:
        print(f"server: {error}", file=sys.stderr)
        return USAGE


def _serve_alone(settings: Settings, port: int) -> int:
    lock = ServerLock(settings.lab)
    try:
        lock.acquire()
    except LabBusy as error:
        raise UsageError(str(error)) from None
    try:
        _check_journal(settings)
        return _serve(settings, _listen(settings.host, port))
    finally:
        lock.release()


def _serve(settings: Settings, listening: socket.socket) -> int:
    # uvicorn raises the signal that ended it again once it is done; for us that is a clean end.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")
    port = listening.getsockname()[1]
    closing = asyncio.Event()
    app = create_app(settings, closing, stop=lambda is_broken: server.stop(is_broken))
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, timeout_graceful_shutdown=SHUTDOWN_SECONDS, ws="none"
    )
    server = LabServer(config, settings, port, closing)
    try:
        server.run(sockets=[listening])
    finally:
        unpublish(settings.lab)
    return 0 if server.started and not server.is_broken else 1


def _listen(host: str, port: int) -> socket.socket:
    """A bound socket.

    Raises:
        UsageError: the port is taken, or the host is not one of this machine's.
    """
    if not 0 <= port <= MAX_PORT:
        raise UsageError(f"--port {port}; allowed: 0 to {MAX_PORT} (0 picks a free one)")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError as error:
        why = error.strerror
        raise UsageError(f"--host {host} --port {port}: {why}; allowed: a free port (0 picks one)") from None
    return listening


def _check_journal(settings: Settings) -> None:
    try:
        Journal.open(settings.lab.journal).close()
    except JournalError as error:
        raise UsageError(str(error)) from None


def _settings(arguments: argparse.Namespace) -> Settings:
    lab = LabPaths.at(Path(arguments.lab))
    if not lab.folder.is_dir():
        raise UsageError(
            f"--lab {arguments.lab}: no such folder; begin one with: harness start --budget 100usd"
        )
    settings = Settings(
        lab=lab,
        host=arguments.host,
        engine_command=tuple(shlex.split(arguments.engine_command)) or REAL_ENGINE,
        api_key=api_key_from_environment(),
        deploy_pause_seconds=arguments.deploy_pause,
    )
    if not settings.is_loopback and not settings.api_key:
        raise UsageError(
            f"--host {arguments.host}: reachable by others, so set HARNESS_API_KEY to a secret key"
        )
    return settings


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m server", description=__doc__)
    parser.add_argument("--lab", default="lab", help="the lab's folder (default: lab)")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="0 picks a free one (default: 8000)")
    parser.add_argument("--host", default="127.0.0.1", help="others than loopback need HARNESS_API_KEY")
    parser.add_argument(
        "--engine-command", default="", help="what serves a checkpoint, given CHECKPOINT --socket PATH"
    )
    parser.add_argument(
        "--deploy-pause", type=float, default=2.0, help="seconds before a failed deployment's second try"
    )
    return parser


def _url(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


if __name__ == "__main__":
    take_any_text()
    sys.exit(main())
