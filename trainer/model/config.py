"""The resolved shape of a model: every number the code needs, none derived later."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class ModelConfig:
    """Shape of one decoder-only transformer.

    `windows` holds one entry a layer: the number of keys a token sees (itself included), or
    None for all of them. `bigram_rows` is the size of the table of token pairs; 0: none.

    Raises:
        ValueError: for numbers that no model can have.
    """

    depth: int
    width: int
    heads: int
    kv_heads: int
    head_dim: int
    sequence_len: int
    vocab_size: int
    block: Literal["gpt", "llama"]
    windows: tuple[int | None, ...]
    value_embedding_layers: tuple[int, ...]
    logit_softcap: float | None
    rope_base: float
    qk_scale: float
    smear: bool = False
    backout: bool = False
    bigram_rows: int = 0

    def __post_init__(self) -> None:
        sizes = (self.depth, self.width, self.heads, self.kv_heads, self.sequence_len, self.vocab_size)
        if min(sizes) < 1 or self.head_dim < 2 or self.head_dim % 2:
            raise ValueError("sizes must be at least 1 and head_dim even")
        if self.heads * self.head_dim != self.width or self.heads % self.kv_heads:
            raise ValueError("width must be heads * head_dim, and heads a multiple of kv_heads")
        if len(self.windows) != self.depth or any(w is not None and w < 1 for w in self.windows):
            raise ValueError("windows must hold one positive size or null for each layer")
        if not set(self.value_embedding_layers) <= set(range(self.depth)):
            raise ValueError("value_embedding_layers must be layer numbers")
        if self.bigram_rows < 0 or self.bigram_rows == 1:
            raise ValueError("bigram_rows must be 0 or at least 2")
        if self.block != "gpt" and (self.smear or self.backout or self.bigram_rows):
            raise ValueError("smear, backout and bigram_rows belong to the gpt block")

    @property
    def mlp_width(self) -> int:
        """Hidden units of the MLP: 4x for ReLU², 8/3x (a multiple of 64 where it can be) for SwiGLU."""
        if self.block == "gpt":
            return 4 * self.width
        multiple = 64 if self.width >= 64 else 8
        return -(-8 * self.width // (3 * multiple)) * multiple
