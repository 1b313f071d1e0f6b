"""Tokenizer jobs: learn a vocabulary from a data set's training texts and measure it."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from trainer.chat import ChatError, render
from trainer.data.catalog import DataSet, open_data
from trainer.data.conversations import chat_files
from trainer.data.errors import DataError
from trainer.job import CHAT_TOKENS, TEXT_TOKENS, RunPaths, TokenizerJob
from trainer.job.events import Started
from trainer.job.result import Scalar
from trainer.kinds.kind import Kind, PreparedJob
from trainer.run.context import JobCancelled, JobFailure, Outcome, RunContext
from trainer.run.summary import submit_next
from trainer.tokenizer import Tokenizer

VALIDATION_BYTES = 10_000_000
BATCH_BYTES = 4_000_000
DOCUMENTS_PER_CHECK = 256
# Counting so many takes seconds; who has more than that cannot read them often.
MOST_CONVERSATIONS = 100_000
CHAT_SAMPLE = 500


def run_tokenizer(context: RunContext, job: TokenizerJob) -> Outcome:
    """Train on the first `max_bytes` of the training texts and write `tokenizer.json`.

    One process does it all: other ranks return at once, with nothing to report.

    Raises:
        JobCancelled: on request, with nothing written.
        JobFailure: `no_text` when the data set holds no training text.
    """
    if not context.is_main:
        return Outcome(metrics={}, resolved={})
    context.emit(Started(time=time.time(), job_id=context.paths.job_id))
    data = open_data(job.data)
    texts = Meter(context, data.texts("train"), job.max_bytes)
    started = time.perf_counter()
    tokenizer = Tokenizer.train(texts, job.vocab_size)
    train_seconds = time.perf_counter() - started
    if not texts.seen_bytes:
        raise JobFailure("no_text", f'data: "{job.data}"; its training texts are empty; allowed: some text')
    validation = measure(tokenizer, Meter(context, data.texts("validation"), VALIDATION_BYTES))
    tokenizer.save(context.paths.tokenizer)
    return Outcome(
        metrics={
            "vocab_size": float(tokenizer.vocab_size),
            "train_bytes": float(texts.seen_bytes),
            "train_seconds": train_seconds,
            "train_bytes_per_second": texts.seen_bytes / max(train_seconds, 1e-9),
            **validation,
            **text_size(data, texts, validation.get("bytes_per_token")),
            **chat_size(data, tokenizer),
        },
        resolved=_resolved(job, tokenizer, texts.seen_bytes),
        train_seconds=train_seconds,
        data_hash=data.content_hash(),
        tokenizer_hash=tokenizer.content_hash(),
    )


@dataclass
class Meter:
    """Passes texts on until they hold `max_bytes`, cutting the last one; counts them; heeds stop requests."""

    context: RunContext
    texts: Iterable[str]
    max_bytes: int
    seen_bytes: int = 0
    seen_documents: int = 0

    def __iter__(self) -> Iterator[str]:
        for index, text in enumerate(self.texts):
            if index % DOCUMENTS_PER_CHECK == 0:
                self._check()
            text, size = _cut(text, self.max_bytes - self.seen_bytes)
            self.seen_bytes += size
            self.seen_documents += 1
            yield text
            if self.seen_bytes >= self.max_bytes:
                break
        self._check()

    def _check(self) -> None:
        # The local request, not the agreed one: the other ranks are not there to ask.
        if self.context.stop_requested():
            raise JobCancelled("stopped on request before the vocabulary was complete")
        fraction = self.seen_bytes / self.max_bytes
        self.context.progress.update(fraction, f"{self.seen_bytes / 1e6:.1f} MB of text read")


def measure(tokenizer: Tokenizer, texts: Iterable[str]) -> dict[str, float]:
    """Bytes per token and encoding speed; nothing where there is no text."""
    size = tokens = 0
    seconds = 0.0
    for batch in _batches(texts):
        started = time.perf_counter()
        encoded = tokenizer.encode_batch(batch)
        seconds += time.perf_counter() - started
        size += sum(len(text.encode()) for text in batch)
        tokens += sum(len(ids) for ids in encoded)
    if not tokens:
        return {}
    return {"bytes_per_token": size / tokens, "encode_bytes_per_second": size / max(seconds, 1e-9)}


def text_size(data: DataSet, texts: Meter, bytes_per_token: float | None) -> dict[str, float]:
    """Tokens of the whole training text, by the mean size of what was read of it; nothing where unknown."""
    if bytes_per_token is None or not texts.seen_documents:
        return {}
    size = data.training_documents() * texts.seen_bytes / texts.seen_documents
    return {TEXT_TOKENS: float(round(size / bytes_per_token))}


def chat_size(data: DataSet, tokenizer: Tokenizer) -> dict[str, float]:
    """Tokens of the conversations, by the mean of a sample; nothing where there are none, or very many."""
    if not chat_files(data.folder / "chat"):
        return {}
    try:
        read = list(islice(data.conversations("train"), MOST_CONVERSATIONS + 1))
        sample = [
            len(render(talk, tokenizer)[0]) for talk in read[:: math.ceil(len(read) / CHAT_SAMPLE) or 1]
        ]
    except (DataError, ChatError):
        return {}  # fine-tuning will say what is wrong with them
    if not sample or len(read) > MOST_CONVERSATIONS:
        return {}
    return {CHAT_TOKENS: float(round(len(read) * sum(sample) / len(sample)))}


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    characters = 0
    for text in texts:
        batch.append(text)
        characters += len(text)
        if characters >= BATCH_BYTES:
            yield batch
            batch, characters = [], 0
    yield batch


def _cut(text: str, most: int) -> tuple[str, int]:
    """At most `most` bytes of a text, cut between characters, and the bytes that it takes of the budget."""
    data = text.encode()
    if len(data) <= most:
        return text, len(data)
    return data[:most].decode(errors="ignore"), most


def _resolved(job: TokenizerJob, tokenizer: Tokenizer, train_bytes: int) -> dict[str, Scalar]:
    return {
        "data": job.data,
        "vocab_size": tokenizer.vocab_size,
        "max_bytes": job.max_bytes,
        "train_bytes": train_bytes,
    }


def _prepare(
    job: TokenizerJob, runs_dir: Path, world_size: int, device_type: str, memory_bytes: int | None
) -> PreparedJob:
    return lambda context: run_tokenizer(context, job)


def _next_steps(job: TokenizerJob, paths: RunPaths) -> list[str]:
    return submit_next({"kind": "pretrain", "data": job.data, "tokenizer": paths.job_id})


KIND = Kind(prepare=_prepare, next_steps=_next_steps)
