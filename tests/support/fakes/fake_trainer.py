"""A stand-in for `python -m trainer JOB.json`: a known surface plus seed noise, in a tenth of a second.

It writes what the trainer writes. `FAKE_TRAINER` (JSON) may set: `seconds` (per job), `fail`
({dotted path of the job: [value, "nan" | "exit" | "hang"]}), `noise` (sd of the seeds),
`slow` ({"kind": a kind of job}) and its `slow_seconds`.
"""

import hashlib
import json
import math
import os
import platform
import random
import signal
import sys
import time
from pathlib import Path

SETTINGS = json.loads(os.environ.get("FAKE_TRAINER", "{}"))
BEST_MATRIX_LR = 0.05


class Stopped(Exception):
    """SIGTERM."""


def main(path: Path) -> int:
    job = json.loads(path.read_text())
    folder = path.resolve().parent
    signal.signal(signal.SIGTERM, _stop)
    started = time.time()
    emit(folder, {"event": "started", "job_id": folder.name, "total_steps": 10})
    try:
        metrics = run(job, folder)
    except Stopped:
        checkpoint(folder, job)
        return finish(folder, job, started, "cancelled", None, {}, 3)
    reason = failure(job)
    if reason == "exit":
        print("the fake trainer was told to fail", file=sys.stderr)
        return 1
    if reason == "nan":
        return finish(folder, job, started, "failed", "nan", {}, 1)
    return finish(folder, job, started, "succeeded", None, metrics, 0)


def run(job: dict, folder: Path) -> dict:
    seconds = float(SETTINGS.get("seconds", 0.05))
    if SETTINGS.get("slow", {}).items() & {"kind": job["kind"]}.items():
        seconds = float(SETTINGS["slow_seconds"])
    if failure(job) == "hang":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        seconds = 3600.0
    deadline = time.monotonic() + seconds
    step = 0
    while time.monotonic() < deadline:
        time.sleep(min(0.02, seconds))
        step += 1
        emit(folder, {"event": "step", "step": step, "progress": 0.5, "train_loss": 3.0 / step,
                      "tokens": step, "tokens_per_second": 9000.0, "lr_multiplier": 1.0})  # fmt: skip
    if job["kind"] == "tokenizer":
        (folder / "tokenizer.json").write_text("{}")
        return {"bytes_per_token": 3.0}
    if job["kind"] in ("pretrain", "sft"):
        checkpoint(folder, job)
    if job.get("text") == "locked":
        gain = surface(job_of(folder, job["against"])) - surface(job_of(folder, job["checkpoint"]))
        return {"locked_bpb": 2.0, "gain_bpb": gain, "gain_standard_error": 0.0002, "gain_blocks": 32.0}
    return {"val_bpb": surface(job), "core_metric": 0.1, "tokens_per_second": 9000.0}


def job_of(folder: Path, job_id: str) -> dict:
    """Another job of the lab."""
    return json.loads((folder.parent / job_id / "job.json").read_text())


def surface(job: dict) -> float:
    """Bits per byte: a bowl in log(matrix_lr), seed noise, a little better with more tokens."""
    optim = job.get("optim") or {}
    distance = math.log(float(optim.get("matrix_lr", 0.02)) / BEST_MATRIX_LR)
    noise = random.Random(f"{job['seed']}").gauss(0.0, float(SETTINGS.get("noise", 0.001)))
    return 2.0 + 0.05 * distance**2 + noise


def failure(job: dict) -> str | None:
    for dotted, (wanted, how) in SETTINGS.get("fail", {}).items():
        value = job
        for part in dotted.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if value == wanted:
            return how
    return None


def checkpoint(folder: Path, job: dict) -> None:
    target = folder / "checkpoint"
    target.mkdir(exist_ok=True)
    (target / "model.safetensors").write_text("weights")
    (target / "meta.json").write_text(json.dumps({"job_id": folder.name}))


def finish(
    folder: Path, job: dict, started: float, state: str, reason: str | None, metrics: dict, code: int
) -> int:
    resumed = folder / "resumed_from"
    result = {
        "job_id": folder.name,
        "spec_hash": hashlib.sha256((folder / "job.json").read_bytes()).hexdigest(),
        "kind": job["kind"],
        "state": state,
        "reason": reason,
        "metrics": metrics,
        "provenance": {
            "git_revision": None, "code_hash": "fake", "data_hash": "fake", "tokenizer_hash": "fake",
            "torch_version": "none", "python_version": platform.python_version(),
            "device": "fake", "world_size": 1,
        },
        "resumed_from": resumed.read_text() if resumed.exists() else None,
        "started_at": started,
        "finished_at": time.time(),
        "wall_seconds": time.time() - started,
        "train_seconds": (time.time() - started) / 2,
    }  # fmt: skip
    temporary = folder / ".result.json"
    temporary.write_text(json.dumps(result))
    temporary.replace(folder / "result.json")
    emit(folder, {"event": "finished", "state": state, "reason": reason})
    return code


def emit(folder: Path, event: dict) -> None:
    with (folder / "events.jsonl").open("a") as file:
        file.write(json.dumps({"time": time.time(), **event}) + "\n")


def _stop(number: int, frame: object) -> None:
    raise Stopped


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
