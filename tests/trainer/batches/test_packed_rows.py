"""Files of packed rows: what they hold, what names them; each is made once, whole or not at all."""

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.support.packed_lab import SEQUENCE_LEN, Packed, big, make, numbers, text_of, wait_until
from tests.support.paths import ROOT
from trainer.batches.row_builder import command, ensure_rows
from trainer.batches.rows import UNUSED_DAYS, open_rows, token_type, write_rows
from trainer.data.errors import DataError
from trainer.system.processes import is_running


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "rows"


def start(packed: Packed, rows: Path) -> subprocess.Popen[bytes]:
    words = command(packed.shard(0), packed.tokenizer_path, SEQUENCE_LEN, rows)
    return subprocess.Popen(words, cwd=ROOT)


def test_rows_that_nothing_reads_are_dropped_when_others_are_made(tmp_path: Path, cache: Path) -> None:
    packed = make(tmp_path / "data", *(numbers(shard) for shard in range(4)))
    paths, month = [packed.rows_path(shard) for shard in range(4)], UNUSED_DAYS * 86400 + 60
    for shard in range(3):
        ensure_rows(packed.shard(shard), packed.tokenizer_path, SEQUENCE_LEN, paths[shard])
    for path in paths[:3]:
        os.utime(path, (0, time.time() - month))
    shards = packed.shards()
    assert len(shards.rows(0))  # after a month: it, and the next one with it, are in use
    shards.close()
    ensure_rows(packed.shard(3), packed.tokenizer_path, SEQUENCE_LEN, paths[3])
    assert [path.exists() for path in paths] == [True, True, False, True]


def test_a_shards_rows_are_a_plain_array_of_its_text(tmp_path: Path) -> None:
    packed = make(tmp_path / "data", numbers(0))
    rows = packed.shards().rows(0)
    stored = np.load(packed.rows_path(0), allow_pickle=False)
    np.testing.assert_array_equal(rows, stored)
    assert stored.dtype.str == "<u2" and stored.shape == (len(rows), SEQUENCE_LEN + 1)
    assert (stored[:, 0] == packed.tokenizer.special("<|bos|>")).all()
    text = text_of(rows, packed.tokenizer)
    assert sum(document in text for document in numbers(0)) > 100  # most are not cut
    ordinary = stored[stored < 256].size
    assert 0 <= sum(map(len, numbers(0))) - ordinary < SEQUENCE_LEN


def test_tokens_take_two_bytes_where_the_vocabulary_fits(tmp_path: Path) -> None:
    assert [token_type(size).str for size in (65_536, 65_537)] == ["<u2", "<u4"]
    row = np.array([65_536, 1, 2], np.int32)
    write_rows(tmp_path / "wide.npy", iter([[row], [row, row]]), 3, token_type(65_537))
    np.testing.assert_array_equal(open_rows(tmp_path / "wide.npy", 3), np.stack([row] * 3))


def test_a_file_is_found_by_content_wherever_the_data_lies(tmp_path: Path, cache: Path) -> None:
    make(tmp_path / "one", numbers(0)).shards().rows(0)
    (made,) = cache.glob("*.npy")
    before = made.stat().st_ino
    make(tmp_path / "two", numbers(0)).shards().rows(0)
    assert [path.stat().st_ino for path in cache.glob("*.npy")] == [before]


def test_other_text_another_length_and_another_tokenizer_have_files_of_their_own(
    tmp_path: Path, cache: Path
) -> None:
    packed = make(tmp_path / "one", numbers(0))
    packed.shards().rows(0)
    packed.shards(sequence_len=16).rows(0)
    make(tmp_path / "two", numbers(1)).shards().rows(0)
    packed.tokenizer.train(numbers(0), 300).save(packed.tokenizer_path)
    packed.shards().rows(0)
    assert len(list(cache.glob("*.npy"))) == 4


def test_processes_that_want_the_same_file_make_it_once(tmp_path: Path) -> None:
    packed = make(tmp_path / "data", big(5000))
    rows = packed.rows_path(0)
    processes = [start(packed, rows) for _ in range(4)]
    seen = set[int]()
    while any(process.poll() is None for process in processes):
        if rows.exists():
            seen.add(rows.stat().st_ino)
    assert [process.returncode for process in processes] == [0] * 4
    assert len(seen) == 1


def test_a_killed_builder_leaves_no_file_and_the_next_one_makes_it(tmp_path: Path) -> None:
    packed = make(tmp_path / "data", big())
    rows = packed.rows_path(0)
    part = rows.with_name(f".{rows.name}.part")
    process = start(packed, rows)
    wait_until(lambda: part.exists() and part.stat().st_size)
    process.kill()
    process.wait()
    assert part.exists() and not rows.exists()
    made = packed.shards().rows(0)
    assert made.size > 1_000_000 and not part.exists()


def test_a_builder_that_is_stopped_takes_its_half_file_with_it(tmp_path: Path, cache: Path) -> None:
    packed = make(tmp_path / "data", numbers(0), big())
    shards = packed.shards()
    shards.rows(0)
    rows = packed.rows_path(1)
    part = rows.with_name(f".{rows.name}.part")
    wait_until(lambda: part.exists() or rows.exists())
    assert not rows.exists()
    shards.close()
    assert not part.exists() and not rows.exists()


PARENT = """
import sys, time
from pathlib import Path
from trainer.batches.row_server import Builders
from tests.support.paths import ROOT
builders = Builders(Path(sys.argv[1]), 32)
builders.begin(Path(sys.argv[2]), Path(sys.argv[3]))
(process,) = builders._running.values()
print(process.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Packed]:
    """A data set whose rows nobody can make: the test holds the lock."""
    packed = make(tmp_path / "data", numbers(0))
    rows = packed.rows_path(0)
    rows.parent.mkdir(parents=True)
    with rows.with_name(f".{rows.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield packed


def test_a_builder_ends_with_the_process_that_started_it(held: Packed) -> None:
    words = [str(path) for path in (held.tokenizer_path, held.shard(0), held.rows_path(0))]
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, *words], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        builder = int(parent.stdout.readline())
        wait_until(lambda: waiting_for_a_lock() == builder)
        assert os.getsid(builder) == builder  # no Ctrl-C reaches it
        parent.send_signal(signal.SIGKILL)
    wait_until(lambda: not is_running(builder))


def test_a_builder_that_dies_while_it_is_waited_for_ends_the_wait(held: Packed) -> None:
    def kill() -> None:
        wait_until(waiting_for_a_lock)
        os.kill(waiting_for_a_lock(), signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(RuntimeError, match="ended with code -9"):
        held.shards().rows(0)
    killer.join()


def waiting_for_a_lock() -> int:
    """The process that waits for the lock on this test's file; 0 for none."""
    (lock,) = (Path(os.environ["HARNESS_CACHE"]) / "rows").glob(".*.lock")
    for line in Path("/proc/locks").read_text().splitlines():
        words = line.split()
        if words[1] == "->" and words[6].endswith(f":{lock.stat().st_ino}"):
            return int(words[5])
    return 0


def test_what_is_no_file_of_such_rows_is_named(tmp_path: Path) -> None:
    packed = make(tmp_path / "data", numbers(0))
    packed.shards().rows(0)
    rows = packed.rows_path(0)
    rows.write_bytes(rows.read_bytes()[:-100])
    with pytest.raises(DataError, match="delete it to have it made again") as caught:
        packed.shards().rows(0)
    assert str(rows) in str(caught.value) and "\n" not in str(caught.value)
    np.save(rows, np.zeros((3, 7), np.uint16))
    with pytest.raises(DataError, match=r"<u2 \[3, 7\]; needed: <u2 or <u4 \[rows, 33\]"):
        packed.shards().rows(0)


def test_what_is_made_is_read_without_a_lock(tmp_path: Path) -> None:
    packed = make(tmp_path / "data", numbers(0))
    ensure_rows(packed.shard(0), packed.tokenizer_path, SEQUENCE_LEN, packed.rows_path(0))
    locks = list((tmp_path / "cache").rglob("*.lock"))
    assert len(locks) == 2  # of the hashes, and of the rows
    for lock in locks:  # as in a cache that may only be read
        lock.unlink()
        lock.mkdir()
    assert len(packed.shards().rows(0))
