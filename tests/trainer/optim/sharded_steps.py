"""One rank of tests/trainer/optim/test_sharding.py: a few optimizer steps, shared with the other ranks.

    torchrun … -m tests.trainer.optim.sharded_steps FOLDER STEPS [FROM]

Writes each case's weights and optimizer state to FOLDER, and the bytes of state that every rank keeps;
goes on from the folder FROM.
"""

import json
import os
import sys
from pathlib import Path
from typing import Literal

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from tests.support.model_support import random_tokens, tiny_config, tiny_model, tiny_plan
from trainer.job import OptimSpec
from trainer.model.gpt import GPT
from trainer.optim.optimizer import Optimizer
from trainer.optim.parts import MuonPart
from trainer.optim.sharding import BUCKET_ELEMENTS
from trainer.processes.group import process_group, rank_and_ranks
from trainer.processes.ranks import Ranks
from trainer.training.gradients import Gradients
from trainer.training.loss import loss_sum_of

ROWS = 8
_BLOCKS = ("gpt", "llama")
_OPTIMIZERS: tuple[Literal["muon"], Literal["adamw"]] = ("muon", "adamw")
CASES: dict[str, tuple[str, Literal["muon", "adamw"], int]] = {
    **{f"{block}-{chosen}": (block, chosen, BUCKET_ELEMENTS) for block in _BLOCKS for chosen in _OPTIMIZERS},
    # Tables travel alone, and matrices in several buckets.
    "gpt-muon-small": ("gpt", "muon", 4096),
}


def trained(case: str, steps: int, begin: Path | None = None) -> tuple[GPT, Optimizer]:
    """A model after `steps` steps from its start, or from what `begin` holds."""
    block, chosen, bucket_elements = CASES[case]
    config = tiny_config(block=block)
    # So that every hidden unit has a gradient: Muon's norm by rows makes much of the last bits of none.
    model = tiny_model(config, noise=0.1)
    plan = tiny_plan(config, optim=OptimSpec(matrix_optimizer=chosen))
    optimizer = Optimizer(model, plan, bucket_elements)
    if begin is not None:
        model.load_state_dict(load_file(begin / f"{case}.model"))
        optimizer.load_state_tensors(load_file(begin / f"{case}.optimizer"))
    gradients = Gradients(
        list(model.parameters()), loss_sum_of(model), 1, before_last=optimizer.expect_gradients
    )
    for step in range(steps):
        take_step(gradients, optimizer, step + (0 if begin is None else 100))
    return model, optimizer


def first_norm(case: str) -> float:
    """The norm of the gradient at the start."""
    model, optimizer = trained(case, 0)
    gradients = Gradients(
        list(model.parameters()), loss_sum_of(model), 1, before_last=optimizer.expect_gradients
    )
    return take_step(gradients, optimizer, 0)


def take_step(gradients: Gradients, optimizer: Optimizer, seed: int) -> float:
    """One step on this rank's share of `ROWS` rows; the norm of the whole gradient."""
    rank, ranks = rank_and_ranks()
    tokens = random_tokens(ROWS, 17, seed=seed)
    mine = tokens[rank * ROWS // ranks : (rank + 1) * ROWS // ranks]
    gradients.accumulate(mine[:, :-1], mine[:, 1:], ROWS * 16)
    norm = optimizer.step(1.0, 0.1, measured=True)
    optimizer.zero_grad()
    assert norm is not None
    return float(norm)


def write(folder: Path, case: str, model: GPT, optimizer: Optimizer) -> None:
    """What rank 0 has after bringing the state together, and what this rank kept of it."""
    optimizer.gather_state()
    rank, _ = rank_and_ranks()
    (folder / f"{case}.{rank}.json").write_text(json.dumps(kept_bytes(optimizer)))
    save_file(model.state_dict(), folder / f"{case}.model.{rank}")
    if rank == 0:
        save_file(model.state_dict(), folder / f"{case}.model")
        save_file(optimizer.state_tensors(), folder / f"{case}.optimizer")


def kept_bytes(optimizer: Optimizer) -> int:
    """Bytes of state that this rank keeps."""
    kept: list[Tensor] = []
    for part in optimizer._parts:
        if isinstance(part, MuonPart):
            kept += [part._group.momentum, part._group.second_moment]
        else:
            kept += [t for own in part.moments().values() for t in (own.step, own.exp_avg, own.exp_avg_sq)]
    return sum(tensor.nbytes for tensor in kept)


def main(folder: Path, steps: int, begin: Path | None) -> None:
    torch.set_num_threads(1)
    with process_group(Ranks.from_environment(os.environ), torch.device("cpu")):
        for case in CASES:
            write(folder, case, *trained(case, steps, begin))
        norms = {case: first_norm(case) for case in CASES}
        (folder / f"norms.{rank_and_ranks()[0]}.json").write_text(json.dumps(norms))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else None)
