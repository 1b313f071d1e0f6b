"""From bytes to a checked job: every refusal is one line naming field, value and what is allowed."""

import hashlib
import json
import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from trainer.job.kinds import KINDS, Artifact, Job, data_sets_of, kinds_that_make, references_of
from trainer.job.paths import CheckpointPaths, RunPaths, data_dir, run_folder_of
from trainer.job.refusals import one_line, shown
from trainer.job.strict_json import JsonError, parse_strict

MAX_JOB_BYTES = 1 << 20


class JobError(ValueError):
    """A job that cannot be run as written; `str()` is one line for the user."""


def parse_job(text: bytes | str) -> Job:
    """Parse and validate one job.

    Raises:
        JobError: naming the field, the value and what is allowed.
    """
    try:
        return validate_job(parse_strict(text, "job", MAX_JOB_BYTES))
    except JsonError as error:
        raise JobError(str(error)) from None


def read_job_file(path: Path) -> bytes:
    """The bytes of a job file; a pipe or a device is refused rather than waited for.

    Raises:
        JobError: it cannot be read, is no regular file, or is too large.
    """
    try:
        # Without O_NONBLOCK opening a named pipe waits for somebody to write into it.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise JobError(f"job: {json.dumps(str(path))}; {error.strerror}; allowed: a JSON file") from None
    try:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            raise JobError(f"job: {json.dumps(str(path))}; not a regular file; allowed: a JSON file")
        if state.st_size > MAX_JOB_BYTES:
            raise JobError(f"job: {state.st_size} bytes in {path}; allowed: at most {MAX_JOB_BYTES}")
        return os.read(descriptor, MAX_JOB_BYTES + 1)
    except OSError as error:
        raise JobError(f"job: {json.dumps(str(path))}; {error.strerror}; allowed: a readable file") from None
    finally:
        os.close(descriptor)


def validate_job(document: Any) -> Job:
    """Validate a decoded job document.

    Raises:
        JobError: naming the first field at fault, its value and what is allowed.
    """
    if not isinstance(document, dict):
        raise JobError(f"job: {shown(document)}; allowed: a JSON object")
    kind = document.get("kind")
    model = next((facts.spec for name, facts in KINDS.items() if name == kind), None)
    if model is None:
        raise JobError(f"kind: {shown(kind)}; allowed: {', '.join(KINDS)}")
    try:
        # JSON mode: lists stand for tuples, while strings still do not stand for numbers.
        return model.model_validate_json(json.dumps(document))
    except ValidationError as error:
        raise JobError(one_line(error, model)) from None
    except (TypeError, ValueError, RecursionError) as error:
        raise JobError(f"job: {error}") from None


def canonical_bytes(job: Job) -> bytes:
    """The job's one serialisation: all settings, keys sorted, a newline at the end."""
    return (json.dumps(job.model_dump(mode="json"), sort_keys=True, indent=1) + "\n").encode()


def spec_hash(job: Job) -> str:
    """SHA-256 (hex) of the canonical bytes; equal jobs have equal hashes, whatever door they came by."""
    return hashlib.sha256(canonical_bytes(job)).hexdigest()


def job_id(job: Job, attempt: int) -> str:
    """`spec_hash[:10]-attempt`; attempts count from 1."""
    return f"{spec_hash(job)[:10]}-{attempt}"


def check_references(job: Job, runs_dir: Path) -> None:
    """Check that what the job builds on exists.

    Raises:
        JobError: naming the field whose data set, tokenizer or checkpoint is missing.
    """
    for setting, name in data_sets_of(job):
        _check_data(setting, name)
    for reference in references_of(job):
        _ARTIFACT_CHECKS[reference.artifact](reference.setting, reference.value, runs_dir)


def _check_data(setting: str, name: str) -> None:
    # The starter set is built on first use from the interpreter's own sources.
    if name != "starter" and not _is_dir(data_dir(name)):
        raise JobError(
            f'{setting}: {shown(name)}; no such data set; allowed: "starter", "default" (the folder '
            "that HARNESS_DATA names), a fetched name (see: harness data list), or a folder"
        )


def _check_tokenizer(setting: str, reference: str, runs_dir: Path) -> None:
    if not _is_file(RunPaths(run_folder_of(reference, runs_dir)).tokenizer):
        raise JobError(
            f"{setting}: {shown(reference)}; no tokenizer.json there; "
            f"allowed: the id of a finished {kinds_that_make('tokenizer')} job in {runs_dir}, "
            "or a folder with a tokenizer.json"
        )


def _check_checkpoint(setting: str, reference: str, runs_dir: Path) -> None:
    folder = run_folder_of(reference, runs_dir)
    if not any(_is_file(CheckpointPaths(place).model) for place in (folder, RunPaths(folder).checkpoint)):
        raise JobError(
            f"{setting}: {shown(reference)}; no checkpoint there; "
            f"allowed: the id of a finished {kinds_that_make('checkpoint')} job in {runs_dir}, "
            "or a checkpoint folder"
        )


_ARTIFACT_CHECKS: Mapping[Artifact, Callable[[str, str, Path], None]] = {
    "tokenizer": _check_tokenizer,
    "checkpoint": _check_checkpoint,
}


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False  # a name too long, a folder that may not be entered


def _is_dir(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False
