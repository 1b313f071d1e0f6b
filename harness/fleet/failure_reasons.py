"""Why a job ended that nobody ended: memory, disk, or by itself. stdlib only."""

import re
import signal
from pathlib import Path
from shutil import disk_usage

from trainer.system.logs import tail

_LEAST_FREE_BYTES = 1 << 20
_TAIL_BYTES = 16_384
_CGROUP = Path("/sys/fs/cgroup")
_RANK_CODE = re.compile(rb"exitcode\s*: (-?\d+) \(pid")
_NO_GPU_MEMORY = (b"CUDA out of memory", b"CUBLAS_STATUS_ALLOC_FAILED", b"torch.OutOfMemoryError")
_NO_SPACE = (b"No space left on device", b"Disk quota exceeded")


def cause_of_end(returncode: int, log: Path, oom_kills_before: int | None) -> str:
    """`out_of_memory`, `disk_full` or `exited`, for a job that was not asked to leave."""
    if returncode == 0:
        return "exited"
    said = tail_of(log)
    oom_kills = count_oom_kills()
    more = oom_kills is not None and oom_kills_before is not None and oom_kills > oom_kills_before
    if (rank_code(returncode, said) == -signal.SIGKILL and more) or _has(said, _NO_GPU_MEMORY):
        return "out_of_memory"
    if _has(said, _NO_SPACE) or disk_usage(log.parent).free < _LEAST_FREE_BYTES:
        return "disk_full"
    return "exited"


def rank_code(returncode: int, tail: bytes) -> int:
    """The exit code of the rank that failed first: torchrun ends with 1 whatever it was."""
    found = _RANK_CODE.findall(tail)
    return int(found[-1]) if returncode == 1 and found else returncode


def tail_of(log: Path) -> bytes:
    """The log's last bytes; empty when it cannot be read."""
    return tail(log, _TAIL_BYTES) or b""


def count_oom_kills() -> int | None:
    """Processes of this control group that the kernel has ended for lack of memory; None: unknown."""
    for path in _counters():
        try:
            words = path.read_text(encoding="utf-8").split()
        except OSError:
            continue
        if "oom_kill" in words:
            return int(words[words.index("oom_kill") + 1])
    return None


def _counters() -> list[Path]:
    """Where the kernel counts them: the control group (version 2, then 1), else the whole machine."""
    try:
        lines = Path("/proc/self/cgroup").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    groups = [line.split(":", 2) for line in lines if line.count(":") >= 2]
    unified = [path.strip("/") for _, names, path in groups if not names]
    memory = [path.strip("/") for _, names, path in groups if "memory" in names.split(",")]
    return [
        *(_CGROUP / path / "memory.events" for path in unified),
        *(_CGROUP / "memory" / path / "memory.oom_control" for path in memory),
        _CGROUP / "memory.events",
        _CGROUP / "memory" / "memory.oom_control",
        Path("/proc/vmstat"),
    ]


def _has(tail: bytes, words: tuple[bytes, ...]) -> bool:
    return any(word in tail for word in words)
