"""The files of a simulated job, as the trainer and its supervisor would leave them."""

import json
import math
import random
from pathlib import Path

from harness.lab.simulated import MARKER
from harness.simulation.clock import BOOT_ID
from harness.simulation.compile_cache import OUTCOME_FILE
from harness.simulation.core import ability, simulated_core
from harness.simulation.outcome import CHAT_SET_TOKENS, Outcome, OutcomeModel
from harness.simulation.surface import val_bpb
from journal.records import JobRow
from trainer.job import (
    CHAT_TOKENS,
    TEXT_TOKENS,
    Contract,
    CoreReport,
    EvalJob,
    ExitRecord,
    JobResult,
    PretrainJob,
    Provenance,
    RunPaths,
    SupervisorRecord,
    TokenizerJob,
    makes_checkpoint,
    parse_job,
    spec_hash,
)
from trainer.job.events import Started, Step
from trainer.system.files import read_json, write_whole

_STEPS = 8
_CHECKPOINTS = 8
_SFT_BPB = 0.03
_SFT_CORE = 0.01
# Assumed: what other text of the same length would change in a paired difference.
_TEXT_BPB = 0.0003
_EXITS = {"succeeded": ("exited", 0), "crashed": ("exited", 1), "nan": ("exited", 1),
          "out_of_memory": ("exited", 1), "killed": ("exited", -9), "hung": ("time_limit", -9),
          "time_limit": ("time_limit", 3), "stopped": ("stopped", 3), "ended": ("killed", -9)}  # fmt: skip
_STATES = {"succeeded": "succeeded", "nan": "failed", "out_of_memory": "failed", "time_limit": "cancelled",
           "stopped": "cancelled"}  # fmt: skip
_WITH_CHECKPOINT = ("succeeded", "time_limit", "stopped")


def read_outcome(paths: RunPaths) -> Outcome | None:
    """The outcome of a job that was launched."""
    document = read_json(paths.folder / OUTCOME_FILE)
    return None if document is None else Outcome.model_validate_json(json.dumps(document))


def write_outcome(paths: RunPaths, outcome: Outcome) -> None:
    """Keep an outcome, or a changed one."""
    _write(paths.folder / OUTCOME_FILE, outcome)


def carried_progress(paths: RunPaths) -> float:
    """How far the checkpoint of a run folder has come; 0.0 without one."""
    document = read_json(paths.checkpoint / MARKER)
    return 0.0 if document is None else float(document["progress"])


def begin(paths: RunPaths, row: JobRow, outcome: Outcome, deadline_seconds: float) -> None:
    """What is there once a supervisor has started the job."""
    paths.folder.mkdir(parents=True, exist_ok=True)
    paths.job.write_bytes(row.spec.encode())
    if row.resumed_from is not None:
        paths.resumed_from.write_text(row.resumed_from, encoding="utf-8")
    write_outcome(paths, outcome)
    record = SupervisorRecord(
        job_id=row.job_id,
        pid=0,
        start_time_ticks=0,
        boot_id=BOOT_ID,
        started_at=outcome.started_at,
        started_elapsed_seconds=outcome.started_elapsed,
        deadline_seconds=deadline_seconds,
    )
    _write(paths.supervisor, record)


def end(paths: RunPaths, row: JobRow, outcome: Outcome, model: OutcomeModel, at: float) -> ExitRecord | None:
    """What a job that has ended leaves; None when nobody was left to record how."""
    result = _result(row, outcome, model, at)
    _write_events(paths, outcome)
    paths.log.write_text(
        f"[simulation] {outcome.ending} after {outcome.wall_seconds:.0f} s\n", encoding="utf-8"
    )
    if makes_checkpoint(row.kind):
        _leave_checkpoint(paths, row, outcome)
    if result is not None:
        _write(paths.result, result)
    if outcome.ending == "lost":
        return None
    record = _exit_record(row, outcome, at)
    _write(paths.exit, record)
    return record


def _leave_checkpoint(paths: RunPaths, row: JobRow, outcome: Outcome) -> None:
    """What the job saved at its end, or at the last of its regular checkpoints before it died."""
    job, progress = parse_job(row.spec), outcome.progress
    if outcome.ending not in _WITH_CHECKPOINT:
        if not isinstance(job, PretrainJob) or job.checkpoint_every_steps is None:
            return
        progress = math.floor(progress * _CHECKPOINTS) / _CHECKPOINTS
    if progress > 0.0:
        paths.checkpoint.mkdir(exist_ok=True)
        _write(paths.checkpoint / MARKER, _Checkpoint(job_id=row.job_id, progress=progress))


class _Checkpoint(Contract):
    """Stands where weights would: nothing can serve it or train from it but a simulation."""

    job_id: str
    progress: float
    simulated: bool = True


def _exit_record(row: JobRow, outcome: Outcome, at: float) -> ExitRecord:
    reason, returncode = _EXITS[outcome.ending]
    document = {
        "job_id": row.job_id,
        "returncode": returncode,
        "reason": reason,
        "wall_seconds": outcome.wall_seconds,
        "boot_id": BOOT_ID,
        "finished_at": at,
    }
    return ExitRecord.model_validate(document)


def _result(row: JobRow, outcome: Outcome, model: OutcomeModel, at: float) -> JobResult | None:
    state = _STATES.get(outcome.ending)
    if state is None:
        return None
    metrics, core = _measured(row, outcome, model) if state == "succeeded" else (_trained(outcome), None)
    document = {
        "job_id": row.job_id,
        "spec_hash": row.spec_hash,
        "kind": row.kind,
        "state": state,
        "reason": outcome.ending if state == "failed" else None,
        "message": "simulated",
        "metrics": metrics,
        "core": core,
        "provenance": _provenance(row, model),
        "resumed_from": row.resumed_from,
        "started_at": outcome.started_at,
        "finished_at": at,
        "wall_seconds": outcome.wall_seconds,
        "train_seconds": outcome.train_seconds,
    }
    return JobResult.model_validate(document)


def _trained(outcome: Outcome) -> dict[str, float]:
    """What a job that was cut had done; nothing where it does not train."""
    if outcome.train_seconds <= 0.0:
        return {}
    tokens = outcome.train_seconds * outcome.tokens_per_second
    return {"train_seconds": outcome.train_seconds, "tokens": tokens}


def _measured(
    row: JobRow, outcome: Outcome, model: OutcomeModel
) -> tuple[dict[str, float], CoreReport | None]:
    job = parse_job(row.spec)
    if isinstance(job, EvalJob) and job.text == "locked":
        return _locked(job, row, model), None
    root = model.pretrain_of(job)
    if root is None or isinstance(job, TokenizerJob):
        counted = {CHAT_TOKENS: float(CHAT_SET_TOKENS), TEXT_TOKENS: model.settings.text_tokens}
        return {"bytes_per_token": 4.2, **counted}, None
    tokens, vocab_size = model.tokens_of(root), model.node.vocab_size
    base = val_bpb(root, tokens, vocab_size, row.spec_hash, model.settings)
    assert base is not None
    tuned = not isinstance(job, PretrainJob)
    metrics = {"val_bpb": base + tuned * _SFT_BPB}
    if outcome.train_seconds > 0.0:
        metrics["tokens_per_second"] = outcome.tokens_per_second
    if not job.core.enabled:
        return metrics, None
    level = ability(base, root, tokens, vocab_size, model.settings) + tuned * _SFT_CORE
    core = simulated_core(level, job.core.max_per_task, row.spec_hash, model.settings)
    return {**metrics, "core_metric": core.core_metric}, core


def _locked(job: EvalJob, row: JobRow, model: OutcomeModel) -> dict[str, float]:
    """The runs' own values, apart from what the choice of text adds to their difference."""
    bpb = _own_bpb(job.checkpoint, model)
    if job.against is None:
        return {"locked_bpb": bpb}
    chance = random.Random(f"locked:{model.settings.seed}:{row.spec_hash}")
    gain = _own_bpb(job.against, model) - bpb + chance.gauss(0.0, _TEXT_BPB)
    return {"locked_bpb": bpb, "gain_bpb": gain, "gain_standard_error": _TEXT_BPB, "gain_blocks": 32.0}


def _own_bpb(reference: str, model: OutcomeModel) -> float:
    root = model.pretrain_of(parse_job(model.lab.run(reference).job.read_bytes()))
    assert root is not None
    value = val_bpb(root, model.tokens_of(root), model.node.vocab_size, spec_hash(root), model.settings)
    assert value is not None
    return value


def _provenance(row: JobRow, model: OutcomeModel) -> Provenance:
    return Provenance(
        git_revision=None,
        code_hash="simulated",
        data_hash="simulated",
        tokenizer_hash="simulated",
        torch_version="none",
        python_version="none",
        device=f"simulated {model.node.machine.device_name(row.gpus)}",
        world_size=row.gpus,
    )


def _write_events(paths: RunPaths, outcome: Outcome) -> None:
    begun = outcome.started_at + outcome.startup_seconds
    lines: list[Contract] = [Started(time=begun, job_id=outcome.job_id, total_steps=_STEPS)]
    for step in range(1, _STEPS + 1 if outcome.train_seconds > 0.0 else 1):
        done = outcome.progress * step / _STEPS
        lines.append(
            Step(
                time=begun + outcome.train_seconds * step / _STEPS,
                step=step,
                progress=done,
                train_loss=2.5 + 6.0 / (1.0 + 20.0 * done),
                tokens=step,
                tokens_per_second=outcome.tokens_per_second,
            )
        )
    paths.events.write_text("".join(line.model_dump_json() + "\n" for line in lines), encoding="utf-8")


def _write(path: Path, record: Contract) -> None:
    """Atomic against a killed conductor; not synced, for a power cut costs nothing that is real."""
    write_whole(path, record.model_dump_json().encode(), sync=False)
