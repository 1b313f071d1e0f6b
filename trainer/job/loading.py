"""From bytes to a checked job: every refusal is one line naming field, value and what is allowed."""

import hashlib
import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from trainer.job.paths import RunPaths, data_dir, run_folder_of
from trainer.job.refusals import one_line, shown
from trainer.job.spec import EvalJob, PretrainJob, SftJob, TokenizerJob

Job = TokenizerJob | PretrainJob | SftJob | EvalJob
JOB_MODELS: dict[str, type[TokenizerJob] | type[PretrainJob] | type[SftJob] | type[EvalJob]] = {
    "tokenizer": TokenizerJob,
    "pretrain": PretrainJob,
    "sft": SftJob,
    "eval": EvalJob,
}
MAX_JOB_BYTES = 1 << 20


class JobError(ValueError):
    """A job that cannot be run as written; `str()` is one line for the user."""


def parse_job(text: bytes | str) -> Job:
    """Parse and validate one job.

    Raises:
        JobError: naming the field, the value and what is allowed.
    """
    if len(text) > MAX_JOB_BYTES:
        raise JobError(f"job: {len(text)} bytes; allowed: at most {MAX_JOB_BYTES}")
    try:
        document = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_refuse_twins)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise JobError(f"job: not JSON ({error})") from None
    return validate_job(document)


def validate_job(document: Any) -> Job:
    """Validate a decoded job document.

    Raises:
        JobError: naming the first field at fault, its value and what is allowed.
    """
    if not isinstance(document, dict):
        raise JobError(f"job: {shown(document)}; allowed: a JSON object")
    kind = document.get("kind")
    model = JOB_MODELS.get(kind) if isinstance(kind, str) else None
    if model is None:
        raise JobError(f"kind: {shown(kind)}; allowed: {', '.join(JOB_MODELS)}")
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
    _check_data("data", job.data)
    if not isinstance(job, TokenizerJob) and job.core.data is not None:
        _check_data("core.data", job.core.data)
    if isinstance(job, PretrainJob):
        _check_tokenizer(job.tokenizer, runs_dir)
    if isinstance(job, SftJob):
        _check_checkpoint("base", job.base, runs_dir)
    if isinstance(job, EvalJob):
        _check_checkpoint("checkpoint", job.checkpoint, runs_dir)


def _check_data(field: str, name: str) -> None:
    # The starter set is built on first use from the interpreter's own sources.
    if name != "starter" and not data_dir(name).is_dir():
        raise JobError(
            f'{field}: {shown(name)}; no such data set; allowed: "starter", "default" (the folder '
            "that HARNESS_DATA names), a fetched name (see: harness data list), or a folder"
        )


def _check_tokenizer(reference: str, runs_dir: Path) -> None:
    if not RunPaths(run_folder_of(reference, runs_dir)).tokenizer.is_file():
        raise JobError(
            f"tokenizer: {shown(reference)}; no tokenizer.json there; "
            f"allowed: the id of a finished tokenizer job in {runs_dir}, or a folder with a tokenizer.json"
        )


def _check_checkpoint(field: str, reference: str, runs_dir: Path) -> None:
    folder = run_folder_of(reference, runs_dir)
    if not any((place / "model.safetensors").is_file() for place in (folder, RunPaths(folder).checkpoint)):
        raise JobError(
            f"{field}: {shown(reference)}; no checkpoint there; "
            f"allowed: the id of a finished pretrain or sft job in {runs_dir}, or a checkpoint folder"
        )


def _refuse_constant(name: str) -> Any:
    raise JobError(f"job: {name} is not a number JSON allows; allowed: finite numbers")


def _refuse_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen = dict(pairs)
    if len(seen) != len(pairs):
        names = [name for name, _ in pairs]
        twin = next(name for name in names if names.count(name) > 1)
        raise JobError(f"{twin}: given twice; allowed: once")
    return seen
