"""From a job row to a supervised process: the run folder, the command line, the environment."""

import json
import os
import re
import subprocess
from dataclasses import dataclass

from harness.errors import UserError
from harness.fleet.liveness import SILENCE_SECONDS
from harness.fleet.supervisor import LAUNCH_FILE
from harness.node.slots import Slot, slot_environment
from journal.lab_paths import LabPaths
from journal.records import JobRow
from trainer.job import RunPaths
from trainer.system.environment_block import with_room
from trainer.system.files import link_tree, write_json, write_whole
from trainer.system.processes import RUN_VARIABLE
from trainer.system.python import module_command, module_words

# Tests of the lab name stand-ins for the trainer and a resident one here.
TRAINER_VARIABLE, RESIDENT_VARIABLE = "HARNESS_TRAINER_COMMAND", "HARNESS_RESIDENT_COMMAND"
_SECRET = re.compile(r"KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL", re.IGNORECASE)


@dataclass(frozen=True)
class Launcher:
    """Starts supervisors; the commands stand in for the trainer and a resident one in tests of the lab.

    A job of one rank runs in a resident trainer, which its supervisor keeps for the jobs that follow.
    """

    lab: LabPaths
    trainer_command: tuple[str, ...] | None = None
    silence_seconds: float = SILENCE_SECONDS
    resident_command: tuple[str, ...] | None = None

    def launch(
        self, row: JobRow, slots: tuple[Slot, ...], deadline_seconds: float, grace_seconds: float
    ) -> "subprocess.Popen[bytes]":
        """Start a supervisor, which takes the job from there; it ends no later than this process if idle."""
        paths = self.prepare(row, slots, deadline_seconds, grace_seconds)
        return subprocess.Popen(
            module_command("harness.fleet.supervisor", str(paths.folder)),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=self.environment(row, paths, slots),
            start_new_session=True,
        )

    def is_resident(self, row: JobRow) -> bool:
        """Whether the job's trainer may have had another job before."""
        return row.gpus == 1 and (self.trainer_command is None or self.resident_command is not None)

    def prepare(
        self, row: JobRow, slots: tuple[Slot, ...], deadline_seconds: float, grace_seconds: float
    ) -> RunPaths:
        """The run folder, and in it what its supervisor is to do."""
        paths = self.lab.run(row.job_id)
        self.fill(row, paths)
        launch = {
            "job_id": row.job_id,
            "run": str(paths.folder),
            "command": self.command(row.gpus, paths),
            "deadline_seconds": deadline_seconds,
            "grace_seconds": grace_seconds,
            "silence_seconds": self.silence_seconds,
            "slots": [slot.index for slot in slots],
            "cores": [core for slot in slots for core in slot.cores],
            "lock": paths.lock.name,
            "log": paths.log.name,
            "job": paths.job.name,
            "events": paths.events.name,
            "exit": paths.exit.name,
            "supervisor": paths.supervisor.name,
        }
        if self.is_resident(row):
            launch["resident_command"] = list(self.resident_command or module_command("trainer", "worker"))
        if not paths.supervisor.exists():
            write_json(paths.folder / LAUNCH_FILE, launch)
        return paths

    def fill(self, row: JobRow, paths: RunPaths) -> None:
        """The run folder with the job's canonical bytes and, on a resume, the earlier checkpoint."""
        paths.folder.mkdir(parents=True, exist_ok=True)
        if row.resumed_from is not None and not paths.checkpoint.exists():
            earlier = self.lab.run(row.resumed_from).checkpoint
            if earlier.is_dir():
                link_tree(earlier, paths.checkpoint)
                write_whole(paths.resumed_from, row.resumed_from.encode())
        if not paths.job.exists():
            write_whole(paths.job, row.spec.encode())

    def command(self, ranks: int, paths: RunPaths) -> list[str]:
        """The trainer itself for one rank (torchrun's own import costs seconds), torchrun for more."""
        job = str(paths.job)
        if self.trainer_command is not None:
            return [*self.trainer_command, job]
        if ranks == 1:
            return module_command("trainer", job)
        logs = str(paths.folder / "torchrun")  # a folder of its own in /tmp would outlive a kill
        options = ["--standalone", "--nproc-per-node", str(ranks), "--log-dir", logs]
        return module_command("torch.distributed.run", *options, *module_words("trainer", job))

    def environment(self, row: JobRow, paths: RunPaths, slots: tuple[Slot, ...]) -> dict[str, str]:
        """The job's environment: no secrets, its slots, and how its processes are found again."""
        return {
            **clean_environment(),
            **slot_environment(slots),
            "HARNESS_JOB_ID": row.job_id,
            "HARNESS_LAB": str(self.lab.folder),
            **with_room(RUN_VARIABLE, str(paths.folder)),
        }


def launcher_of(lab: LabPaths) -> Launcher:
    """With the stand-ins that the environment names.

    Raises:
        UserError: one is no list of words.
    """
    return Launcher(lab, trainer_command(), resident_command=_words(RESIDENT_VARIABLE))


def trainer_command() -> tuple[str, ...] | None:
    """`HARNESS_TRAINER_COMMAND`: a JSON list that stands in for the trainer; None for the real one.

    Raises:
        UserError: it is no list of words.
    """
    return _words(TRAINER_VARIABLE)


def _words(variable: str) -> tuple[str, ...] | None:
    text = os.environ.get(variable)
    if text is None:
        return None
    try:
        words = json.loads(text)
    except ValueError:
        words = None
    if not isinstance(words, list) or not words or not all(isinstance(word, str) for word in words):
        raise UserError(f"{variable}: {text!r}; allowed: a JSON list of words")
    return tuple(words)


def clean_environment() -> dict[str, str]:
    """This process's environment without secrets; what it starts imports nothing of the current folder."""
    kept = {name: value for name, value in os.environ.items() if not _SECRET.search(name)}
    kept.pop("HARNESS_CRASH_AT", None)
    return {**kept, "PYTHONSAFEPATH": "1"}  # for programs that torch starts
