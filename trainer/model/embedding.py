"""A table of which each token reads one row."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from trainer.kernels import dispatch as gpu_kernels


class Embedding(nn.Module):
    """Rows of a float32 table; the weights are not initialised."""

    def __init__(self, rows: int, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(rows, width))

    def forward(self, tokens_BT: Tensor, dtype: torch.dtype) -> Tensor:
        """The tokens' rows [B, T, C] in `dtype`."""
        if gpu_kernels.fits_table(self.weight, dtype):
            return gpu_kernels.table_rows(self.weight, tokens_BT, dtype)
        return F.embedding(tokens_BT, self.weight).to(dtype)


def bigram_rows(before_BT: Tensor, tokens_BT: Tensor, rows: int) -> Tensor:
    """The row of each pair of tokens in a table that many pairs share; the last one where there is no pair.

    Hashed bigram embeddings: modded-nanogpt; arXiv 2601.07372 calls them conditional memory.
    """
    pair_BT = torch.bitwise_xor(36313 * tokens_BT, 27191 * before_BT) % (rows - 1)
    return torch.where(before_BT < 0, rows - 1, pair_BT)
