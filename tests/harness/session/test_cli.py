"""The command line: light, helpful, one line for a user's error."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from harness.doctor.diagnosis import Check
from tests.support.harness_lab import ROOT, CliLab

COMMANDS = [
    ["start"], ["stop"], ["status"], ["submit"], ["jobs"], ["journal"], ["journal", "show"], ["report"],
    ["chat"], ["serve"], ["deploy"], ["data"], ["doctor"], ["hypothesis", "add"],
]  # fmt: skip


def harness(*arguments: str, **extra: str) -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "PYTHONPATH": str(ROOT), **extra}
    return subprocess.run(
        [sys.executable, "-m", "harness", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_every_command_has_help_with_an_example() -> None:
    from typer.testing import CliRunner

    from harness.cli.main import app

    for command in COMMANDS:
        shown = CliRunner().invoke(app, [*command, "--help"])
        assert shown.exit_code == 0, command
        assert "Example: harness " + command[0] in shown.output, command


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from harness.cli.main import run\n"
        "assert run(['--help']) == 0\n"
        "heavy = {'torch', 'optuna', 'scipy', 'matplotlib', 'numpy', 'fastapi', 'openai', 'sqlite_utils'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["start"], "--budget"),
        (["start", "--budget", "much"], "much"),
        (["start", "--budget", "-5usd"], "-5usd"),
        (["start", "--budget", "0.0001usd"], "at least"),
        (["start", "--budget", "1usd", "--data", "/no/such"], "--data"),
        (["start", "--budget", "1usd", "--proposer", "oracle"], "--proposer"),
        (["start", "--budget", "1usd", "--bill", "never"], "--bill"),
        (["start", "--budget", "1usd", "--slots", "9999"], "--slots"),
        (["start", "--budget", "1usd", "--hours", "nan"], "--hours"),
        (["start", "--budget", "1usd", "--proposer", "llm"], "HARNESS_LLM_MODEL"),
        (["deploy"], "--rollback"),
        (["jobs", "--cancel"], "no lab"),
        (["chat"], "no lab"),
        (["submit", "/no/such/job.json"], "/no/such/job.json"),
        (["hypothesis", "add", "words", "optim.matrix_lr"], "SETTING=VALUE"),
        (["hypothesis", "add", "words", "optim.matrix_rate=1"], "matrix_rate"),
        (["frobnicate"], "frobnicate"),
    ],
)
def test_a_users_error_is_one_line_and_exit_2(tmp_path: Path, arguments: list[str], named: str) -> None:
    command = arguments if arguments == ["frobnicate"] else [*arguments, "--lab", str(tmp_path / "lab")]
    done = harness(*command)
    assert done.returncode == 2, done.stdout + done.stderr
    assert len(done.stderr.strip().splitlines()) == 1 and named in done.stderr


def test_a_refused_start_leaves_no_lab(tmp_path: Path) -> None:
    harness("start", "--budget", "0.0001usd", "--lab", str(tmp_path / "lab"))
    harness("start", "--budget", "1usd", "--proposer", "llm", "--lab", str(tmp_path / "lab"))
    assert not (tmp_path / "lab").exists()


def test_dry_run_prints_the_plan_and_writes_nothing(tmp_path: Path) -> None:
    done = harness(
        "start", "--budget", "0.06usd", "--slots", "1", "--dry-run", "--lab", str(tmp_path / "lab")
    )
    assert done.returncode == 0, done.stderr
    for word in ("champion", "hypotheses", "$0.0600", "1,080"):
        assert word in done.stdout
    assert not (tmp_path / "lab").exists()


def test_the_doctor_tells_programs_what_is_broken(tmp_path: Path) -> None:
    done = CliLab(tmp_path / "lab").run("doctor", "--json", "--port", "0", HARNESS_DATA="/no/such/folder")
    checks = {found["name"]: Check(**found) for found in json.loads(done.stdout)}
    names = {"python", "torch", "gpus", "rustbpe", "server", "engine", "disk", "data", "llm", "port"}
    assert names <= set(checks) and checks["server"].state == "ok"
    assert done.returncode == 1 and checks["data"].state == "failed"
    assert "/no/such/folder" in checks["data"].detail and checks["python"].state == "ok"
