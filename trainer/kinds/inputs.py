"""What a job's result will rest on besides its spec and the device.

`python -m trainer.kinds.inputs RUNS < job.json` prints it, for whoever looks for a result recorded before.
"""

import sys
from pathlib import Path

from trainer.data.catalog import open_data
from trainer.job import CheckpointPaths, Inputs, Job, RunPaths, parse_job, references_of, run_folder_of
from trainer.system.hashes import code_hash
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
    """Of the tokenizer that the job names, else of the one in the checkpoint that it builds on."""
    for reference in references_of(job):
        folder = run_folder_of(reference.value, runs_dir)
        path = RunPaths(folder).tokenizer
        if reference.artifact == "checkpoint":
            path = _checkpoint_paths(folder).tokenizer
        return Tokenizer.load(path).content_hash()
    return None


def _checkpoint_paths(folder: Path) -> CheckpointPaths:
    from trainer.checkpoint.reader import checkpoint_folder

    return CheckpointPaths(checkpoint_folder(folder) or folder)


if __name__ == "__main__":
    print(inputs_of(parse_job(sys.stdin.read()), Path(sys.argv[1])).model_dump_json())
