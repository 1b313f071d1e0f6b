"""Files appear whole or not at all."""

import os
from pathlib import Path

import pytest

from trainer.system.files import (
    link_tree,
    preallocate,
    read_json,
    replacing,
    write_json,
    write_once,
    write_preallocated,
    write_whole,
)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("sync", [True, False])
def test_a_file_is_replaced_whole_and_leaves_nothing_beside_it(tmp_path: Path, sync: bool) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    before = path.open("rb")
    write_whole(path, b"new", sync)
    assert (path.read_bytes(), before.read()) == (b"new", b"old")
    assert names(tmp_path) == ["file"]


def test_a_writer_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError), replacing(path) as temporary:
        temporary.write_bytes(b"ha")
        raise RuntimeError
    assert path.read_bytes() == b"old" and names(tmp_path) == ["file"]


def test_a_fixed_suffix_takes_the_place_of_what_a_killed_writer_left(tmp_path: Path) -> None:
    (tmp_path / ".file.part").write_bytes(b"left by another")
    with replacing(tmp_path / "file", suffix="part") as temporary:
        temporary.write_bytes(b"new")
    assert names(tmp_path) == ["file"]


def test_the_first_writer_wins(tmp_path: Path) -> None:
    assert write_once(tmp_path / "file", b"first")
    assert not write_once(tmp_path / "file", b"second")
    assert (tmp_path / "file").read_bytes() == b"first" and names(tmp_path) == ["file"]


@pytest.mark.parametrize("content", [None, b"", b'{"half": ', b"[1]", b"\xff"])
def test_what_is_no_whole_document_reads_as_none(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "file").write_bytes(content)
    assert read_json(tmp_path / "file") is None


def test_a_document_comes_back(tmp_path: Path) -> None:
    write_json(tmp_path / "file", {"a": [1, None]})
    assert read_json(tmp_path / "file") == {"a": [1, None]}


def test_a_document_in_preallocated_space_is_as_long_as_itself(tmp_path: Path) -> None:
    preallocate(tmp_path / "space", 4096)
    write_preallocated(tmp_path / "space", tmp_path / "file", {"a": 1})
    assert read_json(tmp_path / "file") == {"a": 1} and names(tmp_path) == ["file"]


def test_linked_folders_share_their_files_also_after_an_attempt_that_was_killed(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    (source / "inner").mkdir(parents=True)
    for name in ("one", "inner/two"):
        (source / name).write_text(name)
    (tmp_path / ".target.linking").mkdir()
    os.link(source / "one", tmp_path / ".target.linking" / "one")
    link_tree(source, target)
    assert all((target / name).samefile(source / name) for name in ("one", "inner/two"))
    assert names(tmp_path) == ["source", "target"]
