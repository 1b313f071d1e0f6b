"""Byte-level BPE in Rust; errors are ValueErrors of one line."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

PATTERN: str
MAX_TOKEN_BYTES: int

def split(text: str) -> list[str]:
    """The pieces of `text` that PATTERN matches; joined they are `text`."""

class Bpe:
    """A vocabulary: 256 bytes, then the merges in order, then the special tokens.

    Threads: `threads`, else RAYON_NUM_THREADS, else OMP_NUM_THREADS, else the usable cores. No
    result depends on their number. The GIL is released while Rust works.
    """

    def __init__(self, merges: Sequence[tuple[int, int]], special_tokens: Sequence[str] = ...) -> None: ...
    @staticmethod
    def train(
        texts: Iterable[str], merges: int, special_tokens: Sequence[str] = ..., threads: int | None = None
    ) -> Bpe:
        """Learn up to `merges` merges, fewer when no pair is left.

        The pair with the highest count is merged, among equals the one with the smallest ids (left,
        then right); never one longer than MAX_TOKEN_BYTES.
        """
    @staticmethod
    def from_json(data: bytes) -> Bpe: ...
    def to_json(self) -> str: ...
    @property
    def vocab_size(self) -> int: ...
    @property
    def merges(self) -> list[tuple[int, int]]: ...
    @property
    def special_tokens(self) -> list[str]: ...
    def special(self, name: str) -> int | None: ...
    def token(self, id: int) -> bytes | None:
        """The bytes of an ordinary token; None for special and unknown ids."""
    def encode(self, text: str) -> NDArray[np.int32]:
        """Ids of ordinary text: names of special tokens are text too; lone surrogates are U+FFFD."""
    def encode_batch(self, texts: Sequence[str], threads: int | None = None) -> list[NDArray[np.int32]]: ...
    def decode(self, ids: NDArray[np.int64], render_specials: bool = False) -> bytes:
        """The bytes of `ids`; special tokens as their names or as nothing."""
