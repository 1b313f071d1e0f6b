"""The one owner of file names: run folders, the cache, and what a reference points to."""

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from trainer.job.base import JOB_ID_PATTERN


@dataclass(frozen=True)
class RunPaths:
    """File names of one run folder, `runs/<job_id>/`."""

    folder: Path

    @property
    def job_id(self) -> str:
        return self.folder.name

    @property
    def job(self) -> Path:
        return self.folder / "job.json"

    @property
    def events(self) -> Path:
        return self.folder / "events.jsonl"

    @property
    def result(self) -> Path:
        return self.folder / "result.json"

    @property
    def exit(self) -> Path:
        return self.folder / "exit.json"

    @property
    def supervisor(self) -> Path:
        return self.folder / "supervisor.json"

    @property
    def lock(self) -> Path:
        return self.folder / "lock"

    @property
    def log(self) -> Path:
        return self.folder / "log.txt"

    @property
    def checkpoint(self) -> Path:
        return self.folder / "checkpoint"

    @property
    def resumed_from(self) -> Path:
        """Names the attempt whose checkpoint this one started with."""
        return self.folder / "resumed_from"

    @property
    def trace(self) -> Path:
        return self.folder / "trace.json.gz"

    @property
    def loss_plot(self) -> Path:
        return self.folder / "loss.png"

    @property
    def tokenizer(self) -> Path:
        return self.folder / "tokenizer.json"


@dataclass(frozen=True)
class CheckpointPaths:
    """File names of one checkpoint folder."""

    folder: Path

    @property
    def model(self) -> Path:
        return self.folder / "model.safetensors"

    @property
    def optimizer(self) -> Path:
        return self.folder / "optimizer.safetensors"

    @property
    def meta(self) -> Path:
        return self.folder / "meta.json"

    @property
    def tokenizer(self) -> Path:
        return self.folder / "tokenizer.json"

    @property
    def job(self) -> Path:
        return self.folder / "job.json"

    @property
    def canary(self) -> Path:
        return self.folder / "canary.json"

    @property
    def loop_state(self) -> Path:
        return self.folder / "loop.json"


def is_job_id(text: str) -> bool:
    """Whether `text` has the form `spec_hash[:10]-attempt`."""
    # `$` alone would let a newline follow.
    return re.fullmatch(JOB_ID_PATTERN, text) is not None


def cache_dir() -> Path:
    """Where data sets are kept between runs: `HARNESS_CACHE`, else `~/.cache/harness`."""
    configured = os.environ.get("HARNESS_CACHE")
    return Path(configured) if configured else Path.home() / ".cache" / "harness"


def default_runs_dir() -> Path:
    """Where a job given by file runs: `HARNESS_RUNS`, else `./runs`."""
    return Path(os.environ.get("HARNESS_RUNS", "runs"))


def run_folder_of(reference: str, runs_dir: Path) -> Path:
    """The folder a job reference names: a sibling run by job id, or any folder by path."""
    return runs_dir / reference if is_job_id(reference) else Path(reference)


def starter_dir() -> Path:
    """The starter set of this Python version and of this code: another checkout has its own."""
    import platform

    return cache_dir() / "data" / f"starter-{platform.python_version()}-{_starter_code_hash()[:8]}"


def _starter_code_hash() -> str:
    """SHA-256 (hex) of the code that builds the starter set."""
    digest = hashlib.sha256()
    for path in sorted((Path(__file__).resolve().parents[1] / "data" / "starter").glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def data_dir(name: str) -> Path:
    """The folder of a data set: `starter`, `default` (HARNESS_DATA), a fetched name, or a path."""
    if name == "starter":
        return starter_dir()
    if name == "default" and os.environ.get("HARNESS_DATA"):
        return Path(os.environ["HARNESS_DATA"])
    fetched = cache_dir() / "data" / name
    return fetched if re.fullmatch(r"[a-z0-9_-]{1,64}", name) and fetched.is_dir() else Path(name)
