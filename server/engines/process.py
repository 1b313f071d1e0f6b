"""An engine process: started on its device, connected, stopped."""

import asyncio
import contextlib
import os
import signal
from dataclasses import dataclass
from pathlib import Path

from journal.engine_place import EnginePlace
from journal.records import Deployment
from server.engines.engine_client import EngineClient, EngineDisconnected
from server.engines.failures import CANNOT_BE_SERVED, EngineFailed, EngineLog, Stage, end_in_words
from server.engines.placement import Placement, gpus_of_driver, place_engine
from server.settings import Settings
from trainer.job.gpus import Gpu
from trainer.system.python import module_command
from trainer.system.time_limit import within

CONNECT_PAUSE_SECONDS = 0.05
# From the end of its connection to the end of its process.
LEAVE_SECONDS = 2.0


@dataclass
class Engine:
    """A running engine and the deployment it serves; `gpu` is None on the CPU."""

    deployment: Deployment
    process: asyncio.subprocess.Process
    client: EngineClient
    settings: Settings
    log: EngineLog
    gpu: Gpu | None = None

    @property
    def job_id(self) -> str:
        return self.deployment.job_id

    async def stop(self) -> None:
        """End the process and wait for it: SIGTERM, then SIGKILL after the grace."""
        await self.client.close()
        await _end(self.process, self.settings.stop_grace_seconds)

    async def failure(self, stage: Stage, what: str, may_pass_later: bool) -> EngineFailed:
        """Why it does not serve; says how its process ended where it has."""
        if self.client.disconnected.is_set():
            with contextlib.suppress(asyncio.TimeoutError):
                await within(LEAVE_SECONDS, self.process.wait())
            what = f"{what} ({end_in_words(self.process.returncode)})"
        return self.log.failure(self.settings.lab, stage, what, may_pass_later)


async def start_engine(
    settings: Settings, deployment: Deployment, sockets: Path, place: EnginePlace
) -> Engine:
    """Start the engine of a deployment where it may run, and connect to it.

    Raises:
        EngineFailed: it ended, or said nothing within the time allowed for loading.
    """
    assert deployment.deployment_id is not None
    log = EngineLog.begin(settings.lab.engine_log(deployment.deployment_id))
    placement = place_engine(place, await asyncio.to_thread(gpus_of_driver, settings.list_gpus))
    socket_path = sockets / f"{deployment.deployment_id}.sock"
    socket_path.unlink(missing_ok=True)
    process = await _spawn(settings, deployment, socket_path, log, placement)
    try:
        connecting = _connect(process, socket_path, settings, log)
        client = await within(settings.load_timeout_seconds, connecting)
    except BaseException as error:
        await _end(process, settings.stop_grace_seconds)
        if isinstance(error, asyncio.TimeoutError):
            what = f"not ready after {settings.load_timeout_seconds:g} seconds"
            raise log.failure(settings.lab, "loading", what, True) from None
        raise
    return Engine(deployment, process, client, settings, log, placement.gpu)


async def _spawn(
    settings: Settings, deployment: Deployment, socket_path: Path, log: EngineLog, placement: Placement
) -> asyncio.subprocess.Process:
    checkpoint = settings.lab.located(deployment.checkpoint)
    command = (*settings.engine_command, str(checkpoint), "--socket", str(socket_path))
    with log.path.open("ab") as output:
        return await asyncio.create_subprocess_exec(
            *module_command("server.engines.tether", str(os.getpid()), *command),
            stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output,
            env={**os.environ, **placement.environment},
            # Its own session: Ctrl-C in the server's terminal must not kill it before it has drained.
            start_new_session=True,
        )  # fmt: skip


async def _connect(
    process: asyncio.subprocess.Process, socket_path: Path, settings: Settings, log: EngineLog
) -> EngineClient:
    while process.returncode is None:
        with contextlib.suppress(OSError):
            return await _greet(socket_path, settings, log)
        await asyncio.sleep(CONNECT_PAUSE_SECONDS)
    may_pass_later = process.returncode != CANNOT_BE_SERVED
    what = f"the model's process ended ({end_in_words(process.returncode)})"
    raise log.failure(settings.lab, "loading", what, may_pass_later)


async def _greet(socket_path: Path, settings: Settings, log: EngineLog) -> EngineClient:
    try:
        return await EngineClient.connect(socket_path)
    except EngineDisconnected as error:
        raise log.failure(settings.lab, "loading", str(error), True) from None


async def _end(process: asyncio.subprocess.Process, grace_seconds: float) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(number)
        with contextlib.suppress(asyncio.TimeoutError):
            await within(grace_seconds, process.wait())
