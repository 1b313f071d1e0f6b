"""UNIX sockets: paths that are too long are refused, and a folder is found in which they are short."""

import socket
from pathlib import Path

import pytest

from trainer.system.sockets import MOST_PATH_BYTES, check_path, folder_for_sockets


@pytest.fixture
def long_tmpdir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / ("x" * 100)
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def test_the_limit_is_the_kernels(tmp_path: Path) -> None:
    path = tmp_path / "".ljust(MOST_PATH_BYTES - len(str(tmp_path)) - 1, "s")
    check_path(path)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
    longer = path.with_name(path.name + "s")
    with pytest.raises(OSError, match="108 bytes; allowed: at most 107 for a UNIX socket"):
        check_path(longer)
    with socket.socket(socket.AF_UNIX) as listening, pytest.raises(OSError, match="too long"):
        listening.bind(str(longer))


def test_a_short_tmpdir_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert folder_for_sockets(20) == tmp_path


def test_of_a_long_one_the_users_runtime_folder_or_a_common_one_takes_the_place(
    long_tmpdir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert folder_for_sockets(20) == tmp_path
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "none"))
    assert folder_for_sockets(20) == Path("/tmp")


def test_without_a_short_one_it_says_what_is_allowed(long_tmpdir: Path) -> None:
    with pytest.raises(OSError, match=r"TMPDIR: .*x; allowed: a folder of at most 3 bytes"):
        folder_for_sockets(103)
