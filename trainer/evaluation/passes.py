"""Examples put together to forward passes: several rows a pass, padded on the right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch

from trainer.evaluation.prompts import Example
from trainer.tokens import IGNORE

# A GPU takes as much as its logits leave room for. On a CPU activations should stay in its caches:
# at depth 4, 1,024 tokens a pass were 2.3 times as fast as 16,384.
GPU_LOGIT_BYTES = 2 << 30
CPU_BATCH_TOKENS = 1024
# Every new shape costs a GPU some 60 ms a kernel, in which cuDNN makes its plan: more than the pass itself.
GPU_WIDTHS = (64, 128, 192, 256, 384, 512, 768, 1024, 1536)


@dataclass(frozen=True)
class PassShapes:
    """How large a pass may be: at most `tokens`, padding included, and as wide as its longest row.

    With `widths` only these and the model's length, each with one number of rows.
    """

    tokens: int
    widths: tuple[int, ...] = ()

    def width(self, longest: int, sequence_len: int) -> int:
        """The width of a pass whose longest row has so many inputs."""
        if not self.widths:
            return longest
        return next((width for width in self.widths if longest <= width < sequence_len), sequence_len)

    def rows(self, rows: int, width: int) -> int:
        """The rows of a pass of which so many are used."""
        return max(rows, self.tokens // width) if self.widths else rows


def shapes_for(device: torch.device, vocab_size: int) -> PassShapes:
    """What suits a device."""
    if device.type == "cpu":
        return PassShapes(CPU_BATCH_TOKENS)
    return PassShapes(GPU_LOGIT_BYTES // (4 * vocab_size), GPU_WIDTHS)


def batches(examples: Sequence[Example], shapes: PassShapes, sequence_len: int) -> Iterator[list[int]]:
    """Groups of positions whose padded rows fit into one pass; the longest come first."""
    batch: list[int] = []
    rows = width = 0
    for i in sorted(range(len(examples)), key=lambda i: -examples[i].longest):
        width = width or shapes.width(examples[i].longest - 1, sequence_len)
        if batch and (rows + len(examples[i].rows)) * width > shapes.tokens:
            yield batch
            batch, rows, width = [], 0, shapes.width(examples[i].longest - 1, sequence_len)
        batch.append(i)
        rows += len(examples[i].rows)
    if batch:
        yield batch


def padded(
    examples: Sequence[Example], shapes: PassShapes, sequence_len: int, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    """Input tokens [B, T] and targets [B, T], which are IGNORE outside the scored spans.

    Padding stands on the right, where causal attention cannot see it, and below.
    """
    rows = [pair for example in examples for pair in zip(example.rows, example.starts, strict=True)]
    width = shapes.width(max(example.longest for example in examples) - 1, sequence_len)
    size = (shapes.rows(len(rows), width), width)
    tokens_BT = torch.zeros(size, dtype=torch.long)
    targets_BT = torch.full(size, IGNORE, dtype=torch.long)
    for b, (row, start) in enumerate(rows):
        ids = torch.from_numpy(row).long()
        tokens_BT[b, : len(ids) - 1] = ids[:-1]
        targets_BT[b, start - 1 : len(ids) - 1] = ids[start:]
    return tokens_BT.to(device), targets_BT.to(device)
