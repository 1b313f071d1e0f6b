"""Which folder a job runs in, and what it continues."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from trainer.job import (
    CheckpointPaths,
    Job,
    JobError,
    RunPaths,
    canonical_bytes,
    default_runs_dir,
    is_job_id,
    job_id,
    parse_job,
    read_job_file,
    spec_hash,
)
from trainer.processes.ranks import Ranks
from trainer.system.files import link_tree, write_whole
from trainer.system.locks import is_locked


@dataclass(frozen=True)
class Request:
    """A parsed job, where runs lie, and its folder if it was given by the file in that folder."""

    job: Job
    runs_dir: Path
    folder: RunPaths | None


def read_request(path: Path) -> Request:
    """Read a job file; one that lies in its own run folder runs there, any other gets a new folder.

    Raises:
        JobError: when the file cannot be read or used, naming what is wrong.
    """
    job = parse_job(read_job_file(path))
    folder = path.resolve().parent
    if path.name != "job.json" or not is_job_id(folder.name):
        return Request(job, default_runs_dir().resolve(), None)
    if not folder.name.startswith(spec_hash(job)[:10]):
        raise JobError(
            f'job: "{path}" was changed; allowed: a folder named {job_id(job, 1)}, as the job hashes now'
        )
    return Request(job, folder.parent, RunPaths(folder))


def claim_folder(request: Request) -> RunPaths:
    """The folder to run in: the given one, or a new attempt holding the job's canonical bytes.

    A new attempt at a job whose latest attempt was cancelled or killed goes on from that one's checkpoint.

    Raises:
        JobError: another process runs the job in that folder.
    """
    if request.folder is not None:
        if is_locked(request.folder.events):
            raise JobError(f'job: "{request.folder.job}" is being run; allowed: when that has ended')
        return request.folder
    request.runs_dir.mkdir(parents=True, exist_ok=True)
    earlier = _attempts(request)
    attempt = _attempt_of(earlier[0]) + 1 if earlier else 1
    while True:
        paths = RunPaths(request.runs_dir / job_id(request.job, attempt))
        try:
            paths.folder.mkdir()
        except FileExistsError:
            attempt += 1
            continue
        previous = _to_go_on_from(earlier)
        if previous is not None:
            continue_from(previous, paths)
        write_whole(paths.job, canonical_bytes(request.job))
        return paths


def continue_from(previous: RunPaths, paths: RunPaths) -> None:
    """Give an attempt the checkpoint of an earlier one, by hard links."""
    link_tree(previous.checkpoint, paths.checkpoint)
    write_whole(paths.resumed_from, previous.job_id.encode())


def resumed_from(paths: RunPaths) -> str | None:
    """The attempt whose checkpoint this one started with, or None."""
    try:
        return paths.resumed_from.read_text(encoding="utf-8").strip() or None
    except OSError:
        return None


def say(ranks: Ranks, line: str) -> None:
    """One line on stderr, once however many ranks run."""
    if ranks.rank == 0:
        print(line, file=sys.stderr, flush=True)


def _attempts(request: Request) -> list[RunPaths]:
    """The attempts at this job so far, latest first."""
    stem = spec_hash(request.job)[:10]
    found = [RunPaths(path) for path in request.runs_dir.glob(f"{stem}-*") if is_job_id(path.name)]
    return sorted(found, key=_attempt_of, reverse=True)


def _to_go_on_from(attempts: list[RunPaths]) -> RunPaths | None:
    """Of the latest ones, all cut short, the first that has a checkpoint."""
    cut_short = takewhile(_was_cut_short, attempts)
    return next((paths for paths in cut_short if CheckpointPaths(paths.checkpoint).meta.is_file()), None)


def _was_cut_short(paths: RunPaths) -> bool:
    """Whether it was cancelled, or died without a result."""
    if paths.result.exists():
        return _state(paths) == "cancelled"
    return not is_locked(paths.events)


def _attempt_of(paths: RunPaths) -> int:
    return int(paths.job_id.rpartition("-")[2])


def _state(paths: RunPaths) -> str | None:
    try:
        state = json.loads(paths.result.read_text(encoding="utf-8")).get("state")
    except (OSError, ValueError):
        return None
    return str(state)
