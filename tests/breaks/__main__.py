"""Applies each one-line break of breaks.md to a copy of the tree and runs the test that must fail.

    python -m tests.breaks          all of them
    python -m tests.breaks 2 5      those of points 2 and 5

Exit code 0 when every break was caught.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.paths import ROOT

LEFT_BEHIND = shutil.ignore_patterns(".venv", ".git", "target", ".*_cache", "__pycache__", ".device*")
LISTED = ROOT / "tests" / "breaks" / "breaks.md"
BLOCK = re.compile(r"```diff\n(?P<file>.+)\n-(?P<old>.+)\n\+(?P<new>.+)\n(?P<test>.+)\n```")
HEADING = re.compile(r"^## (\d+)", re.MULTILINE)


@dataclass(frozen=True)
class Break:
    """One line of one file, replaced, and the test that must notice."""

    point: str
    file: str
    old: str
    new: str
    test: str


def read_breaks(text: str) -> Iterator[Break]:
    """Every block of the list, with the number of its section.

    Raises:
        ValueError: for a block that is not file, -line, +line, test.
    """
    if text.count("```diff") != len(BLOCK.findall(text)):
        raise ValueError("a block is not: file, -line, +line, test")
    for match in BLOCK.finditer(text):
        point = HEADING.findall(text[: match.start()])[-1]
        yield Break(point, match["file"], match["old"], match["new"], match["test"])


def left_behind(folder: str, names: list[str]) -> set[str]:
    """What the copy does without: environments, caches, and labs and runs at the root."""
    at_root = {"lab", "runs", "lab-simulated"} if Path(folder) == ROOT else set()
    return set(LEFT_BEHIND(folder, names)) | at_root & set(names)


def is_caught(broken: Break, tree: Path) -> bool:
    """Whether the test fails with the line broken; the line is mended afterwards."""
    path = tree / broken.file
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole.replace(broken.old + "\n", broken.new + "\n", 1), encoding="utf-8")
    try:
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", broken.test]
        environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(tree)}
        outcome = subprocess.run(command, cwd=tree, env=environment, capture_output=True, check=False)
        return outcome.returncode == 1
    finally:
        path.write_text(whole, encoding="utf-8")


def main() -> None:
    wanted = set(sys.argv[1:])
    breaks = [b for b in read_breaks(LISTED.read_text(encoding="utf-8")) if not wanted or b.point in wanted]
    survived = 0
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch) / "tree"
        shutil.copytree(ROOT, tree, ignore=left_behind)
        for broken in breaks:
            caught = is_caught(broken, tree)
            survived += not caught
            print(
                f"{'caught  ' if caught else 'SURVIVED'} {broken.point} {broken.file}: {broken.new.strip()}",
                flush=True,
            )
    print(f"{len(breaks) - survived} of {len(breaks)} caught")
    sys.exit(1 if survived else 0)


if __name__ == "__main__":
    main()
