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
from trainer.job.host import usable_cores
from trainer.system.python import code_command

LEAST_DISK_GB = 2.0


def examine(lab: LabPaths, port: int) -> list[Check]:
    """All findings."""
    seen = torch_sees()
    return [
        _python(),
        _torch(seen),
        _gpus(seen),
        _extension(),
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
    code = "import trainer._rustbpe as m; print(m.__file__)"
    done = subprocess.run(
        code_command(code), capture_output=True, text=True, env=clean_environment(), check=False
    )
    if done.returncode != 0:
        return Check(
            "rustbpe", "failed", "trainer._rustbpe is not built: make setup (needs a Rust toolchain)"
        )
    return Check("rustbpe", "ok", done.stdout.strip())


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
