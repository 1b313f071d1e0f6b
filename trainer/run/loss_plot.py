"""The loss curve of a run as a picture, from its `events.jsonl`."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from trainer.job import RunPaths
from trainer.job.events import Evaluated, Step, event_adapter

# A mean over this share of the run is drawn through the single steps.
_SMOOTHED_SHARE = 0.02
_HELD_OUT = ("val_bpb", "val_assistant_loss")


def plot_loss(paths: RunPaths) -> bool:
    """Write `loss.png` into the run's folder; False where no step has been recorded."""
    steps, evaluations = _read(paths)
    if not steps:
        return False
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 4.5), layout="constrained")
    axes = figure.add_subplot()
    tokens = [step.tokens for step in steps]
    losses = [step.train_loss for step in steps]
    axes.plot(tokens, losses, color="tab:blue", alpha=0.3, linewidth=1, label="a step's loss")
    axes.plot(tokens, _smoothed(losses), color="tab:blue", label="mean around it")
    axes.set_xlabel("tokens trained on")
    axes.set_ylabel("training loss, nats a token")
    axes.set_title(paths.job_id)
    axes.grid(alpha=0.3)
    _add_held_out(axes, evaluations, steps[-1].tokens / steps[-1].step)
    figure.savefig(paths.loss_plot, dpi=120)
    return True


def _add_held_out(axes: Any, evaluations: list[Evaluated], tokens_a_step: float) -> None:
    """The held-out metric on an axis of its own, where there is a curve of it; a single value as words."""
    name = next((name for name in _HELD_OUT if any(name in e.metrics for e in evaluations)), None)
    points = [(e.step * tokens_a_step, e.metrics[name]) for e in evaluations if name in e.metrics]
    if name is not None and len(points) == 1:
        axes.plot([], [], " ", label=f"{name} at the end {points[0][1]:.4f}")
    lines = axes.get_legend_handles_labels()
    if name is not None and len(points) > 1:
        right = axes.twinx()
        right.plot(*zip(*points, strict=True), "o-", color="tab:orange", label=name)
        right.set_ylabel(name)
        lines = tuple(a + b for a, b in zip(lines, right.get_legend_handles_labels(), strict=True))
    axes.legend(*lines, loc="upper right")


def _read(paths: RunPaths) -> tuple[list[Step], list[Evaluated]]:
    """Steps and evaluations in order; of a step that was taken twice after a resume, the last."""
    steps: dict[int, Step] = {}
    evaluations: dict[int, Evaluated] = {}
    adapter = event_adapter()
    lines = paths.events.read_bytes().splitlines() if paths.events.exists() else []
    for line in lines:
        try:
            event = adapter.validate_json(line)
        except ValidationError:
            continue  # torn by a kill
        if isinstance(event, Step):
            steps[event.step] = event
        elif isinstance(event, Evaluated):
            evaluations[event.step] = event
    return [steps[n] for n in sorted(steps)], [evaluations[n] for n in sorted(evaluations)]


def _smoothed(values: list[float]) -> list[float]:
    """Means over windows around each place, shorter at the ends."""
    half = max(1, round(_SMOOTHED_SHARE * len(values) / 2))
    windows = (values[max(0, i - half) : i + half + 1] for i in range(len(values)))
    return [sum(window) / len(window) for window in windows]
