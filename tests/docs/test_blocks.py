"""Every fenced block is what it says: JSON parses, Python compiles, shell commands run.

Blocks of a page run from top to bottom in one folder. A block after `<!-- not run: reason -->`, and the
commands of a transcript, are only checked for their syntax.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import Block, blocks, pages
from tests.support.paths import ROOT
from trainer.data import open_data
from trainer.job import parse_job

SHELL = ("sh", "console")
PROGRAMS = {"python": "", "harness": "-m harness"}


def shell_text(block: Block) -> str:
    """The commands of a block; of a transcript those after `$ `."""
    if block.language == "sh":
        return block.text
    return "\n".join(line[2:] for line in block.text.splitlines() if line.startswith("$ "))


def workshop(folder: Path) -> dict[str, str]:
    """Make `folder` look like a built checkout; the environment in which blocks run there."""
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name, module in PROGRAMS.items():
        (programs / name).write_text(f'#!/bin/sh\nexec {sys.executable} {module} "$@"\n')
        (programs / name).chmod(0o755)
    (folder / "examples").symlink_to(ROOT / "examples")
    # A cache of its own, for what blocks import; of the shared one only the starter set, which takes seconds.
    data = folder / "cache" / "data"
    data.mkdir(parents=True)
    starter = open_data("starter").folder
    (data / starter.name).symlink_to(starter)
    kept = {name: value for name, value in os.environ.items() if name != "HARNESS_DATA"}
    path = os.pathsep.join([str(programs), os.environ["PATH"]])
    own = {"HARNESS_CACHE": str(data.parent), "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    return kept | own | {"PATH": path}


def run(text: str, folder: Path, environment: dict[str, str], *options: str) -> str | None:
    """None when bash is content, else what it said."""
    ended = subprocess.run(
        ["bash", *options, "-c", text], cwd=folder, env=environment, text=True, timeout=300, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return None if ended.returncode == 0 else ended.stdout[-2000:]


ALL = [block for page in pages() for block in blocks(page)]


@pytest.mark.parametrize("block", [b for b in ALL if b.language in SHELL], ids=str)
def test_shell_is_well_formed(block: Block, tmp_path: Path) -> None:
    assert run(shell_text(block), tmp_path, dict(os.environ), "-n") is None


@pytest.mark.parametrize("block", [b for b in ALL if b.language == "python"], ids=str)
def test_python_compiles(block: Block) -> None:
    compile(block.text, str(block), "exec")


@pytest.mark.parametrize("block", [b for b in ALL if b.language == "json"], ids=str)
def test_json_is_json_and_a_job_is_a_job(block: Block) -> None:
    if "kind" in json.loads(block.text):
        parse_job(block.text.encode())


@pytest.mark.parametrize(
    "page",
    [p for p in pages() if any(b.language == "sh" and b.not_run is None for b in blocks(p))],
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_commands_run(page: Path, tmp_path: Path) -> None:
    environment = workshop(tmp_path)
    for block in blocks(page):
        if block.language == "sh" and block.not_run is None:
            assert (said := run(block.text, tmp_path, environment, "-euo", "pipefail")) is None, (
                f"{block}: {said}"
            )


def test_every_block_says_its_language() -> None:
    assert [str(block) for block in ALL if not block.language] == []
