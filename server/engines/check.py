"""`python -m server.engines.check`: can an engine answer here? One line of JSON, for `harness doctor`.

A tiny random checkpoint goes the way of every deployment: on the GPU that the server would choose (the
CPU where there is none), through its canary.
"""

import asyncio
import subprocess
import tempfile
import time
from pathlib import Path

from journal.engine_place import EnginePlace
from journal.lab_paths import LabPaths
from journal.records import Deployment
from server.engines.canary import run_canary
from server.engines.failures import EngineFailed
from server.engines.process import start_engine
from server.settings import Settings
from trainer.job.engine import EngineCheck
from trainer.system.logs import lines_of
from trainer.system.python import module_command
from trainer.system.sockets import folder_for_sockets

JOB_ID = "0000000000-1"
PATIENCE_SECONDS = 120.0
# Of a folder, a slash and an engine's socket before it listens.
SOCKET_ROOM_BYTES = 60


def main() -> None:
    """Print what came of it."""
    with tempfile.TemporaryDirectory(dir=folder_for_sockets(SOCKET_ROOM_BYTES), prefix="check-") as folder:
        print(asyncio.run(_check(LabPaths.at(Path(folder)))).model_dump_json())


async def _check(lab: LabPaths) -> EngineCheck:
    run = lab.run(JOB_ID)
    run.folder.mkdir(parents=True)
    made = subprocess.run(
        module_command("trainer.engine.tiny", str(run.folder)), capture_output=True, text=True, check=False
    )
    if made.returncode != 0:
        return EngineCheck(error=f"no checkpoint: {(lines_of(made.stderr) or ['no word'])[-1]}")
    began = time.monotonic()
    try:
        device = await _answer(lab, str(run.checkpoint))
    except (EngineFailed, OSError) as error:
        return EngineCheck(error=str(error))
    return EngineCheck(device=device, seconds=time.monotonic() - began)


async def _answer(lab: LabPaths, checkpoint: str) -> str:
    """The device on which an engine passed its canary."""
    settings = Settings(lab, load_timeout_seconds=PATIENCE_SECONDS)
    wanted = Deployment(
        deployment_id=1,
        job_id=JOB_ID,
        checkpoint=checkpoint,
        state="loading",
        requested_at=0.0,
        updated_at=0.0,
    )
    engine = await start_engine(settings, wanted, lab.folder, EnginePlace())
    try:
        await run_canary(engine, PATIENCE_SECONDS)
    finally:
        await engine.stop()
    where = engine.client.ready.device
    return where if engine.gpu is None else f"{where}: GPU {engine.gpu.index}, {engine.gpu.name}"


if __name__ == "__main__":
    main()
