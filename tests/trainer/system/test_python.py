"""Programs of ours import what is installed, not what lies in the folder that a command is given in."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from trainer.system.python import code_command, module_command

MINE = "print('MINE: a file of the current folder was imported'); raise SystemExit(9)\n"
NAMES = ("trainer", "server", "harness", "journal", "torch", "json")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder whose files are named as ours are, and as those that we use."""
    for name in NAMES:
        (tmp_path / f"{name}.py").write_text(MINE)
    return tmp_path


@pytest.mark.parametrize("safe_path", ["", "1"])
@pytest.mark.parametrize(
    "command",
    [
        module_command("trainer", "schema"),
        module_command("server", "--help"),
        module_command("harness", "start", "--help"),
        module_command("torch.distributed.run", "--help"),
        code_command("import json, journal, trainer.job"),
    ],
    ids=["trainer", "server", "harness", "torchrun", "code"],
)
def test_nothing_of_the_current_folder_is_imported(project: Path, command: list[str], safe_path: str) -> None:
    environment = {**os.environ, "PYTHONSAFEPATH": safe_path}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "MINE" not in done.stdout + done.stderr


def test_arguments_arrive_as_with_dash_m(project: Path) -> None:
    command = module_command("trainer", "no such file")
    done = subprocess.run(command, cwd=project, capture_output=True, text=True)
    assert done.returncode == 2 and 'job: "no such file"' in done.stderr


def test_no_package_starts_python_another_way() -> None:
    for package in ("harness", "agent", "journal", "server", "trainer"):
        for path in (ROOT / package).rglob("*.py"):
            assert path.name == "python.py" or "[sys.executable" not in path.read_text(), path
