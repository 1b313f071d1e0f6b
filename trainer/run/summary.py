"""A few lines for the person who ran a job by hand, with what to do next."""

from __future__ import annotations

import json

from trainer.job import Job, PretrainJob, RunPaths, SftJob, TokenizerJob
from trainer.run.context import Outcome

SHOWN = ("val_bpb", "val_assistant_loss", "core_metric", "train_loss", "bytes_per_token", "tokens_per_second")


def summary(job: Job, paths: RunPaths, state: str, outcome: Outcome | None) -> str:
    """How it went and the next step."""
    metrics = outcome.metrics if outcome else {}
    shown = " · ".join(f"{name} {metrics[name]:,.4g}" for name in SHOWN if name in metrics)
    lines = [f"{paths.job_id} {state}", f"  {shown}", f"  {paths.folder}", *_next_step(job, paths, state)]
    return "\n".join(line for line in lines if line.strip())


def _next_step(job: Job, paths: RunPaths, state: str) -> list[str]:
    if state == "cancelled":
        return ["To go on from where it stopped, run the same command again."]
    if state != "succeeded":
        return []
    if isinstance(job, TokenizerJob):
        return _submit({"kind": "pretrain", "data": job.data, "tokenizer": paths.job_id})
    if isinstance(job, PretrainJob):
        return _submit({"kind": "sft", "data": job.data, "base": paths.job_id})
    if isinstance(job, SftJob):
        return [f"To talk to it: harness chat --checkpoint {paths.checkpoint}"]
    return []


def _submit(document: dict[str, str]) -> list[str]:
    return [
        "Next, for example:",
        f"  echo '{json.dumps(document)}' > next.json",
        "  harness submit next.json   (or: python -m trainer next.json)",
    ]
