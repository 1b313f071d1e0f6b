"""`python -m trainer data`: for a person a table, for a program JSON, for a mistake one line."""

import json
from pathlib import Path

import pytest

from trainer.data.cli import main


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("HARNESS_DATA", raising=False)
    return tmp_path / "cache"


def test_what_was_imported_is_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "book.txt").write_text("A paragraph.\n\n" * 4000)
    assert main(["import", str(tmp_path / "book.txt"), "book"]) == 0
    assert "documents" in capsys.readouterr().out
    assert main(["list", "--json"]) == 0
    sets = {entry["name"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert (sets["book"]["state"], sets["book"]["parts"]) == ("ready", ["pretrain"])
    assert (sets["starter"]["state"], sets["climbmix"]["state"]) == ("to build", "to fetch")
    assert main(["list"]) == 0
    assert "book" in capsys.readouterr().out


def test_a_plan_names_gigabytes_minutes_and_dollars(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fetch", "fineweb-edu", "--shards", "29", "--usd-per-hour", "36", "--dry-run"]) == 0
    shown = capsys.readouterr().out
    assert "30 of 30 files" in shown and "3.00 GB" in shown and "1.0 minutes" in shown and "$0.60" in shown
    assert not cache.exists()


@pytest.mark.parametrize(
    "argv",
    [
        ["import", "/nowhere", "x"],
        ["fetch", "nothing"],
        ["fetch", "climbmix", "--shards", "0"],
        ["verify", "core"],
    ],
)
def test_a_mistake_is_one_line_and_exit_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(argv) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_an_unknown_command_exits_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["destroy"])
    assert caught.value.code == 2
