"""An engine process: started, connected, stopped, its last words kept."""

import asyncio
import contextlib
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from journal.records import Deployment
from server.engines.engine_client import EngineClient, EngineDisconnected
from server.settings import Settings
from trainer.system.logs import last_lines

CONNECT_PAUSE_SECONDS = 0.05


class EngineFailed(RuntimeError):
    """An engine that did not come up; `str()` is one line for the journal."""


@dataclass
class Engine:
    """A running engine and the deployment it serves."""

    deployment: Deployment
    process: asyncio.subprocess.Process
    client: EngineClient
    settings: Settings

    @property
    def job_id(self) -> str:
        return self.deployment.job_id

    async def stop(self) -> None:
        """End the process and wait for it: SIGTERM, then SIGKILL after the grace."""
        await self.client.close()
        await _end(self.process, self.settings.stop_grace_seconds)


async def start_engine(settings: Settings, deployment: Deployment, sockets: Path) -> Engine:
    """Start the engine of a deployment and connect to it.

    Raises:
        EngineFailed: it ended, or said nothing within the time allowed for loading.
    """
    assert deployment.deployment_id is not None
    log = settings.lab.engine_log(deployment.deployment_id)
    socket_path = sockets / f"{deployment.deployment_id}.sock"
    socket_path.unlink(missing_ok=True)
    process = await _spawn(settings, deployment, socket_path, log)
    try:
        client = await asyncio.wait_for(_connect(process, socket_path, log), settings.load_timeout_seconds)
    except BaseException as error:
        await _end(process, settings.stop_grace_seconds)
        if isinstance(error, asyncio.TimeoutError):
            raise EngineFailed(f"not ready after {settings.load_timeout_seconds:g} seconds") from None
        raise
    return Engine(deployment, process, client, settings)


def checkpoint_folder(settings: Settings, deployment: Deployment) -> Path:
    """The deployment's checkpoint; a relative one is meant from the lab."""
    within_lab = settings.lab.folder / deployment.checkpoint
    return within_lab if within_lab.exists() else Path(deployment.checkpoint)


async def _spawn(
    settings: Settings, deployment: Deployment, socket_path: Path, log: Path
) -> asyncio.subprocess.Process:
    log.parent.mkdir(parents=True, exist_ok=True)
    checkpoint = checkpoint_folder(settings, deployment)
    command = (*settings.engine_command, str(checkpoint), "--socket", str(socket_path))
    with log.open("ab") as output:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "server.engines.tether", str(os.getpid()), *command,
            stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output,
            # Its own session: Ctrl-C in the server's terminal must not kill it before it has drained.
            start_new_session=True,
        )  # fmt: skip


async def _connect(process: asyncio.subprocess.Process, socket_path: Path, log: Path) -> EngineClient:
    while process.returncode is None:
        with contextlib.suppress(OSError):
            return await _greet(socket_path, log)
        await asyncio.sleep(CONNECT_PAUSE_SECONDS)
    raise EngineFailed(f"ended with code {process.returncode} while loading: {_last_line(log)}")


async def _greet(socket_path: Path, log: Path) -> EngineClient:
    try:
        return await EngineClient.connect(socket_path)
    except EngineDisconnected as error:
        raise EngineFailed(f"{error}; {_last_line(log)}") from None


def _last_line(log: Path) -> str:
    """The last line the engine printed."""
    lines = last_lines(log)
    return "no log" if lines is None else " ".join(lines)[:500] or "it printed nothing"


async def _end(process: asyncio.subprocess.Process, grace_seconds: float) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(number)
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(process.wait(), grace_seconds)
