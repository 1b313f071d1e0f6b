"""The benchmark beside nanochat, tiny and on the CPU: real workers, and a table of made-up figures."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bench.beside.group import Group, Lost
from bench.beside.report import Book
from bench.beside.spec import Spec
from tests.support.paths import ROOT

CHECKOUT = os.environ.get("NANOCHAT")
TINY = [
    "--device=cpu", "--depth=2", "--sequence-len=64", "--vocab-size=512", "--total-batch-size=512",
    "--device-batch-size=4", "--rounds=2", "--steps=1", "--warm-steps=2",
]  # fmt: skip


def beside(folder: Path, *words: str, **environment: str) -> tuple[str, list[dict[str, Any]]]:
    """What the benchmark prints, and the rows of its file."""
    out = folder / "beside.json"
    command = [sys.executable, "-m", "bench.beside", *TINY, "--out", str(out), *words]
    own = os.environ | {"TORCHINDUCTOR_COMPILE_THREADS": "1"} | environment
    done = subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True, timeout=580)
    assert done.returncode == 0, done.stdout + done.stderr
    rows: list[dict[str, Any]] = json.loads(out.read_text())["rows"]
    return done.stdout, rows


def test_one_and_two_ranks_of_ours(tmp_path: Path) -> None:
    words = ("--variants", "ours", "ours-sssl", "--gpus", "1", "2")
    # Six workers would compile for minutes; the next test's compiles.
    printed, rows = beside(tmp_path, *words, TORCH_COMPILE_DISABLE="1")
    assert [(row["variant"], row["world_size"]) for row in rows] == [
        ("ours", 1), ("ours-sssl", 1), ("ours", 2), ("ours-sssl", 2),
    ]  # fmt: skip
    for row in rows:
        assert (
            row["lost"] is None and len(row["tokens_per_second"]) == 2 and min(row["tokens_per_second"]) > 0
        )
        assert row["ready"]["seconds_to_first_step"] > 0 and row["ready"]["peak_bytes"] > 0
    # The same weights, rows and steps on any number of ranks.
    assert rows[0]["rounds"][-1]["loss"] == pytest.approx(rows[2]["rounds"][-1]["loss"], rel=1e-3)
    assert rows[0]["ready"]["flops_per_token"] > rows[1]["ready"]["flops_per_token"]
    assert printed.count("| 2 | ours-sssl |") == 2  # as soon as it is known, and in the table


def test_what_cannot_be_built_is_left_out(tmp_path: Path) -> None:
    words = ("--variants", "ours-fp8", "ours", "--one-at-a-time")
    printed, rows = beside(tmp_path, *words)
    assert "ours-fp8 x1: left out: " in printed
    assert rows[0]["lost"] and not rows[0]["rounds"] and len(rows[1]["rounds"]) == 2


def test_a_dead_rank_ends_its_group(tmp_path: Path) -> None:
    np.save(tmp_path / "rows.npy", np.ones((8, 65), np.int32))
    spec = Spec("ours", 2, 64, 512, 512, 4, None, 2, "cpu", None, str(tmp_path / "rows.npy"))
    group = Group(spec, 2, tmp_path, patience=120.0, cold=False)
    try:
        assert group.read()["flops_per_token"] > 0
        group._processes[1].kill()
        with pytest.raises(Lost, match=r"rank|Error"):
            for _ in range(3):
                group.ask("step 1")
    finally:
        group.kill()
    assert all(process.poll() is not None for process in group._processes)


def test_the_table() -> None:
    book = Book(1_000_000, "python -m bench.beside", None)
    for variant, ranks, seconds in (
        ("nanochat", 1, (4.0, 2.0)),
        ("ours", 1, (2.0, 2.0)),
        ("ours", 2, (1.0, 2.0)),
    ):
        row = book.row(variant, ranks)
        row.ready = {
            "device": "NVIDIA H100 80GB HBM3", "torch": "2.11", "peak_bytes": 3e9, "details": "bf16",
            "flops_per_token": 1e9, "seconds_to_first_step": 50.0,
        }  # fmt: skip
        row.rounds = [{"steps": 2, "seconds": s, "peak_bytes": 4e9, "loss": 1.0} for s in seconds]
    lines = [line for line in book.table().splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert cells[2][:6] == ["1", "ours", "1,000,000", "1,000,000", "1,000,000", "1.500"]
    assert cells[2][6:] == ["1e+09", "1000", "101.1%", "4.0", "50.0", "-"]
    assert cells[3][5] == "-" and cells[3][-1] == "0.750"


@pytest.mark.long
@pytest.mark.skipif(CHECKOUT is None, reason="NANOCHAT is not set: no checkout of nanochat")
def test_beside_nanochat(tmp_path: Path) -> None:
    words = ("--variants", "nanochat", "ours", "--gpus", "1", "2", "--nanochat", str(CHECKOUT))
    _, rows = beside(tmp_path, *words, "--share-cache")
    assert [row["lost"] for row in rows] == [None] * 4
    one, two = (row["rounds"][-1]["loss"] for row in rows if row["variant"] == "nanochat")
    assert one == pytest.approx(two, rel=1e-2)
    theirs, ours = (row["ready"]["flops_per_token"] for row in rows[:2])
    assert ours == pytest.approx(theirs, rel=0.01)
