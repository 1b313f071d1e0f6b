"""A few lines for the person who ran a job by hand, with what to do next."""

from __future__ import annotations

import json

from trainer.job import RunPaths
from trainer.run.context import Outcome

SHOWN = ("val_bpb", "val_assistant_loss", "core_metric", "train_loss", "bytes_per_token", "tokens_per_second")


def summary(paths: RunPaths, state: str, outcome: Outcome | None, next_steps: list[str]) -> str:
    """How it went, and what one may do next."""
    metrics = outcome.metrics if outcome else {}
    shown = " · ".join(f"{name} {metrics[name]:,.4g}" for name in SHOWN if name in metrics)
    lines = [f"{paths.job_id} {state}", f"  {shown}", f"  {paths.folder}", *_next_steps(state, next_steps)]
    return "\n".join(line for line in lines if line.strip())


def submit_next(document: dict[str, str]) -> list[str]:
    """How to run a job that builds on this one."""
    return [
        "Next, for example:",
        f"  echo '{json.dumps(document)}' > next.json",
        "  harness submit next.json   (or: python -m trainer next.json)",
    ]


def _next_steps(state: str, after_success: list[str]) -> list[str]:
    if state == "cancelled":
        return ["To go on from where it stopped, run the same command again."]
    return after_success if state == "succeeded" else []
