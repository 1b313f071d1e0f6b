"""`python -m trainer engine CHECKPOINT --socket PATH`: serve one checkpoint until told to stop."""

import argparse
import asyncio
import functools
import os
import signal
import socket
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import torch

from trainer.checkpoint.contents import CheckpointError
from trainer.checkpoint.reader import LoadedModel, open_model
from trainer.engine.batching import Batcher
from trainer.engine.canary import run_canary
from trainer.engine.loop import EngineLoop
from trainer.engine.server import EngineServer, listen
from trainer.job.engine import Ready
from trainer.model.kv_cache import KVCache
from trainer.processes.device import device_named, make_current
from trainer.processes.parent import ask_for_signal_on_parent_death, watch_parent

MAX_SLOTS = {"cuda": 64, "cpu": 8}
CACHE_SHARE_OF_FREE_MEMORY = 0.5
STOP_SECONDS = 5.0


def main(argv: Sequence[str] | None = None) -> int:
    """Exit codes: 0 stopped on request, 1 the model failed, 2 it could not be served."""
    parent_pid = os.getppid()
    ask_for_signal_on_parent_death(parent_pid)
    arguments = _parser().parse_args(argv)
    try:
        device = device_named(arguments.device)
        make_current(device)
        loaded = open_model(arguments.checkpoint, device, _dtype(device))
        engine = build_engine(loaded, arguments.slots)
        listening = listen(arguments.socket)
    except (CheckpointError, ValueError, OSError) as error:
        print(f"engine: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    try:
        return asyncio.run(_serve(engine, loaded, listening, parent_pid))
    finally:
        arguments.socket.unlink(missing_ok=True)


def build_engine(loaded: LoadedModel, slots: int | None = None) -> EngineLoop:
    """The model thread's loop, not yet running; `slots` bounds the requests that run at once."""
    model, config = loaded.model, loaded.config
    slots = slots or _affordable_slots(loaded)
    new_cache = functools.partial(
        KVCache, config, max_len=config.sequence_len, device=model.device, dtype=model.compute_dtype
    )
    cache = new_cache(batch_slots=slots)
    return EngineLoop(
        batcher_of=lambda report: Batcher(model, loaded.tokenizer, cache, slots, report),
        tokenizer=loaded.tokenizer,
        sequence_len=config.sequence_len,
        canary=lambda request_id: run_canary(loaded, new_cache(batch_slots=1), request_id),
    )


def _affordable_slots(loaded: LoadedModel) -> int:
    config, device = loaded.config, loaded.model.device
    limit = MAX_SLOTS.get(device.type, 8)
    if device.type != "cuda":
        return limit
    free, _ = torch.cuda.mem_get_info(device)
    per_token = 2 * config.depth * config.kv_heads * config.head_dim * loaded.model.compute_dtype.itemsize
    return max(1, min(limit, int(CACHE_SHARE_OF_FREE_MEMORY * free) // (per_token * config.sequence_len)))


async def _serve(engine: EngineLoop, loaded: LoadedModel, listening: socket.socket, parent_pid: int) -> int:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    failures: list[BaseException] = []
    told = (engine, loaded.model.device, failures, loop, stop)
    thread = threading.Thread(target=_run, args=told, name="model", daemon=True)
    thread.start()
    watcher = asyncio.create_task(watch_parent(parent_pid, stop.set))
    await EngineServer(engine, _ready(loaded)).serve(listening, stop)
    watcher.cancel()
    engine.put(None)
    thread.join(STOP_SECONDS)
    return 1 if failures else 0


def _run(
    engine: EngineLoop,
    device: torch.device,
    failures: list[BaseException],
    loop: asyncio.AbstractEventLoop,
    stop: asyncio.Event,
) -> None:
    try:
        make_current(device)
        engine.run()
    except BaseException as error:
        failures.append(error)
        loop.call_soon_threadsafe(stop.set)
        raise


def _ready(loaded: LoadedModel) -> Ready:
    return Ready(
        job_id=loaded.meta.job_id,
        kind=loaded.meta.kind,
        parameters=sum(parameter.numel() for parameter in loaded.model.parameters()),
        sequence_len=loaded.config.sequence_len,
        device=str(loaded.model.device),
    )


def _dtype(device: torch.device) -> torch.dtype:
    return torch.bfloat16 if device.type == "cuda" else torch.float32


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m trainer engine", description=__doc__)
    parser.add_argument("checkpoint", type=Path, help="a run folder or a checkpoint folder")
    parser.add_argument("--socket", type=Path, required=True, help="where to listen (a UNIX socket)")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1, …")
    parser.add_argument("--slots", type=_positive, default=None, help="requests that run at once")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number}; allowed: at least 1")
    return number
