"""Tokenizer jobs: what they read, write and report."""

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch

from tests.rustbpe import bpe_reference
from trainer._rustbpe import MAX_TOKEN_BYTES
from trainer.chat import render
from trainer.data.catalog import open_data
from trainer.job import CHAT_TOKENS, TEXT_TOKENS, RunPaths, TokenizerJob, canonical_bytes, spec_hash
from trainer.kinds.tokenizer import measure, run_tokenizer
from trainer.run.context import Event, JobCancelled, JobFailure, RunContext
from trainer.tokenizer import MIN_VOCAB_SIZE, Tokenizer

TRAIN = ["the cat sat on the mat; größer 字字 " * 20, "another document, " * 30, "and the last one " * 9]
HELD_OUT = ["the cat sat; " * 10, "validation text too", "locked text, never read here", "locked"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_data(tmp_path / "data", TRAIN, HELD_OUT)


def write_data(folder: Path, train: list[str], held_out: list[str]) -> Path:
    (folder / "pretrain").mkdir(parents=True)
    for name, texts in (("shard_00000", train), ("shard_00001", held_out)):
        pq.write_table(pa.table({"text": texts}), folder / "pretrain" / f"{name}.parquet", row_group_size=2)
    return folder


def job_for(data: Path, **settings: int) -> TokenizerJob:
    return TokenizerJob(kind="tokenizer", data=str(data), **({"vocab_size": 305} | settings))


def context_for(
    job: TokenizerJob, runs: Path, rank: int = 0, stop_requested: Callable[[], bool] = lambda: False
) -> RunContext:
    paths = RunPaths(runs / f"{spec_hash(job)[:10]}-1")
    paths.folder.mkdir(parents=True, exist_ok=True)
    return RunContext(
        paths=paths, runs_dir=runs, rank=rank, world_size=1 + rank, device=torch.device("cpu"),
        job_bytes=canonical_bytes(job), spec_hash=spec_hash(job), stop_requested=stop_requested,
    )  # fmt: skip


def test_learns_from_the_training_texts_alone(tmp_path: Path, data: Path) -> None:
    job = job_for(data)
    context = context_for(job, tmp_path)
    outcome = run_tokenizer(context, job)
    tokenizer = Tokenizer.load(context.paths.tokenizer)
    expected = bpe_reference.train(TRAIN, 305 - MIN_VOCAB_SIZE, MAX_TOKEN_BYTES)
    assert tokenizer._bpe.merges == expected
    assert outcome.tokenizer_hash == tokenizer.content_hash()
    assert outcome.metrics["train_bytes"] == sum(len(text.encode()) for text in TRAIN)


def test_counts_the_tokens_of_the_conversations(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = job_for(data)
    assert CHAT_TOKENS not in run_tokenizer(context_for(job, tmp_path), job).metrics
    (data / "chat").mkdir()
    talk = [{"role": "user", "content": "the cat"}, {"role": "assistant", "content": "sat on the mat"}]
    lines = "".join(json.dumps({"messages": talk, "id": number}) + "\n" for number in range(40))
    (data / "chat" / "talks.jsonl").write_text(lines)
    context = context_for(job, tmp_path)
    counted = run_tokenizer(context, job).metrics[CHAT_TOKENS]
    tokenizer = Tokenizer.load(context.paths.tokenizer)
    talks = list(open_data(str(data)).conversations("train"))
    assert counted == sum(len(render(talk, tokenizer)[0]) for talk in talks) > 0
    monkeypatch.setattr("trainer.kinds.tokenizer.MOST_CONVERSATIONS", 10)
    assert CHAT_TOKENS not in run_tokenizer(context, job).metrics, "too many to count"
    (data / "chat" / "broken.jsonl").write_text('{"messages": 3}\n')
    assert CHAT_TOKENS not in run_tokenizer(context, job).metrics, "fine-tuning says what is wrong"


@pytest.mark.parametrize("max_bytes", [100_000, 1000])
def test_counts_the_tokens_of_the_whole_training_text(tmp_path: Path, max_bytes: int) -> None:
    data = write_data(tmp_path / "equal", ["one of many documents " * 10] * 40, HELD_OUT)
    job = job_for(data, max_bytes=max_bytes)
    outcome = run_tokenizer(context_for(job, tmp_path), job)
    size = 40 * len("one of many documents " * 10)
    assert outcome.metrics["train_bytes"] == min(size, max_bytes)
    counted = outcome.metrics[TEXT_TOKENS] * outcome.metrics["bytes_per_token"]
    assert counted == pytest.approx(size, rel=0.15), "of all that the shards hold, not of what was read"


def test_leaves_out_what_it_cannot_know_of_the_training_text(tmp_path: Path) -> None:
    data = write_data(tmp_path / "unmeasured", TRAIN, ["", ""])
    assert TEXT_TOKENS not in run_tokenizer(context_for(job_for(data), tmp_path), job_for(data)).metrics


def test_reports_bytes_per_token_on_validation_and_speeds(tmp_path: Path, data: Path) -> None:
    job = job_for(data)
    context = context_for(job, tmp_path)
    outcome = run_tokenizer(context, job)
    tokenizer = Tokenizer.load(context.paths.tokenizer)
    validation = HELD_OUT[:2]
    tokens = sum(len(tokenizer.encode(text)) for text in validation)
    assert outcome.metrics["bytes_per_token"] == sum(map(len, validation)) / tokens
    assert outcome.metrics["vocab_size"] == outcome.resolved["vocab_size"] == tokenizer.vocab_size == 305
    seconds, size = outcome.metrics["train_seconds"], outcome.metrics["train_bytes"]
    assert outcome.train_seconds == seconds > 0
    assert outcome.metrics["train_bytes_per_second"] == pytest.approx(size / seconds)
    assert outcome.metrics["encode_bytes_per_second"] > 0


@pytest.mark.parametrize("max_bytes", [1000, 1003])
def test_reads_no_more_than_max_bytes(tmp_path: Path, data: Path, max_bytes: int) -> None:
    job = job_for(data, max_bytes=max_bytes)
    context = context_for(job, tmp_path)
    outcome = run_tokenizer(context, job)
    first = len(TRAIN[0].encode())
    cut = (
        [TRAIN[0], TRAIN[1][: max_bytes - first]]
        if first < max_bytes
        else [TRAIN[0].encode()[:max_bytes].decode()]
    )
    assert outcome.metrics["train_bytes"] == max_bytes
    merges = Tokenizer.load(context.paths.tokenizer)._bpe.merges
    assert merges == bpe_reference.train(cut, len(merges), MAX_TOKEN_BYTES)


def test_announces_its_start(tmp_path: Path, data: Path) -> None:
    job = job_for(data)
    context = context_for(job, tmp_path)
    events: list[Event] = []
    context.write_event = events.append
    run_tokenizer(context, job)
    assert [(event.event, getattr(event, "job_id", None)) for event in events] == [
        ("started", context.paths.job_id)
    ]


def test_the_same_job_gives_the_same_file(tmp_path: Path, data: Path) -> None:
    job = job_for(data)
    files = []
    for runs in (tmp_path / "one", tmp_path / "two"):
        context = context_for(job, runs)
        run_tokenizer(context, job)
        files.append(context.paths.tokenizer.read_bytes())
    assert files[0] == files[1]


def test_texts_too_small_give_a_smaller_vocabulary(tmp_path: Path) -> None:
    job = job_for(write_data(tmp_path / "small", ["ab"], ["ab", "cd"]), vocab_size=4096)
    outcome = run_tokenizer(context_for(job, tmp_path), job)
    assert outcome.resolved["vocab_size"] == MIN_VOCAB_SIZE + 1


def test_a_stop_request_leaves_nothing(tmp_path: Path, data: Path) -> None:
    job = job_for(data)
    context = context_for(job, tmp_path, stop_requested=lambda: True)
    with pytest.raises(JobCancelled):
        run_tokenizer(context, job)
    assert list(context.paths.folder.iterdir()) == []


def test_a_stop_request_is_heeded_while_reading(tmp_path: Path) -> None:
    job = job_for(write_data(tmp_path / "many", ["some text"] * 5000, ["a", "b"]))
    asked = iter([False, False, True])
    context = context_for(job, tmp_path, stop_requested=lambda: next(asked))
    with pytest.raises(JobCancelled):
        run_tokenizer(context, job)
    assert list(context.paths.folder.iterdir()) == []


def test_empty_texts_fail_the_job(tmp_path: Path) -> None:
    job = job_for(write_data(tmp_path / "empty", ["", ""], ["", ""]))
    context = context_for(job, tmp_path)
    with pytest.raises(JobFailure, match="training texts are empty"):
        run_tokenizer(context, job)
    assert list(context.paths.folder.iterdir()) == []


def test_other_ranks_do_nothing(tmp_path: Path, data: Path) -> None:
    job = job_for(data)
    context = context_for(job, tmp_path, rank=1)
    assert run_tokenizer(context, job).metrics == {}
    assert list(context.paths.folder.iterdir()) == []


def test_measures_texts_of_many_batches() -> None:
    tokenizer = Tokenizer.train(["some words "], 280)
    texts = ["some words " * count for count in (400_000, 500_000, 1)] + ["é" * 3_000_000, "字"]
    tokens = sum(len(tokenizer.encode(text)) for text in texts)
    size = sum(len(text.encode()) for text in texts)
    assert measure(tokenizer, texts)["bytes_per_token"] == size / tokens
    assert measure(tokenizer, []) == {}


@pytest.mark.real_data
def test_real_text_is_compressed(tmp_path: Path) -> None:
    job = TokenizerJob(kind="tokenizer", data="default", vocab_size=2048, max_bytes=5_000_000)
    context = context_for(job, tmp_path)
    outcome = run_tokenizer(context, job)
    assert outcome.metrics["vocab_size"] == 2048
    assert outcome.metrics["train_bytes"] == 5_000_000
    assert 2.5 < outcome.metrics["bytes_per_token"] < 5.0
