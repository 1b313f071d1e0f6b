"""A job that cannot be run: exit 2, one line with field, value and what is allowed, nothing written."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.trainer_lab import lab, run_trainer
from trainer.runner import main

BAD: list[tuple[str, dict[str, Any], tuple[str, ...]]] = [
    ("misspelt key", {"train_token": 5}, ("train_token",)),
    ("string for a number", {"train_tokens": "51200"}, ("train_tokens", '"51200"')),
    ("depth out of range", {"model": {"depth": 65}}, ("model.depth", "65", "64")),
    ("unknown kind", {"kind": "pretrian"}, ("kind", "pretrian", "pretrain")),
    ("missing data set", {"data": "no-such-set"}, ("data", "no-such-set", "starter")),
    ("missing tokenizer", {"tokenizer": "0123456789-1"}, ("tokenizer", "0123456789-1", "allowed")),
    (
        "sizes that do not divide",
        {"model": {"depth": 2, "width": 100, "head_dim": 64}},
        ("head_dim", "64", "100"),
    ),
    ("two horizons", {"train_seconds": 5.0}, ("train_tokens", "train_seconds")),
    (
        "batch that does not divide",
        {"total_batch_size": 1000},
        ("total_batch_size", "1000", "multiple of 64"),
    ),
    ("fp8 of odd rows", {"dtype": "fp8", "model": {"sequence_len": 40}}, ("sequence_len", "40", "16")),
    ("fp8 without such a GPU", {"dtype": "fp8", "compile": False}, ("dtype", "fp8", "bf16")),
    ("core of a set without it", {"core": {"data": "HERE"}}, ("core.data", "core.yaml")),
]


def refuse(tmp_path: Path, text: str) -> str:
    """The one line on stderr."""
    request = tmp_path / "request.json"
    request.write_text(text)
    done = run_trainer(request, HARNESS_RUNS=str(tmp_path / "runs"))
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == [request]
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


@pytest.mark.parametrize(("changes", "named"), [pytest.param(*case[1:], id=case[0]) for case in BAD])
def test_refused_in_one_line(tmp_path: Path, changes: dict[str, Any], named: tuple[str, ...]) -> None:
    text = json.dumps(lab().pretrain(**changes)).replace("HERE", str(lab().data))
    line = refuse(tmp_path, text)
    assert all(word in line for word in named), line


@pytest.mark.parametrize("text", ['{"kind": "pretrain",', '{"kind": "pretrain", "seed": NaN}', "[]", ""])
def test_broken_json_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    assert "job" in refuse(tmp_path, text)


def test_a_missing_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "absent.json")]) == 2
    assert "absent.json" in capsys.readouterr().err


def test_a_damaged_base_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    checkpoint = tmp_path / "base" / "checkpoint"
    checkpoint.mkdir(parents=True)
    (checkpoint / "model.safetensors").write_bytes(b"\0" * 64)
    (checkpoint / "meta.json").write_text("{}")
    request = tmp_path / "request.json"
    request.write_text(json.dumps({"kind": "sft", "data": str(lab().data), "base": str(tmp_path / "base")}))
    assert main([str(request)]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("error: base:") and captured.err.count("\n") == 1


def test_usage_and_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert main(["--help"]) == 0
    capsys.readouterr()
    assert main(["schema"]) == 0
    assert set(json.loads(capsys.readouterr().out)["discriminator"]["mapping"]) == {
        "tokenizer", "pretrain", "sft", "eval",
    }  # fmt: skip
