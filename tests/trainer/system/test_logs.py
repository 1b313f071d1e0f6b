"""The end of a log."""

from pathlib import Path

import pytest

from trainer.system.logs import last_lines, last_words, tail


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (b"", []),
        (b"\n  \n", []),
        (b"one\ntwo \n\n", ["two"]),
        (b"one\n\xff half", ["\ufffd half"]),
        (b"x" * 50 + b"\nlast", ["last"]),
    ],
)
def test_the_last_line_that_says_something(tmp_path: Path, content: bytes, lines: list[str]) -> None:
    (tmp_path / "log").write_bytes(content)
    assert last_lines(tmp_path / "log", size_bytes=20) == lines


def test_several_lines_come_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("a\nb\n\nc\nd\n")
    assert last_lines(tmp_path / "log", 3) == ["b", "c", "d"]


def test_no_more_is_read_than_asked(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"0123456789")
    assert tail(tmp_path / "log", 4) == b"6789" and tail(tmp_path / "log") == b"0123456789"


def test_a_log_that_is_not_there_is_no_empty_log(tmp_path: Path) -> None:
    assert tail(tmp_path / "log") is None and last_lines(tmp_path / "log") is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"Traceback\n  x\ntorch.SomeError: CUDA: bad\nCompile with `X`\n", "torch.SomeError: CUDA: bad"),
        (b"loading\nengine: not what meta.json says\n", "engine: not what meta.json says"),
        (b"\n", "it printed nothing"),
    ],
)
def test_last_words_are_the_last_error_or_else_the_last_line(
    tmp_path: Path, content: bytes, words: str
) -> None:
    (tmp_path / "log").write_bytes(b"KeyError: of the process before\n" + content)
    assert last_words(tmp_path / "log", since_byte=32) == words
    assert last_words(tmp_path / "none") == "no log"
