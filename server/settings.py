"""What a server is told once, at its start."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field

from journal.lab_paths import LabPaths
from trainer.job.gpus import Gpu, visible_gpus
from trainer.system.python import module_command

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})
REAL_ENGINE = tuple(module_command("trainer", "engine"))


@dataclass(frozen=True)
class Settings:
    """`engine_command` is followed by `CHECKPOINT --socket PATH`; tests put a scripted engine there."""

    lab: LabPaths
    host: str = "127.0.0.1"
    engine_command: tuple[str, ...] = REAL_ENGINE
    api_key: str | None = field(default=None, repr=False)
    poll_seconds: float = 0.3
    load_timeout_seconds: float = 900.0
    canary_timeout_seconds: float = 300.0
    drain_timeout_seconds: float = 600.0
    # Off a GPU on which jobs are measured.
    leave_timeout_seconds: float = 5.0
    deploy_tries: int = 4
    deploy_pause_seconds: float = 2.0
    retry_within_seconds: float = 600.0
    stop_grace_seconds: float = 5.0
    restart_attempts: int = 3
    restart_pause_seconds: float = 1.0
    list_gpus: Callable[[], tuple[Gpu, ...]] = visible_gpus

    @property
    def is_loopback(self) -> bool:
        return self.host in LOOPBACK_HOSTS


def api_key_from_environment() -> str | None:
    """`HARNESS_API_KEY`, which every request must carry when the server listens beyond loopback."""
    return os.environ.get("HARNESS_API_KEY") or None
