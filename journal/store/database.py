"""One SQLite file, many processes: connection, transactions, rows in and out."""

import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlite_utils import Database
from typing_extensions import Self

from journal.errors import JournalError, Refused
from journal.store.schema import APPLICATION_ID, MIGRATIONS, applied_migrations, migrate
from trainer.system.files import appearing

BUSY_SECONDS = 30.0
Row = dict[str, Any]
Parameters = Sequence[Any]


class Store:
    """A connection that threads may share; `atomic()` blocks nest and take the write lock at once."""

    def __init__(self, db: Database, path: Path) -> None:
        self.path = path
        self._db = db
        self._lock = threading.RLock()
        self._depth = 0

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open for writing; create and migrate as needed.

        Raises:
            JournalError: the file is damaged, not a journal, or cannot be written.
        """
        with _one_line(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                _create(path)
            store = cls(Database(_connect(str(path))), path)
        try:
            with _one_line(path):
                store._prepare()
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def read_only(cls, path: Path) -> Self:
        """Open for reading alone. Of a file of an older version an upgraded copy in memory is read.

        Raises:
            JournalError: no such file, a damaged or empty one, or one that is not a journal.
        """
        if not path.is_file():
            raise JournalError(f"{path}: no journal there")
        with _one_line(path):
            store = cls(Database(_connect(f"file:{quote(str(path))}?mode=ro", uri=True)), path)
        try:
            with _one_line(path):
                store._check_identity()
                if store._is_behind():
                    store._read_an_upgraded_copy()
        except BaseException:
            store.close()
            raise
        return store

    def close(self) -> None:
        """Close the connection; safe to call twice."""
        with self._lock:
            self._db.conn.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """All or nothing: the outermost block takes the write lock at once, inner ones are savepoints."""
        with self._lock:
            name = f"level_{self._depth}"
            inner = self._depth > 0
            conn = self._db.conn
            conn.execute(f"SAVEPOINT {name}" if inner else "BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
                conn.execute(f"RELEASE {name}" if inner else "COMMIT")
            except BaseException:
                if conn.in_transaction:
                    conn.execute(f"ROLLBACK TO {name}" if inner else "ROLLBACK")
                    if inner:
                        conn.execute(f"RELEASE {name}")
                raise
            finally:
                self._depth -= 1

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """What is read inside is of one moment, whatever others write meanwhile."""
        with self._lock:
            if self._db.conn.in_transaction:
                yield
                return
            self._db.conn.execute("BEGIN")
            try:
                yield
            finally:
                with suppress(sqlite3.DatabaseError):  # of a damaged file: the reads have said so
                    self._db.conn.execute("ROLLBACK")

    def _rows(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        with self._lock:
            return list(self._db.query(sql, parameters))

    def _row(self, sql: str, parameters: Parameters = ()) -> Row | None:
        rows = self._rows(sql, parameters)
        return rows[0] if rows else None

    def _execute(self, sql: str, parameters: Parameters = ()) -> int:
        """Run one write in a transaction; return the number of rows it changed.

        Raises:
            Refused: a rule of the schema forbids it.
        """
        with self.atomic():
            return int(self._write(sql, parameters).rowcount)

    def _insert(self, table: str, record: Mapping[str, Any]) -> int:
        """Insert one row and return its rowid.

        Raises:
            Refused: a twin, a missing parent row, or a rule of the schema.
        """
        columns, marks = ", ".join(record), ", ".join("?" for _ in record)
        with self.atomic():
            sql = f"INSERT INTO {table} ({columns}) VALUES ({marks})"
            return int(self._write(sql, list(record.values())).lastrowid or 0)

    def _write(self, sql: str, parameters: Parameters) -> sqlite3.Cursor:
        try:
            return self._db.conn.execute(sql, parameters)
        except sqlite3.IntegrityError as error:
            raise Refused(f"the journal refuses: {error}") from None

    def _prepare(self) -> None:
        self._check_identity()
        _use_wal(self._db.conn)
        self._db.conn.execute("PRAGMA synchronous = FULL")
        with self.atomic():
            self._check_identity()
            migrate(self._db)

    def _check_identity(self) -> None:
        conn = self._db.conn
        conn.execute("PRAGMA foreign_keys = ON")
        application = conn.execute("PRAGMA application_id").fetchone()[0]
        tables = conn.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if application != APPLICATION_ID and tables:
            raise JournalError(f"{self.path}: not a lab journal (a SQLite file of another program)")
        finding = conn.execute("PRAGMA quick_check(1)").fetchone()[0]
        if finding != "ok":
            raise JournalError(f"{self.path}: damaged ({str(finding).splitlines()[0]})")
        unknown = set(applied_migrations(self._db)) - {step.__name__ for step in MIGRATIONS}
        if unknown:
            raise JournalError(f"{self.path}: written by a newer version (has {sorted(unknown)[0]})")

    def _is_behind(self) -> bool:
        """Whether migrations are missing.

        Raises:
            JournalError: all of them are: nothing was ever written.
        """
        applied = applied_migrations(self._db)
        if not applied:
            raise JournalError(f"{self.path}: empty; begin a lab with: harness start")
        return len(applied) < len(MIGRATIONS)

    def _read_an_upgraded_copy(self) -> None:
        # The file stays as it is: an older program may be at work on it.
        copy = Database(_connect(":memory:"))
        self._db.conn.backup(copy.conn)
        self._db.conn.close()
        self._db = copy
        migrate(copy)
        copy.execute("PRAGMA query_only = ON")


def _connect(target: str, uri: bool = False) -> sqlite3.Connection:
    # isolation_level None: transactions are ours alone, nothing is begun or committed behind our back.
    return sqlite3.connect(
        target, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, uri=uri
    )


def _create(path: Path) -> None:
    # Whole or not at all: who reads meanwhile finds no journal or all of its tables.
    with appearing(path) as temporary, closing(_connect(str(temporary))) as conn:
        conn.execute("PRAGMA journal_mode = OFF")
        conn.execute("PRAGMA synchronous = FULL")
        conn.execute("BEGIN IMMEDIATE")
        migrate(Database(conn))
        conn.execute("COMMIT")


def _use_wal(conn: sqlite3.Connection) -> None:
    # Two processes switching at once: SQLite answers "locked" here without waiting its busy timeout.
    deadline = time.monotonic() + BUSY_SECONDS
    while conn.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        with suppress(sqlite3.OperationalError):
            conn.execute("PRAGMA journal_mode = WAL")
            continue
        if time.monotonic() > deadline:
            raise JournalError("the journal stays locked by another process")
        time.sleep(0.02)


@contextmanager
def _one_line(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise JournalError(f"{path}: cannot be opened ({error})") from None
    except sqlite3.DatabaseError as error:
        raise JournalError(f"{path}: not a lab journal, or damaged ({error})") from None
    except OSError as error:
        raise JournalError(f"{path}: cannot be opened ({error.strerror or error})") from None
