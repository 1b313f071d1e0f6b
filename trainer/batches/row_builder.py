"""`python -m trainer.batches.row_builder PARENT_PID SHARD TOKENIZER SEQUENCE_LEN ROWS`: one file of rows.

A process of its own for each shard, not a thread: packing is Python, and would take the interpreter
from the training loop. It is started afresh rather than forked, because its parent holds a GPU, and it
imports no torch. Whoever else wants the same file waits for the lock and finds it made.
"""

import os
import signal
import sys
from pathlib import Path

from trainer.batches.packer import packed_windows
from trainer.batches.rows import drop_unused, token_type, write_rows
from trainer.data.errors import DataError, unwritable
from trainer.data.shards import shard_texts
from trainer.processes.tether import tie_to
from trainer.system.locks import locked
from trainer.system.python import module_command
from trainer.tokenizer import Tokenizer, TokenizerError

BAD_INPUT = 2


def ensure_rows(shard: Path, tokenizer_path: Path, sequence_len: int, rows: Path) -> None:
    """Make the file of a shard's rows unless it is there.

    Raises:
        DataError: the shard is broken, or the cache cannot be written.
        TokenizerError: the tokenizer cannot be read.
    """
    try:
        rows.parent.mkdir(parents=True, exist_ok=True)
        with locked(rows.with_name(f".{rows.name}.lock")):
            if not rows.exists():
                drop_unused(rows.parent)
                _build(shard, Tokenizer.load(tokenizer_path), sequence_len + 1, rows)
    except OSError as error:
        raise unwritable(rows.parent, error) from error


def main(argv: list[str]) -> int:
    """Make one file; 0 on success, 2 with one line on stderr for what the user can mend."""
    parent, shard, tokenizer, sequence_len, rows = argv
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    tie_to(int(parent))
    try:
        ensure_rows(Path(shard), Path(tokenizer), int(sequence_len), Path(rows))
    except (DataError, TokenizerError) as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    return 0


def command(shard: Path, tokenizer_path: Path, sequence_len: int, rows: Path) -> list[str]:
    """What a parent runs."""
    paths = [str(path.absolute()) for path in (shard, tokenizer_path, rows)]
    words = [str(os.getpid()), paths[0], paths[1], str(sequence_len), paths[2]]
    return module_command("trainer.batches.row_builder", *words)


def _build(shard: Path, tokenizer: Tokenizer, row_len: int, rows: Path) -> None:
    windows = packed_windows(shard_texts(shard), tokenizer, row_len)
    write_rows(rows, windows, row_len, token_type(tokenizer.vocab_size))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
