"""What a job's result will rest on besides its spec and the device.

`python -m trainer.kinds.inputs RUNS < job.json` prints it, for whoever looks for a result recorded before.
"""

import sys
from pathlib import Path

from trainer.data.catalog import open_data
from trainer.job import (
    CheckpointPaths,
    EvalJob,
    Inputs,
    Job,
    PretrainJob,
    RunPaths,
    SftJob,
    parse_job,
    run_folder_of,
)
from trainer.run.provenance import code_hash
from trainer.tokenizer import Tokenizer


def inputs_of(job: Job, runs_dir: Path) -> Inputs:
    """The hashes as a run of this job would record them now.

    Raises:
        DataError, TokenizerError: what the job names cannot be read.
    """
    return Inputs(
        code_hash=code_hash(),
        data_hash=open_data(job.data).content_hash(),
        tokenizer_hash=_tokenizer_hash(job, runs_dir),
    )


def _tokenizer_hash(job: Job, runs_dir: Path) -> str | None:
    if isinstance(job, PretrainJob):
        return Tokenizer.load(RunPaths(run_folder_of(job.tokenizer, runs_dir)).tokenizer).content_hash()
    if isinstance(job, SftJob | EvalJob):
        from trainer.checkpoint.reader import checkpoint_folder

        reference = job.base if isinstance(job, SftJob) else job.checkpoint
        folder = checkpoint_folder(run_folder_of(reference, runs_dir))
        return None if folder is None else Tokenizer.load(CheckpointPaths(folder).tokenizer).content_hash()
    return None


if __name__ == "__main__":
    print(inputs_of(parse_job(sys.stdin.read()), Path(sys.argv[1])).model_dump_json())
