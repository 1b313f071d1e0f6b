"""A job that was run before is not run again: its recorded result is the answer."""

import subprocess

from pydantic import ValidationError

from harness.fleet.launcher import clean_environment
from harness.node.machine import Machine
from journal.lab_paths import LabPaths
from journal.records import JobRow
from journal.store import Journal
from trainer.job import Inputs, Job, canonical_bytes, data_sets_of, is_job_id, references_of, spec_hash
from trainer.system.python import module_command


def recorded_result(lab: LabPaths, journal: Journal, job: Job, machine: Machine) -> JobRow | None:
    """A success of this job with today's code, data, tokenizer and device; None when there is none."""
    if not journal.jobs(state="succeeded", spec_hash=spec_hash(job)) or not _is_told_by_hashes(job):
        return None
    inputs = inputs_of(lab, job)
    if inputs is None:
        return None
    return journal.reusable(spec_hash(job), inputs, machine.device_name(job.limits.gpus))


def inputs_of(lab: LabPaths, job: Job) -> Inputs | None:
    """What the trainer says the job would rest on, from a process of its own; None when it cannot say."""
    command = module_command("trainer.kinds.inputs", str(lab.runs))
    done = subprocess.run(
        command, input=canonical_bytes(job), capture_output=True, env=clean_environment(), check=False
    )
    try:
        return Inputs.model_validate_json(done.stdout)
    except ValidationError:
        return None


def _is_told_by_hashes(job: Job) -> bool:
    """Not where weights or CORE's questions lie in a folder that is not hashed: it may have changed."""
    weights = (reference.value for reference in references_of(job) if reference.artifact == "checkpoint")
    return all(is_job_id(name) for name in weights) and all(name == job.data for _, name in data_sets_of(job))
