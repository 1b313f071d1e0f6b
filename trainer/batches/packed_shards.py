"""The rows of a data set's training shards, each made before it is read and the next ones meanwhile."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import numpy as np

from trainer.batches.packer import repeated_rows
from trainer.batches.row_server import Builders
from trainer.batches.rows import Rows, open_rows, rows_path, token_type
from trainer.data.catalog import DataSet
from trainer.data.errors import DataError
from trainer.data.shards import count_in_shard, train_shards
from trainer.tokenizer import Tokenizer


class PackedShards:
    """The train split as one file of rows a shard.

    While a shard is read, each of `world_size` ranks has one of the next `world_size` shards made.

    Raises:
        DataError: the folder holds too few shards, or one that is none.
    """

    def __init__(
        self, data: DataSet, tokenizer_path: Path, sequence_len: int, rank: int = 0, world_size: int = 1
    ) -> None:
        self._data, self._sequence_len = data, sequence_len
        self._rank, self._world_size = rank, world_size
        self._tokenizer = Tokenizer.load(tokenizer_path)
        self._tokenizer_hash = self._tokenizer.content_hash()
        self._builders = Builders(tokenizer_path, sequence_len)
        self._shards = train_shards(data.folder / "pretrain")
        self._paths: dict[int, Path] = {}
        self.documents = [count_in_shard(path) for path in self._shards]
        self.repeats = 1

    def rows(self, shard: int) -> Rows:
        """Rows [rows, sequence_len + 1] of one shard, waiting until they are made.

        Where no shard fills a row, those of the first are the whole split's, read `repeats` times.

        Raises:
            DataError: the split holds no text, a shard is broken, or the cache cannot be written.
            RuntimeError: a process that made a file died.
        """
        rows = self._mapped(shard)
        return rows if shard or len(rows) else self._rows_of_the_empty_first

    def close(self) -> None:
        """Stop what is being made ahead; it is begun anew when it is wanted."""
        self._builders.close()

    @cached_property
    def _rows_of_the_empty_first(self) -> Rows:
        if any(len(self._mapped(shard)) for shard in range(1, len(self._shards))):
            return self._mapped(0)
        rows, self.repeats = repeated_rows(self._data.texts("train"), self._tokenizer, self._sequence_len + 1)
        if not rows:
            raise DataError("data: the train split holds no text; needed: at least one document")
        made: Rows = np.stack(rows).astype(token_type(self._tokenizer.vocab_size))
        return made

    def _mapped(self, shard: int) -> Rows:
        ahead = self._ahead_of(shard)
        self._builders.begin(self._shards[shard], self._path(shard))
        self._builders.begin(self._shards[ahead], self._path(ahead))
        self._builders.wait(self._shards[shard], self._path(shard))
        return open_rows(self._path(shard), self._sequence_len + 1)

    def _ahead_of(self, shard: int) -> int:
        """This rank's one of the next shards, going round."""
        return (shard + 1 + (self._rank - shard - 1) % self._world_size) % len(self._shards)

    def _path(self, shard: int) -> Path:
        if shard not in self._paths:
            shard_hash = self._data.file_hash(self._shards[shard])
            self._paths[shard] = rows_path(shard_hash, self._tokenizer_hash, self._sequence_len)
        return self._paths[shard]
