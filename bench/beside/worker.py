"""`python -m bench.beside.worker SPEC`: one rank of one variant; trains when a line of input says so.

Rank 0 answers with a line of JSON: once when it is ready, then for every `step N`.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any

import torch
import torch.distributed as dist

from bench.beside.learner import Learner, seconds_of
from bench.beside.spec import Spec
from trainer.sizing.memory import measured_peak_bytes

Say = Callable[[dict[str, Any]], None]


def main() -> None:
    spec, say = Spec.from_json(sys.argv[1]), _answers()
    # Not a `with`: after an error, leaving the group could wait for the other ranks for ever.
    at_end = contextlib.ExitStack()
    try:
        serve(_built(spec, at_end), spec, say)
        at_end.close()
    except BaseException as error:
        traceback.print_exc()
        say({"error": _one_line(error)})
        sys.stderr.flush()
        os._exit(1)


def _built(spec: Spec, at_end: contextlib.ExitStack) -> Learner:
    """The variant's learner; where there are several ranks, in a process group that `at_end` leaves."""
    if not spec.is_ours:
        from bench.beside import theirs

        learner = theirs.build(spec)
        if dist.is_initialized():
            at_end.callback(dist.destroy_process_group)
        return learner
    from bench.beside import ours
    from trainer.processes.device import device_of_rank
    from trainer.processes.group import process_group
    from trainer.processes.ranks import Ranks

    ranks = Ranks.from_environment(os.environ)
    device = device_of_rank(ranks)
    at_end.enter_context(process_group(ranks, device))
    return ours.build(spec, ranks, device)


def serve(learner: Learner, spec: Spec, say: Say) -> None:
    """Warm up, tell what is known, then steps until the input ends."""
    learner.steps(1)
    seconds_to_first_step = time.time() - spec.started
    learner.steps(max(1, spec.warm_steps - 1))
    on_gpu = learner.device.type == "cuda"
    say(
        {
            "seconds_to_first_step": seconds_to_first_step,
            "flops_per_token": learner.flops_per_token,
            "details": learner.details,
            "device": torch.cuda.get_device_name(learner.device) if on_gpu else "CPU",
            "torch": torch.__version__,
            **_memory(learner.device),
        }
    )
    _release(learner.device)
    for line in sys.stdin:
        say(turn(learner, int(line.split()[1])))
        _release(learner.device)


def turn(learner: Learner, count: int) -> dict[str, Any]:
    """One step to get memory and clocks back, then `count` timed ones."""
    losses = [learner.steps(1)]
    seconds = seconds_of(lambda: losses.append(learner.steps(count)), learner.device)
    return {"steps": count, "seconds": seconds, "loss": losses[-1], **_memory(learner.device)}


def _memory(device: torch.device) -> dict[str, int]:
    """Since the start, or since our warm-up: the most in tensors, and the most that the allocator took."""
    reserved = torch.cuda.max_memory_reserved(device) if device.type == "cuda" else 0
    return {"peak_bytes": measured_peak_bytes(device), "reserved_bytes": reserved}


def _release(device: torch.device) -> None:
    """Leave what is free on the GPU to the variants whose turn it is."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
        torch.cuda.empty_cache()


def _answers() -> Say:
    """Writes to the real standard output; whatever else is printed goes to the log."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def say(answer: dict[str, Any]) -> None:
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    return say


def _one_line(error: BaseException) -> str:
    text = " ".join(str(error).split())[:300]
    return f"{type(error).__name__}: {text}"


if __name__ == "__main__":
    main()
