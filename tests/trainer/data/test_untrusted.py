"""Data folders and archives from elsewhere: links out, pipes, paths that climb, sizes that lie."""

import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

from trainer.data.catalog import open_data
from trainer.data.errors import DataError
from trainer.data.shards import write_shard
from trainer.data.sources import fetch as fetching
from trainer.data.sources.imports import import_data
from trainer.evaluation.tasks import CoreError, load_items, load_tasks


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def refused(source: Path, cache: Path) -> str:
    """Why an import was refused; nothing is left of it."""
    with pytest.raises(DataError) as refusal:
        import_data(source, "mine")
    assert "\n" not in str(refusal.value)
    assert not (cache / "data").exists() or list((cache / "data").iterdir()) == []
    return str(refusal.value)


def test_an_import_does_not_follow_links(tmp_path: Path, cache: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.txt").write_text("text " * 100)
    (source / "b.txt").symlink_to("/etc/passwd")
    assert "b.txt: a link" in refused(source, cache)


def test_an_import_does_not_wait_for_a_pipe(tmp_path: Path, cache: Path) -> None:
    os.mkfifo(tmp_path / "a.jsonl")
    assert "no such file" in refused(tmp_path / "a.jsonl", cache)
    assert "no files to import" in refused(tmp_path, cache)


def test_a_text_larger_than_memory_is_not_read(tmp_path: Path, cache: Path) -> None:
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(1 << 40)
    assert "allowed: at most" in refused(tmp_path / "a.txt", cache)


MESSAGES = {"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]}


@pytest.mark.parametrize(
    "row",
    [
        {"text": "\ud800"},
        {"messages": [{"role": "user", "content": "\udc00"}, {"role": "assistant", "content": "a"}]},
        {"messages": [{"role": "assistant", "tool_calls": 5}]},
        {"messages": [{"role": ["user"], "content": "q"}]},
        {"messages": [{"role": "assistant", "tool_calls": [{"id": {}, "name": "x", "arguments": {}}]}]},
        MESSAGES | {"tools": 4},
        {"messages": [{"role": "user", "content": "q"}], "calls": 3},
        {"messages": {}},
        {"messages": [None]},
        {"neither": 1},
    ],
)
def test_bad_rows_are_named_by_line(tmp_path: Path, cache: Path, row: dict[str, Any]) -> None:
    lines = [json.dumps(MESSAGES), json.dumps(row)]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    assert "a.jsonl:2: " in refused(tmp_path / "a.jsonl", cache)


def set_of(folder: Path) -> Path:
    """A data set with two shards."""
    (folder / "pretrain").mkdir(parents=True)
    for number in range(2):
        write_shard(folder / "pretrain" / f"shard_{number:05d}.parquet", [["some text"] * 4])
    return folder


def test_a_set_does_not_lead_out_of_its_folder(tmp_path: Path) -> None:
    elsewhere, folder = set_of(tmp_path / "elsewhere"), set_of(tmp_path / "set")
    assert open_data(str(folder)).folder == folder
    (folder / "pretrain" / "shard_00002.parquet").symlink_to(elsewhere / "pretrain" / "shard_00001.parquet")
    with pytest.raises(DataError, match="a link out of the data set"):
        open_data(str(folder))
    (tmp_path / "whole").mkdir()
    (tmp_path / "whole" / "pretrain").symlink_to(elsewhere / "pretrain")
    with pytest.raises(DataError, match="a link out of the data set"):
        open_data(str(tmp_path / "whole"))


def test_the_folder_of_ones_own_variable_may_hold_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Download caches are made of links; who sets HARNESS_DATA knows the folder."""
    elsewhere = set_of(tmp_path / "elsewhere")
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "pretrain").symlink_to(elsewhere / "pretrain")
    monkeypatch.setenv("HARNESS_DATA", str(tmp_path / "linked"))
    assert len(list(open_data("default").texts("train"))) == 4


def test_a_set_with_a_pipe_is_refused(tmp_path: Path) -> None:
    os.mkfifo(set_of(tmp_path / "set") / "pretrain" / "shard_00002.parquet")
    with pytest.raises(DataError, match="not a regular file"):
        open_data(str(tmp_path / "set"))


def core_of(folder: Path, **changes: Any) -> Path:
    """A CORE folder with one task."""
    (folder / "eval_data").mkdir(parents=True)
    (folder / "eval_data" / "t.jsonl").write_text('{"context": "a", "continuation": "b"}\n')
    task = {"label": "t", "icl_task_type": "language_modeling", "num_fewshot": [0], "dataset_uri": "t.jsonl"}
    (folder / "core.yaml").write_text(json.dumps({"icl_tasks": [task | changes]}))
    (folder / "eval_meta_data.csv").write_text("Eval Task,Random baseline\nt,0\n")
    return folder


@pytest.mark.parametrize(
    "changes",
    [
        {"dataset_uri": "../../../secret.jsonl"}, {"dataset_uri": "/etc/passwd"},
        {"dataset_uri": ["t.jsonl"]},
        {"label": {"a": 1}}, {"num_fewshot": 5}, {"num_fewshot": [[]]}, {"continuation_delimiter": [1]},
    ],
)  # fmt: skip
def test_a_core_folder_names_only_its_own_files(tmp_path: Path, changes: dict[str, Any]) -> None:
    (tmp_path / "secret.jsonl").write_text('{"context": "a", "continuation": "b"}\n')
    assert len(load_items(load_tasks(core_of(tmp_path / "plain"))[0])) == 1
    with pytest.raises(CoreError) as refusal:
        load_tasks(core_of(tmp_path / "x" / "core", **changes))
    assert "\n" not in str(refusal.value)


def test_a_document_of_aliases_is_not_printed_out(tmp_path: Path) -> None:
    """Nine levels of nine aliases are a kilobyte of YAML and four hundred million words."""
    levels = ["l0: &l0 [x, x, x, x, x, x, x, x, x]"]
    levels += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 9)]
    folder = core_of(tmp_path / "core")
    tasks = "icl_tasks: [{label: *l8, icl_task_type: *l8, dataset_uri: *l8, num_fewshot: [0]}]"
    (folder / "core.yaml").write_text("\n".join([*levels, tasks]))
    with pytest.raises(CoreError) as refusal:
        load_tasks(folder)
    assert len(str(refusal.value)) < 1000


def archive_of(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in members.items():
            bundle.writestr(name, data)
    return path


@pytest.mark.parametrize("name", ["top/../../out.txt", "../out.txt", "top/a/../../../out.txt"])
def test_an_archive_does_not_climb(tmp_path: Path, name: str) -> None:
    (tmp_path / "inner").mkdir()
    archive = archive_of(tmp_path / "inner" / "b.zip", {name: b"x"})
    with pytest.raises(DataError, match="leads out"):
        fetching._unpack(archive)
    assert not (tmp_path / "out.txt").exists() and not (tmp_path / "inner" / "out.txt").exists()


def test_an_archive_that_unpacks_to_more_than_allowed_is_refused(tmp_path: Path) -> None:
    archive = archive_of(tmp_path / "b.zip", {"top/a": b"\0" * 2_000_000, "top/b": b"x"})
    with zipfile.ZipFile(archive) as bundle:
        fetching._check_sizes(bundle)
        with pytest.raises(DataError, match="allowed: 10000 files of 1000000 bytes"):
            fetching._check_sizes(bundle, max_bytes=1_000_000)


def test_an_archive_of_too_many_files_is_refused(tmp_path: Path) -> None:
    archive = archive_of(tmp_path / "b.zip", {f"top/{n}": b"" for n in range(10_001)})
    with pytest.raises(DataError, match="10001 files"):
        fetching._unpack(archive)
    assert list(tmp_path.iterdir()) == [archive]


def test_a_broken_archive_is_one_line(tmp_path: Path) -> None:
    archive = archive_of(tmp_path / "b.zip", {"top/a": bytes(range(256)) * 100})
    data = bytearray(archive.read_bytes())
    data[60:80] = b"\xff" * 20
    archive.write_bytes(data)
    with pytest.raises(DataError):
        fetching._unpack(archive)
