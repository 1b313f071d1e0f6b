"""Going on from the checkpoint in a run folder."""

from __future__ import annotations

import json

from trainer.checkpoint.reader import checkpoint_folder, open_model, restore_training
from trainer.checkpoint.writer import repair_checkpoint
from trainer.job import CheckpointPaths
from trainer.model.gpt import GPT
from trainer.optim.optimizer import Optimizer
from trainer.processes.group import barrier
from trainer.run.context import RunContext
from trainer.training.state import LoopState


def resume(context: RunContext, model: GPT, optimizer: Optimizer) -> LoopState | None:
    """Go on from the run folder's checkpoint: fills model and optimizer; None where there is none.

    Raises:
        CheckpointError: when the checkpoint does not belong to this job or is damaged.
    """
    folder = context.paths.checkpoint
    if context.is_main:
        repair_checkpoint(folder)
    barrier()
    if checkpoint_folder(folder) is None:
        return None
    if CheckpointPaths(folder).optimizer.exists():
        return LoopState(**restore_training(folder, model, optimizer))
    # Training had ended: what is left is to evaluate.
    model.load_state_dict(open_model(folder).model.state_dict())
    return LoopState(**json.loads(CheckpointPaths(folder).loop_state.read_text(encoding="utf-8")))
