"""The starter set: real text, questions and evaluation out of the Python standard library.

Built on the spot, in seconds, into the cache; the same for a Python version whatever the hash
seed, the locale, the order of files or the packages installed beside it.
"""

import itertools
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from trainer.data.shards import write_shard
from trainer.data.starter.arithmetic import arithmetic_files
from trainer.data.starter.continuations import continuation_files
from trainer.data.starter.core import core_files
from trainer.data.starter.corpus import Corpus, read_corpus
from trainer.data.starter.facts import fact_files
from trainer.data.starter.smalltalk import smalltalk_files
from trainer.job.paths import starter_dir
from trainer.system.locks import locked

TRAIN_SHARDS = 3
DOCUMENTS_PER_GROUP = 256
HELD_OUT_GROUPS_PER_HALF = 4


def ensure_starter() -> Path:
    """The folder of the starter set, built first if it is missing."""
    folder = starter_dir()
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with locked(folder.parent / f".{folder.name}.lock"):
        if not folder.is_dir():
            _build_and_rename(folder)
    return folder


def build_starter(folder: Path) -> None:
    """Write the whole set into an empty folder."""
    corpus = read_corpus()
    _write_pretrain(folder / "pretrain", corpus)
    for name, rows in _chat_files(corpus).items():
        _write_jsonl(folder / "chat" / name, rows)
    for name, content in core_files(corpus).items():
        _write_text(folder / "core" / name, content)


def _chat_files(corpus: Corpus) -> dict[str, list[dict[str, Any]]]:
    facts = fact_files(corpus)
    arithmetic = arithmetic_files()
    return {
        **facts,
        **arithmetic,
        **continuation_files(corpus),
        **smalltalk_files(facts["facts_train.jsonl"], arithmetic["arithmetic_train.jsonl"]),
    }


def _write_pretrain(folder: Path, corpus: Corpus) -> None:
    folder.mkdir(parents=True)
    for index in range(TRAIN_SHARDS):
        texts = corpus.train[index::TRAIN_SHARDS]
        groups = [texts[i : i + DOCUMENTS_PER_GROUP] for i in range(0, len(texts), DOCUMENTS_PER_GROUP)]
        write_shard(folder / f"shard_{index:05d}.parquet", groups)
    # Equally many row groups in each half, so that the middle of the shard is the split.
    halves = [*_groups(corpus.validation), *_groups(corpus.locked)]
    write_shard(folder / f"shard_{TRAIN_SHARDS:05d}.parquet", halves)


def _groups(texts: Sequence[str]) -> list[Sequence[str]]:
    cuts = [len(texts) * i // HELD_OUT_GROUPS_PER_HALF for i in range(HELD_OUT_GROUPS_PER_HALF + 1)]
    return [texts[a:b] for a, b in itertools.pairwise(cuts)]


def _write_jsonl(path: Path, rows: list[dict[str, Any]]) -> None:
    _write_text(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def _write_text(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8", newline="\n")


def _build_and_rename(folder: Path) -> None:
    temporary = folder.with_name(f".{folder.name}.building-{os.getpid()}")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    try:
        build_starter(temporary)
        temporary.rename(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
