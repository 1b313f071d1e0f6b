"""Transactions: all or nothing, nested, across threads and through kill -9."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.support.journal_support import new_journal


def test_outer_failure_undoes_inner_blocks(tmp_path: Path) -> None:
    with new_journal(tmp_path) as journal:
        with pytest.raises(RuntimeError), journal.atomic():
            journal.set_meta("a", "1")
            with journal.atomic():
                journal.set_meta("b", "2")
            raise RuntimeError
        assert journal.meta("a") is None and journal.meta("b") is None


def test_inner_failure_undoes_the_inner_block_alone(tmp_path: Path) -> None:
    with new_journal(tmp_path) as journal:
        with journal.atomic():
            journal.set_meta("a", "1")
            with pytest.raises(RuntimeError), journal.atomic():
                journal.set_meta("b", "2")
                raise RuntimeError
            journal.set_meta("c", "3")
        assert (journal.meta("a"), journal.meta("b"), journal.meta("c")) == ("1", None, "3")


def test_threads_share_a_journal(tmp_path: Path) -> None:
    with new_journal(tmp_path) as journal:

        def count() -> None:
            for _ in range(25):
                with journal.atomic():
                    journal.set_meta("n", str(int(journal.meta("n") or 0) + 1))

        threads = [threading.Thread(target=count) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert journal.meta("n") == "100"


def test_processes_take_turns(tmp_path: Path) -> None:
    with new_journal(tmp_path) as journal:
        code = (
            "import sys; from pathlib import Path; from journal.store import Journal\n"
            "journal = Journal.open(Path(sys.argv[1]))\n"
            "for _ in range(25):\n"
            "    with journal.atomic(): journal.set_meta('n', str(int(journal.meta('n') or 0) + 1))\n"
        )
        processes = [subprocess.Popen([sys.executable, "-c", code, str(journal.path)]) for _ in range(3)]
        assert [process.wait() for process in processes] == [0, 0, 0]
        assert journal.meta("n") == "75"


def test_kill_inside_a_transaction_leaves_nothing_of_it(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from journal.store import Journal\n"
        "journal = Journal.open(Path(sys.argv[1]))\n"
        "journal.set_meta('before', 'kept')\n"
        "with journal.atomic():\n"
        "    journal.set_meta('during', 'lost')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    path = tmp_path / "journal.db"
    assert subprocess.run([sys.executable, "-c", code, str(path)]).returncode == -9
    with new_journal(tmp_path) as journal:
        assert journal.meta("before") == "kept"
        assert journal.meta("during") is None
