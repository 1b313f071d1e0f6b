"""tokenizer.json: read back whole, or refused in one line."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer._rustbpe import Bpe
from trainer.tokenizer import MAX_FILE_BYTES, MIN_VOCAB_SIZE, SPECIAL_TOKENS, Tokenizer, TokenizerError

TOKENIZER = Tokenizer.train(["the cat sat on the mat, the end"], 280)


def saved(folder: Path, **changes: Any) -> Path:
    path = folder / "tokenizer.json"
    TOKENIZER.save(path)
    document = json.loads(path.read_text()) | changes
    path.write_text(json.dumps({key: value for key, value in document.items() if value is not None}))
    return path


def refusal(path: Path) -> str:
    with pytest.raises(TokenizerError) as caught:
        Tokenizer.load(path)
    line = str(caught.value)
    assert str(path) in line and "\n" not in line
    return line


def test_round_trip(tmp_path: Path) -> None:
    path = saved(tmp_path)
    again = Tokenizer.load(path)
    assert again.content_hash() == TOKENIZER.content_hash()
    assert again.encode("the cat").tolist() == TOKENIZER.encode("the cat").tolist()
    assert [file.name for file in tmp_path.iterdir()] == ["tokenizer.json"]


def test_the_hash_follows_the_vocabulary_not_the_spacing(tmp_path: Path) -> None:
    path = saved(tmp_path)
    path.write_text(json.dumps(json.loads(path.read_text()), indent=4))
    assert Tokenizer.load(path).content_hash() == TOKENIZER.content_hash()
    assert Tokenizer.train(["another text"], 280).content_hash() != TOKENIZER.content_hash()


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"format": "huggingface"}, "format"),
        ({"version": 2}, "version"),
        ({"version": "1"}, "expected u32 at line 1 column"),
        ({"version": 1.5}, "1.5"),
        ({"pattern": "."}, "pattern"),
        ({"pattern": None}, "pattern"),
        ({"merges": [[0, 256]]}, "merges.0"),
        ({"merges": [[0, -1]]}, "-1"),
        ({"merges": [[0, 2**40]]}, "1099511627776"),
        ({"merges": [[0, "1"]]}, "invalid type"),
        ({"merges": [[97, 98], [97, 98]]}, "merges.1"),
        ({"merges": [[0, 0]] + [[id, id] for id in range(256, 300)]}, "merges.8"),
        ({"merges": "many"}, "many"),
        ({"special_tokens": []}, "<|bos|>"),
        ({"special_tokens": [*SPECIAL_TOKENS, "<|bos|>"]}, "special_tokens.11"),
        ({"special_tokens": [*SPECIAL_TOKENS, ""]}, "special_tokens.11"),
        ({"special_tokens": [*SPECIAL_TOKENS, "x" * 200]}, "special_tokens.11"),
        ({"two\nlines": 1}, "unknown field"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, changes: dict[str, Any], named: str) -> None:
    assert named in refusal(saved(tmp_path, **changes))


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 100_000])
def test_what_is_not_a_tokenizer_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "tokenizer.json"
    path.write_bytes(data)
    refusal(path)


def test_missing_and_oversized_files_are_refused(tmp_path: Path) -> None:
    assert "No such file" in refusal(tmp_path / "absent.json")
    assert "directory" in refusal(tmp_path).lower()
    large = tmp_path / "large.json"
    with large.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    assert str(MAX_FILE_BYTES) in refusal(large)


@given(st.binary(max_size=200), st.integers(0, 10_000))
def test_random_damage_never_panics(damage: bytes, at: int) -> None:
    data = TOKENIZER._bpe.to_json().encode()
    at %= len(data)
    try:
        Bpe.from_json(data[:at] + damage + data[at + len(damage) :])
    except ValueError as error:
        assert "\n" not in str(error)


def test_ids_outside_the_vocabulary_are_refused() -> None:
    for bad in ([TOKENIZER.vocab_size], [-1], [2**40], [1.5], [[1, 2]], ["a"]):
        with pytest.raises(TokenizerError, match="allowed"):
            TOKENIZER.decode(bad)
    assert TOKENIZER.decode([]) == ""


def test_special_tokens_are_the_last_ids_and_have_no_bytes() -> None:
    ids = [TOKENIZER.special(name) for name in SPECIAL_TOKENS]
    assert ids == list(range(TOKENIZER.vocab_size - len(SPECIAL_TOKENS), TOKENIZER.vocab_size))
    assert TOKENIZER.decode(ids) == "".join(SPECIAL_TOKENS)
    assert TOKENIZER.decode_bytes(ids) == b""
    lengths = TOKENIZER.token_bytes()
    assert lengths.tolist() == [len(TOKENIZER.decode_bytes([id])) for id in range(TOKENIZER.vocab_size)]
    assert lengths[:256].tolist() == [1] * 256 and lengths.dtype == "int32"
    with pytest.raises(TokenizerError, match="allowed"):
        TOKENIZER.special("<|nothing|>")


def test_a_vocabulary_without_room_is_refused() -> None:
    with pytest.raises(TokenizerError, match="vocab_size: 266; allowed: at least 267"):
        Tokenizer.train(["text"], MIN_VOCAB_SIZE - 1)


def test_broken_utf8_is_shown_as_the_replacement_character() -> None:
    assert TOKENIZER.decode([0xE5, ord("a")]) == "\ufffda"
    assert TOKENIZER.decode_bytes([0xE5, ord("a")]) == b"\xe5a"
