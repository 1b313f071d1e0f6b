"""Opening a journal: created once, migrated, and refused in one line when it is not one."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from journal.errors import JournalError
from journal.store import Journal
from journal.store.schema import MIGRATIONS
from tests.support.journal_support import new_journal, recipe
from tests.support.old_lab.unpack import write_journal
from trainer.system.files import appearing


def test_new_journal_is_durable_and_has_every_migration(tmp_path: Path) -> None:
    with new_journal(tmp_path / "deep" / "er") as journal:
        pragma = {
            name: journal._rows(f"PRAGMA {name}")[0][name]
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
        assert pragma == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
        names = [row["name"] for row in journal._rows("SELECT name FROM migrations")]
        assert names == [step.__name__ for step in MIGRATIONS]


def test_reopening_keeps_rows(tmp_path: Path) -> None:
    with new_journal(tmp_path) as journal:
        journal.add_recipe(recipe())
    with new_journal(tmp_path) as journal:
        assert journal.recipes() == [recipe()]


def test_garbage_is_refused_in_one_line_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(b"not a database at all " * 500)
    before = path.read_bytes()
    for opened in (Journal.open, Journal.read_only):
        with pytest.raises(JournalError, match=r"journal\.db: not a lab journal") as caught:
            opened(path)
        assert "\n" not in str(caught.value)
    assert path.read_bytes() == before


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE bookmarks (url TEXT)")
    other.commit()
    other.close()
    before = path.read_bytes()
    with pytest.raises(JournalError, match="another program"):
        Journal.open(path)
    assert path.read_bytes() == before


def test_damaged_page_is_refused(tmp_path: Path) -> None:
    with new_journal(tmp_path) as journal:
        for number in range(300):
            journal.add_event("filler", {"text": "x" * 200, "number": number}, 1.0)
        path = journal.path
    with path.open("r+b") as file:
        file.seek(4096 * 40)
        file.write(b"\xff" * 4096 * 6)
    with pytest.raises(JournalError, match="damaged"):
        Journal.open(path)


def test_newer_version_is_refused(tmp_path: Path) -> None:
    with new_journal(tmp_path) as journal:
        journal._execute("INSERT INTO migrations VALUES ('m999_from_the_future', 0)")
    with pytest.raises(JournalError, match="m999_from_the_future"):
        new_journal(tmp_path)


def test_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "journal.db").mkdir()
    with pytest.raises(JournalError, match="cannot be opened"):
        new_journal(tmp_path)


def test_read_only_needs_a_journal_and_cannot_write(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="no journal there"):
        Journal.read_only(tmp_path / "journal.db")
    with new_journal(tmp_path) as writer:
        writer.add_recipe(recipe())
        with Journal.read_only(writer.path) as reader:
            assert [r.recipe_id for r in reader.recipes()] == ["r1"]
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                reader.set_meta("key", "value")
            writer.add_recipe(recipe("r2", "r1"))
            assert [r.recipe_id for r in reader.recipes()] == ["r1", "r2"]


def test_of_an_older_file_an_upgraded_copy_is_read_and_the_file_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    write_journal(path)
    before = path.read_bytes()
    with Journal.read_only(path) as reader:
        assert [r.recipe_id for r in reader.recipes()] == ["r1", "r2"]
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            reader.set_meta("key", "value")
    assert path.read_bytes() == before


def test_an_empty_file_is_no_lab_yet(tmp_path: Path) -> None:
    (tmp_path / "journal.db").touch()
    with pytest.raises(JournalError, match=r"journal\.db: empty; begin a lab with: harness start"):
        Journal.read_only(tmp_path / "journal.db")


def test_a_journal_appears_whole(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from journal.store import Journal\n"
        "for name in sys.argv[1:]: Journal.open(Path(name)).close()\n"
    )
    paths = [tmp_path / str(number) / "journal.db" for number in range(10)]
    with subprocess.Popen([sys.executable, "-c", code, *map(str, paths)]) as creator:
        for path in paths:
            while not path.exists():
                assert creator.poll() in (None, 0)
            with Journal.read_only(path) as reader:
                assert reader.jobs() == []
    assert list(tmp_path.glob("*/.*")) == []


def test_the_first_of_two_creators_wins(tmp_path: Path) -> None:
    with appearing(tmp_path / "journal.db") as temporary:
        temporary.write_text("later")
        with new_journal(tmp_path) as journal:
            journal.add_recipe(recipe())
    with new_journal(tmp_path) as journal:
        assert journal.recipes() == [recipe()]


def test_many_processes_create_and_write_one_journal(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from journal.store import Journal\n"
        "with Journal.open(Path(sys.argv[1])) as journal:\n"
        "    for number in range(20): journal.add_event('tick', {'who': sys.argv[2], 'n': number}, 1.0)\n"
    )
    path = str(tmp_path / "journal.db")
    processes = [subprocess.Popen([sys.executable, "-c", code, path, str(who)]) for who in range(4)]
    assert [process.wait() for process in processes] == [0, 0, 0, 0]
    with new_journal(tmp_path) as journal:
        ticks = {(event.detail["who"], event.detail["n"]) for event in journal.events("tick")}
    assert len(ticks) == 80
