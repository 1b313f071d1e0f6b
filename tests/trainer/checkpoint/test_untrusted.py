"""A checkpoint from elsewhere: opened, or refused in one line, and no memory asked for on its word."""

import hashlib
import json
import os
import random
import shutil
import struct
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.model_support import save_tiny
from tests.support.mutations import mutated
from trainer.checkpoint.contents import CheckpointError
from trainer.checkpoint.reader import open_model, read_meta

Change = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("good") / "checkpoint"
    save_tiny(folder)
    return folder


@pytest.fixture
def copy(good: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(good, tmp_path / "copy"))


def sign(folder: Path, name: str) -> None:
    """Whoever sends a checkpoint writes its hashes too."""
    meta = json.loads((folder / "meta.json").read_text())
    meta["sha256"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    (folder / "meta.json").write_text(json.dumps(meta))


def refusal(folder: Path) -> str | None:
    """The one line, or None when it opens."""
    try:
        open_model(folder)
    except CheckpointError as error:
        line = str(error)
        assert "\n" not in line and len(line.replace(str(folder), "")) < 500, line
        return line
    return None


def header_of(weights: bytes) -> tuple[dict[str, Any], bytes]:
    (size,) = struct.unpack("<Q", weights[:8])
    return json.loads(weights[8 : 8 + size]), weights[8 + size :]


def put_header(folder: Path, header: bytes, tensors: bytes) -> None:
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + tensors)
    sign(folder, "model.safetensors")


@pytest.mark.parametrize("name", ["meta.json", "tokenizer.json", "canary.json"])
def test_mutated_json_is_opened_or_refused(good: Path, copy: Path, name: str) -> None:
    chance, counts = random.Random(name), Counter[bool]()
    document = json.loads((good / name).read_text())
    for _ in range(300):
        (copy / name).write_bytes(mutated(document, chance))
        if name != "meta.json":
            shutil.copyfile(good / "meta.json", copy / "meta.json")
            sign(copy, name)
        counts[refusal(copy) is None] += 1
    assert counts[False] > 150, counts


def test_mutated_safetensors_headers_are_refused(good: Path, copy: Path) -> None:
    chance = random.Random(11)
    header, tensors = header_of((good / "model.safetensors").read_bytes())
    opened = 0
    for _ in range(300):
        shutil.copyfile(good / "meta.json", copy / "meta.json")
        put_header(copy, mutated(header, chance), tensors)
        opened += refusal(copy) is None
    assert opened < 100


@pytest.mark.parametrize("claim", [0, 7, 1 << 20, 1 << 40, 2**64 - 1])
def test_a_header_longer_than_its_file_is_refused(copy: Path, claim: int) -> None:
    weights = copy / "model.safetensors"
    weights.write_bytes(struct.pack("<Q", claim) + weights.read_bytes()[8:])
    sign(copy, "model.safetensors")
    assert "not a safetensors file" in str(refusal(copy))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda c: c.update(vocab_size=1 << 30), "config.vocab_size"),
        (lambda c: c.update(vocab_size=100_000), "larger model"),
        (lambda c: c.update(sequence_len=1 << 40), "sequence_len"),
        (lambda c: c.update(depth=10**9), "windows"),
        (lambda c: c.update(depth=3, windows=c["windows"][:3], value_embedding_layers=[]), "not in both"),
        (lambda c: c.update(value_embedding_layers=[0, 1, 2, 3]), "not in both"),
        (lambda c: c.update(kv_heads=1), "allowed: ("),
        (lambda c: c.update(qk_scale=10**400), "finite"),
    ],
)
def test_a_config_that_is_not_the_weights_is_refused(copy: Path, change: Change, words: str) -> None:
    meta = json.loads((copy / "meta.json").read_text())
    change(meta["config"])
    (copy / "meta.json").write_text(json.dumps(meta))
    assert words in str(refusal(copy))


@pytest.mark.parametrize("tokens", [[0, -1], [0, 10**6], [0, 2**70]])
def test_a_canary_outside_the_vocabulary_is_refused(copy: Path, tokens: list[int]) -> None:
    (copy / "canary.json").write_text(json.dumps({"tokens": tokens, "loss": 1.0}))
    sign(copy, "canary.json")
    assert "tokens" in str(refusal(copy))


@pytest.mark.parametrize("name", ["meta.json", "model.safetensors", "tokenizer.json", "canary.json"])
def test_links_pipes_and_folders_are_refused(good: Path, copy: Path, name: str) -> None:
    for make in (lambda p: p.symlink_to(good / name), os.mkfifo, Path.mkdir):
        path = copy / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        make(path)
        line = str(refusal(copy))
        assert "not a regular file" in line or "no checkpoint there" in line, line


def test_a_run_whose_checkpoint_is_a_link_is_refused(good: Path, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "checkpoint").symlink_to(good)
    assert "a link" in str(refusal(tmp_path / "run"))


def test_a_large_meta_is_not_read(copy: Path) -> None:
    with (copy / "meta.json").open("ab") as file:
        file.truncate(1 << 40)  # takes no space; reading it would take the memory
    with pytest.raises(CheckpointError, match="at most 1048576"):
        read_meta(copy)
