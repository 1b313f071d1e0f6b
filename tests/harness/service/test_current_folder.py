"""A lab in a project whose files are named as our packages are: every process runs ours."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.harness_lab import CliLab, eventually
from tests.support.trainer_lab import write_data
from trainer.system.python import module_command


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[CliLab]:
    for name in ("trainer", "server", "harness", "journal", "agent", "torch", "json"):
        (tmp_path / f"{name}.py").write_text("print('MINE'); raise SystemExit(9)\n")
    (tmp_path / "data").mkdir()
    write_data(tmp_path / "data")
    lab = CliLab(tmp_path / "lab", stand_ins=False)
    yield lab
    lab.clean_up()


def start(lab: CliLab, *words: str) -> "subprocess.Popen[str]":
    """A command given in the project's folder."""
    pipe = subprocess.PIPE
    return subprocess.Popen(
        module_command("harness", *words), cwd=lab.folder.parent, env=lab.environment, stdout=pipe, text=True
    )


def test_a_job_given_in_such_a_folder_runs(lab: CliLab) -> None:
    job = {"kind": "tokenizer", "data": str(lab.folder.parent / "data"), "vocab_size": 300}
    (lab.folder.parent / "job.json").write_text(json.dumps(job))
    printed, _ = start(lab, "submit", "job.json", "--lab", "lab").communicate(timeout=90)
    assert "succeeded" in printed and "MINE" not in printed
    again, _ = start(lab, "submit", "job.json", "--lab", "lab").communicate(timeout=90)
    assert again == printed, "the recorded result is found by a process, too"


def test_the_server_and_the_data_command_are_ours(lab: CliLab) -> None:
    printed, _ = start(lab, "data", "list").communicate(timeout=90)
    assert "MINE" not in printed
    serving = start(lab, "serve", "--port", "0", "--lab", "lab")
    eventually((lab.folder / "server.json").exists, "the server")
    serving.terminate()
    serving.communicate(timeout=60)
    assert serving.returncode == 0
    assert os.fsencode("MINE") not in (lab.folder / "server.log").read_bytes()
