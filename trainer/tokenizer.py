"""The byte-level BPE tokenizer: ordinary tokens first, special tokens at the end of the vocabulary."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from trainer._rustbpe import Bpe
from trainer.system.files import write_whole
from trainer.tokens import Tokens

SPECIAL_TOKENS = (
    "<|bos|>", "<|system_start|>", "<|system_end|>", "<|user_start|>", "<|user_end|>",
    "<|assistant_start|>", "<|assistant_end|>", "<|tool_call_start|>", "<|tool_call_end|>",
    "<|tool_result_start|>", "<|tool_result_end|>",
)  # fmt: skip
MIN_VOCAB_SIZE = 256 + len(SPECIAL_TOKENS)
MAX_FILE_BYTES = 64 << 20


class TokenizerError(ValueError):
    """A tokenizer that cannot be read, made or used as asked; `str()` is one line for the user."""


class Tokenizer:
    """Encodes text to int32 ids and back; frozen once made."""

    def __init__(self, bpe: Bpe) -> None:
        missing = [name for name in SPECIAL_TOKENS if bpe.special(name) is None]
        if missing:
            raise TokenizerError(f"special_tokens: {missing[0]} is missing; allowed: all of {SPECIAL_TOKENS}")
        self._bpe = bpe
        self._special = {
            name: bpe.vocab_size - len(bpe.special_tokens) + i for i, name in enumerate(bpe.special_tokens)
        }

    @classmethod
    def train(cls, texts: Iterable[str], vocab_size: int, threads: int | None = None) -> Tokenizer:
        """Learn a vocabulary of `vocab_size` ids, special tokens included; fewer when the texts hold no more.

        Raises:
            TokenizerError: `vocab_size` has no room for the bytes and the special tokens.
        """
        if vocab_size < MIN_VOCAB_SIZE:
            raise TokenizerError(f"vocab_size: {vocab_size}; allowed: at least {MIN_VOCAB_SIZE}")
        return cls(Bpe.train(texts, vocab_size - MIN_VOCAB_SIZE, SPECIAL_TOKENS, threads))

    @classmethod
    def load(cls, path: Path) -> Tokenizer:
        """Read what `save` wrote.

        Raises:
            TokenizerError: the file is missing, too large, malformed or lacks a special token.
        """
        try:
            return cls(Bpe.from_json(_read_bounded(Path(path))))
        except OSError as error:
            raise TokenizerError(f"{path}: {error.strerror or error}") from None
        except ValueError as error:
            raise TokenizerError(f"{path}: {error}") from None

    def save(self, path: Path) -> None:
        """Write JSON; readers see the old file or the new one, never half of it."""
        write_whole(Path(path), (self._bpe.to_json() + "\n").encode())

    @property
    def vocab_size(self) -> int:
        return self._bpe.vocab_size

    def special(self, name: str) -> int:
        """The id of a special token by its name, such as `<|bos|>`."""
        try:
            return self._special[name]
        except KeyError:
            raise TokenizerError(f"special token: {name!r}; allowed: {tuple(self._special)}") from None

    def encode(self, text: str) -> Tokens:
        """Ids [n] of ordinary text: names of special tokens in it are text like any other."""
        return self._bpe.encode(text)

    def encode_batch(self, texts: Sequence[str], threads: int | None = None) -> list[Tokens]:
        """`encode` of each text, on several threads."""
        return self._bpe.encode_batch(texts, threads)

    def decode_bytes(self, ids: ArrayLike) -> bytes:
        """The bytes of `ids` [n]; special tokens have none.

        Raises:
            TokenizerError: an id is not in the vocabulary.
        """
        return self._decode(ids, render_specials=False)

    def decode(self, ids: ArrayLike) -> str:
        """The text of `ids` [n]: broken UTF-8 becomes U+FFFD, special tokens their names."""
        return self._decode(ids, render_specials=True).decode("utf-8", errors="replace")

    def token_bytes(self) -> Tokens:
        """Bytes of each token [vocab_size]; 0 for special tokens."""
        lengths = (len(self._bpe.token(id) or b"") for id in range(self.vocab_size))
        return np.fromiter(lengths, np.int32, self.vocab_size)

    def content_hash(self) -> str:
        """SHA-256 (hex) of the vocabulary, whatever the file's spacing."""
        return hashlib.sha256(self._bpe.to_json().encode()).hexdigest()

    def _decode(self, ids: ArrayLike, *, render_specials: bool) -> bytes:
        array = np.atleast_1d(np.asarray(ids))
        if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
            raise TokenizerError(f"ids: {array.dtype} of shape {array.shape}; allowed: one row of integers")
        try:
            return self._bpe.decode(array.astype(np.int64), render_specials)
        except ValueError as error:
            raise TokenizerError(str(error)) from None


def _read_bounded(path: Path) -> bytes:
    # One byte too many is enough for the parser to refuse the file by its size.
    with path.open("rb") as file:
        return file.read(MAX_FILE_BYTES + 1)
