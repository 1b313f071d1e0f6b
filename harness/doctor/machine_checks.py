"""The machine before a start: what is there, what is missing, and what to do about it."""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from harness.errors import UserError
from harness.fleet.launcher import clean_environment
from harness.lab.running_server import running_server
from harness.node.gpus import listed_gpus
from harness.node.machine import torch_sees
from harness.service.server_process import free_port
from journal.audit.checks import Check, CheckState
from journal.lab_paths import LabPaths
from trainer.job.engine import EngineCheck
from trainer.job.host import usable_cores
from trainer.system.logs import lines_of
from trainer.system.python import code_command, module_command

LEAST_DISK_GB = 2.0
CHECK_SECONDS = 300.0


def examine(lab: LabPaths, port: int) -> list[Check]:
    """All findings."""
    seen = torch_sees()
    return [
        _python(),
        _torch(seen),
        _gpus(seen),
        _extension(),
        server_check(),
        engine_check(),
        Check("machine", "ok", f"{_host()}, {len(usable_cores())} usable cores"),
        _disk(lab),
        _data(),
        _key(),
        _port(lab, port),
    ]


def _host() -> str:
    return f"{platform.system()} {platform.release()} {platform.machine()}"


def _python() -> Check:
    version = ".".join(str(part) for part in sys.version_info[:3])
    good = sys.version_info >= (3, 10)
    return Check("python", "ok" if good else "failed", f"{version} ({sys.executable})")


def _torch(seen: dict[str, str]) -> Check:
    if "error" in seen:
        return Check("torch", "failed", seen["error"])
    return Check("torch", "ok", f"{seen['version']}, CUDA build {seen['cuda']}, {seen['gpus']} GPUs usable")


def _gpus(seen: dict[str, str]) -> Check:
    try:
        listed = listed_gpus()
    except UserError as error:
        return Check("gpus", "failed", str(error))
    if not listed:
        return Check("gpus", "note", "nvidia-smi lists none: jobs run on CPU cores")
    usable = int(seen.get("gpus", "0"))
    text = f"nvidia-smi lists {len(listed)}x {listed[0].name}, torch can use {usable}"
    if usable < len(listed):
        return Check("gpus", "failed", f"{text}: install a torch build for this driver")
    return Check("gpus", "ok", text)


def _extension() -> Check:
    done = _outcome(code_command("import trainer._rustbpe as m; print(m.__file__)"))
    if done.returncode != 0:
        return Check(
            "rustbpe", "failed", "trainer._rustbpe is not built: make setup (needs a Rust toolchain)"
        )
    return Check("rustbpe", "ok", done.stdout.strip())


def server_check(module: str = "server.app") -> Check:
    """Whether the server's process can import all it needs."""
    done = _outcome(code_command(f"import {module}"))
    if done.returncode != 0:
        said = (lines_of(done.stderr) or ["no word"])[-1]
        return Check("server", "failed", f"it cannot start: {said}; install what is missing: make setup")
    return Check("server", "ok", "its imports work")


def engine_check(module: str = "server.engines.check") -> Check:
    """Whether an engine with a tiny random model can answer: on a GPU where there is one."""
    done = _outcome(module_command(module))
    try:
        found = EngineCheck.model_validate_json(done.stdout)
    except ValueError:
        found = EngineCheck(error=(lines_of(done.stderr) or ["no word"])[-1])
    if found.error is not None:
        return Check("engine", "failed", f"no model can be served: {found.error}")
    return Check("engine", "ok", f"a tiny model answers on {found.device} after {found.seconds:.1f} s")


def _outcome(command: list[str]) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            env=clean_environment(),
            check=False,
            timeout=CHECK_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", f"no end within {CHECK_SECONDS:.0f} s")


def _disk(lab: LabPaths) -> Check:
    folder = next(p for p in (lab.folder, *lab.folder.parents) if p.exists())
    free = shutil.disk_usage(folder).free / 1e9
    state: CheckState = "ok" if free >= LEAST_DISK_GB else "failed"
    return Check("disk", state, f"{free:.1f} GB free at {folder}")


def _data() -> Check:
    named = os.environ.get("HARNESS_DATA")
    if not named:
        return Check("data", "note", "HARNESS_DATA is not set: the starter set is built on first use")
    if not Path(named).is_dir():
        return Check("data", "failed", f"HARNESS_DATA={named}: no such folder")
    return Check("data", "ok", f"HARNESS_DATA={named}")


def _key() -> Check:
    model = os.environ.get("HARNESS_LLM_MODEL")
    key = bool(os.environ.get("OPENAI_API_KEY"))
    if not model:
        return Check("llm", "note", "HARNESS_LLM_MODEL is not set: proposals come from search")
    where = os.environ.get("OPENAI_BASE_URL") or "OpenAI"
    return Check("llm", "ok" if key else "note", f"{model} at {where}, {'a key is set' if key else 'no key'}")


def _port(lab: LabPaths, port: int) -> Check:
    server = running_server(lab)
    if server is not None:
        return Check("port", "ok", f"this lab's server listens on {server.url}")
    if free_port(port) == 0:
        return Check("port", "note", f"{port} is taken: the server will pick another")
    return Check("port", "ok", f"{port} is free")
