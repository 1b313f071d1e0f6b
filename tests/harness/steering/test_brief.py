"""The brief: a file that people save as their editor does, also while the lab runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.conductor.state import UNREADABLE_BRIEF_EVENT
from harness.errors import UserError
from harness.steering.brief import Brief, brief_pins, read_brief
from tests.support.harness_lab import CliLab, eventually

LATIN_1 = "Aim:\na café of small models.\n".encode("latin-1")


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[CliLab]:
    lab = CliLab(tmp_path / "lab")
    yield lab
    lab.clean_up()


def test_a_brief_in_another_encoding_is_refused_by_file_byte_and_line(tmp_path: Path) -> None:
    (tmp_path / "brief.md").write_bytes(LATIN_1)
    with pytest.raises(UserError, match=r"brief\.md: not UTF-8 \(byte 10, line 2\); allowed: UTF-8$"):
        read_brief(tmp_path / "brief.md")


def test_a_byte_order_mark_hides_no_line(tmp_path: Path) -> None:
    (tmp_path / "brief.md").write_bytes(b"\xef\xbb\xbfpin: model.depth = 4\r\n")
    assert brief_pins(read_brief(tmp_path / "brief.md")) == {"model.depth": 4}


def test_without_a_file_there_are_no_words(tmp_path: Path) -> None:
    assert read_brief(tmp_path / "brief.md") == ""


def test_the_words_before_stay_until_the_file_can_be_read_again(tmp_path: Path) -> None:
    path, errors = tmp_path / "brief.md", list[str]()
    brief = Brief(path, errors.append)
    path.write_text("first")
    assert brief.words() == "first"
    path.write_bytes(LATIN_1)
    assert [brief.words(), brief.words()] == ["first", "first"]
    assert len(errors) == 1 and "byte 10" in errors[0]
    path.write_text("second")
    assert brief.words() == "second"
    path.unlink()
    path.mkdir()
    assert brief.words() == "second"
    assert len(errors) == 2


def test_a_session_under_way_says_so_and_goes_on(lab: CliLab) -> None:
    session = lab.popen("start", "--simulate", "8xh100", "--budget", "30usd", "--port", "0")
    eventually((lab.folder / "journal.db").exists, "the journal")
    eventually(lambda: list((lab.folder / "runs").iterdir()), "the first job")
    (lab.folder / "brief.md").write_bytes(LATIN_1)
    printed, _ = session.communicate(timeout=120)
    assert session.returncode == 0, printed
    assert "brief.md: not UTF-8 (byte 10, line 2)" in printed and "goes on with the words before" in printed
    with lab.journal() as journal:
        assert len(journal.events(UNREADABLE_BRIEF_EVENT)) == 1


def test_a_new_start_is_refused_in_one_line(lab: CliLab) -> None:
    lab.folder.mkdir()
    (lab.folder / "brief.md").write_bytes(LATIN_1)
    refused = lab.run("start", "--simulate", "8xh100", "--budget", "30usd", "--port", "0")
    assert refused.returncode == 2
    assert len(refused.stderr.splitlines()) == 1 and "not UTF-8 (byte 10, line 2)" in refused.stderr
