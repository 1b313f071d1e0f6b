"""Two checkpoints on the same locked text: a gain with its error, from blocks that no search reads."""

import json
import os
import random
import subprocess
import sys
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.core_support import sentence
from tests.support.engine_support import TEXT, write_checkpoint
from trainer.data.shards import write_shard
from trainer.evaluation.paired_text import BLOCKS, blocks_of
from trainer.tokenizer import Tokenizer

TOKENIZER = Tokenizer.train([TEXT * 20], 310)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random model, one that guesses evenly (the better of the two), and a set with two shards."""
    folder = tmp_path_factory.mktemp("paired")
    for name, head_scale in (("random", 1.0), ("even", 0.0)):
        (folder / name).mkdir()
        write_checkpoint(folder / name, head_scale=head_scale)
    (folder / "data" / "pretrain").mkdir(parents=True)
    rng = random.Random(0)
    for shard in range(2):
        groups = [[sentence(rng, 12) for _ in range(40)] for _ in range(4)]
        write_shard(folder / "data" / "pretrain" / f"shard_{shard}.parquet", groups)
    return folder


def run(folder: Path, *launcher: str, **changes: object) -> tuple[subprocess.CompletedProcess[str], Any]:
    job = {
        "kind": "eval", "checkpoint": str(folder / "even" / "checkpoint"), "data": str(folder / "data"),
        "against": str(folder / "random" / "checkpoint"), "text": "locked", "val_tokens": 2000,
        "core": {"enabled": False}, **changes,
    }  # fmt: skip
    scratch = folder / f"runs-{len(list(folder.glob('runs-*')))}"
    scratch.mkdir()
    (scratch / "request.json").write_text(json.dumps(job))
    environment = os.environ | {
        "HARNESS_RUNS": str(scratch), "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, *launcher, "-m", "trainer", str(scratch / "request.json")],
        env=environment, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    results = list(scratch.glob("*/result.json"))
    return done, json.loads(results[0].read_text()) if results else None


@pytest.fixture(scope="module")
def metrics(folder: Path) -> dict[str, float]:
    done, result = run(folder)
    assert done.returncode == 0, done.stderr
    return dict(result["metrics"])


def test_the_better_model_gains_with_an_error_far_smaller_than_the_gain(metrics: dict[str, float]) -> None:
    assert metrics["gain_bpb"] > 10 * metrics["gain_standard_error"] > 0.0
    assert metrics["gain_blocks"] == BLOCKS


def test_the_gain_is_the_difference_of_the_two_readings(folder: Path, metrics: dict[str, float]) -> None:
    _, other = run(folder, checkpoint=str(folder / "random" / "checkpoint"), against=None)
    difference = other["metrics"]["locked_bpb"] - metrics["locked_bpb"]
    assert metrics["gain_bpb"] == pytest.approx(difference, rel=0.05)


def test_the_other_way_round_it_is_a_loss(folder: Path, metrics: dict[str, float]) -> None:
    swapped = {
        "checkpoint": str(folder / "random" / "checkpoint"),
        "against": str(folder / "even" / "checkpoint"),
    }
    _, result = run(folder, **swapped)
    assert result["metrics"]["gain_bpb"] == pytest.approx(-metrics["gain_bpb"])


def test_a_model_gains_nothing_over_itself(folder: Path) -> None:
    _, result = run(folder, against=str(folder / "even" / "checkpoint"))
    assert (result["metrics"]["gain_bpb"], result["metrics"]["gain_standard_error"]) == (0.0, 0.0)


def test_the_locked_half_is_other_text_and_never_called_val_bpb(folder: Path) -> None:
    _, locked = run(folder, against=None)
    _, searched = run(folder, against=None, text="validation")
    assert "val_bpb" not in locked["metrics"] and "locked_bpb" not in searched["metrics"]
    assert locked["metrics"]["locked_bpb"] != searched["metrics"]["val_bpb"]


def test_two_ranks_find_the_same(folder: Path, metrics: dict[str, float]) -> None:
    launcher = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2")
    done, result = run(folder, *launcher)
    assert done.returncode == 0, done.stderr
    assert result["metrics"]["gain_bpb"] == pytest.approx(metrics["gain_bpb"], rel=1e-6)
    assert result["metrics"]["gain_standard_error"] == pytest.approx(metrics["gain_standard_error"], rel=1e-4)


def test_a_missing_second_checkpoint_is_refused_by_name(folder: Path) -> None:
    done, result = run(folder, against=str(folder / "absent"))
    assert (done.returncode, result) == (2, None)
    assert done.stderr.count("\n") == 1 and "against" in done.stderr


def test_too_little_text_for_a_comparison_is_said_in_one_line(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "pretrain").mkdir()
    for shard in range(2):
        write_shard(tmp_path / "pretrain" / f"shard_{shard}.parquet", [["one two"], ["three"]])
    done, result = run(folder, data=str(tmp_path))
    assert (done.returncode, result["reason"]) == (1, "bad_input")
    assert "needed: at least 8" in result["message"]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 30), min_size=1, max_size=150), st.integers(256, 5000))
def test_blocks_are_consecutive_whole_documents_of_about_equal_size(lengths: list[int], tokens: int) -> None:
    documents = [f"{number} " * length for number, length in enumerate(lengths)]
    blocks = blocks_of(documents, TOKENIZER, tokens)
    assert (
        list(chain.from_iterable(block.documents for block in blocks))
        == documents[: sum(len(block.documents) for block in blocks)]
    )
    assert len(blocks) <= BLOCKS
    assert all(block.tokens * BLOCKS >= tokens for block in blocks)
