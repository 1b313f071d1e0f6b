"""From a job file to an exit code: checks first, then torch, then one attempt.

Exit codes: 0 succeeded, 1 failed, 2 a job that cannot be run as written (nothing is written),
3 cancelled.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from trainer.data.errors import DataError
from trainer.job import JobError, RunPaths, job_adapter
from trainer.processes.ranks import Ranks
from trainer.run.folder import Request, claim_folder, read_request, resumed_from, say

EXIT_CODES = {"succeeded": 0, "failed": 1, "cancelled": 3}
BAD_JOB = 2
USAGE = """usage: python -m trainer JOB.json [--plot]   run a job (also under torchrun); --plot: loss.png
       python -m trainer schema              print the JSON schema of jobs
       python -m trainer data ...            list, fetch, import and build data sets
       python -m trainer engine CHECKPOINT --socket PATH"""


def main(argv: list[str]) -> int:
    """The command line of `python -m trainer`; returns the exit code."""
    if argv[:1] == ["schema"]:
        print(json.dumps(job_adapter().json_schema(), indent=1))
        return 0
    if argv[:1] == ["data"]:
        from trainer.data.cli import main as data_main

        return data_main(argv[1:])
    if argv[:1] == ["engine"]:
        from trainer.engine.cli import main as engine_main

        return engine_main(argv[1:])
    plot = argv[1:] == ["--plot"]
    if (len(argv) != 1 and not plot) or argv[0].startswith("-"):
        helped = argv[:1] in (["-h"], ["--help"])
        print(USAGE, file=sys.stdout if helped else sys.stderr)
        return 0 if helped else BAD_JOB
    return run_file(Path(argv[0]), plot)


def run_file(path: Path, plot: bool = False) -> int:
    """Check and run one job file; `plot` draws its loss once it has ended."""
    ranks = Ranks.from_environment(os.environ)
    try:
        request = read_request(path)
        if request.folder and request.folder.result.exists():
            say(ranks, f"{request.folder.job_id} has its result already: {request.folder.result}")
            if plot:
                _plot(request.folder, ranks)
            return 0
        from trainer.kinds.checks import check_job

        check_job(request.job, request.runs_dir)
        return run_request(request, ranks, plot)
    except (JobError, DataError) as error:
        say(ranks, f"error: {error}")
        return BAD_JOB


def run_request(request: Request, ranks: Ranks, plot: bool = False) -> int:
    """Run a checked job in its folder.

    Raises:
        JobError: when its numbers do not fit together, this machine cannot run it, or its GPUs cannot hold
            it; nothing has been written then.
    """
    # Only now: importing torch takes seconds, and a bad job should be told at once.
    from trainer.attempt import Attempt
    from trainer.kinds.checks import check_precision
    from trainer.kinds.table import prepare
    from trainer.processes.device import device_of_rank
    from trainer.processes.group import (
        broadcast_text,
        least_free_memory,
        leave_group,
        process_group,
        set_threads,
    )

    device = device_of_rank(ranks)
    set_threads(ranks)
    with process_group(ranks, device):
        memory = least_free_memory(device)
        prepared = prepare(request.job, request.runs_dir, ranks.world_size, device.type, memory)
        check_precision(request.job, device.type)
        folder = ""
        if ranks.rank == 0:
            paths = _claimed(request)
            folder = str(paths.folder)
            if request.folder is None and (earlier := resumed_from(paths)) is not None:
                say(ranks, f"{paths.job_id} goes on from the checkpoint of {earlier}")
        if ranks.world_size > 1:
            folder = broadcast_text(folder, device)
        attempt = Attempt(request, prepared, ranks, device, RunPaths(Path(folder)))
        state, symmetric = attempt.run()
        if ranks.world_size > 1 and not symmetric:
            # The other ranks wait in a collective that will never complete: leave without one.
            sys.stderr.flush()
            os._exit(EXIT_CODES[state])
        leave_group()
    if plot:
        _plot(attempt.paths, ranks)
    return EXIT_CODES[state]


def _plot(paths: RunPaths, ranks: Ranks) -> None:
    """Draw the loss curve: rank 0's duty."""
    if ranks.rank == 0:
        from trainer.run.loss_plot import plot_loss

        say(ranks, str(paths.loss_plot) if plot_loss(paths) else f"{paths.job_id} has no steps to plot")


def _claimed(request: Request) -> RunPaths:
    try:
        return claim_folder(request)
    except OSError as error:
        raise JobError(f'runs: "{request.runs_dir}"; {error.strerror}; allowed: a writable folder') from None
