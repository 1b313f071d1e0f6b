"""Small data sets and a tokenizer for tests of packed rows: real files, real processes."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from trainer.batches.packed_shards import PackedShards
from trainer.batches.rows import rows_path
from trainer.data.catalog import DataSet
from trainer.data.shards import train_shards, write_shard
from trainer.tokenizer import MIN_VOCAB_SIZE, Tokenizer

SEQUENCE_LEN = 32


@dataclass(frozen=True)
class Packed:
    """A data set, its tokenizer of single bytes, and where its rows belong."""

    data: DataSet
    tokenizer_path: Path

    @property
    def tokenizer(self) -> Tokenizer:
        return Tokenizer.load(self.tokenizer_path)

    def shards(self, rank: int = 0, world_size: int = 1, sequence_len: int = SEQUENCE_LEN) -> PackedShards:
        return PackedShards(self.data, self.tokenizer_path, sequence_len, rank, world_size)

    def shard(self, number: int) -> Path:
        return train_shards(self.data.folder / "pretrain")[number]

    def rows_path(self, number: int) -> Path:
        shard_hash = self.data.file_hash(self.shard(number))
        return rows_path(shard_hash, self.tokenizer.content_hash(), SEQUENCE_LEN)


def make(folder: Path, *shards: list[str]) -> Packed:
    """A data set of these training shards and a held-out one."""
    pretrain = folder / "pretrain"
    pretrain.mkdir(parents=True)
    for number, texts in enumerate([*shards, ["held out"]]):
        write_shard(pretrain / f"shard_{number:05d}.parquet", [texts])
    tokenizer_path = folder / "tokenizer.json"
    Tokenizer.train([], MIN_VOCAB_SIZE).save(tokenizer_path)
    return Packed(DataSet(folder), tokenizer_path)


def numbers(start: int, count: int = 200) -> list[str]:
    """One document a number, of which no two share one."""
    return [f"{number:06d} and some words;" for number in range(start, start + count)]


def big(documents: int = 20_000) -> list[str]:
    """Text that takes a good part of a second to pack."""
    text = " ".join(numbers(0, 50))
    return [text + str(number) for number in range(documents)]


def text_of(rows: np.ndarray, tokenizer: Tokenizer) -> str:  # type: ignore[type-arg]
    return "\n".join(tokenizer.decode(row) for row in rows)


def wait_until(happened: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.001)
