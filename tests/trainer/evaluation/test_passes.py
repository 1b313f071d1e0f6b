"""Shapes of CORE's passes: on a GPU few, whatever the examples are; nothing is lost in them."""

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from trainer.evaluation.passes import GPU_WIDTHS, PassShapes, batches, padded
from trainer.evaluation.prompts import Example
from trainer.tokens import IGNORE

LENGTH = 2048
GPU = PassShapes(16_384, GPU_WIDTHS)
lengths = st.lists(st.lists(st.integers(3, LENGTH + 1), min_size=1, max_size=5), min_size=1, max_size=12)


def example(row_lengths: list[int]) -> Example:
    rows = tuple(np.arange(1, n + 1, dtype=np.int32) for n in row_lengths)
    return Example(rows=rows, starts=tuple(n - 1 for n in row_lengths), gold=0)


@given(lengths, st.sampled_from([GPU, PassShapes(1024), PassShapes(1)]))
def test_every_example_is_in_one_pass_with_all_its_targets(
    found: list[list[int]], shapes: PassShapes
) -> None:
    examples = [example(row_lengths) for row_lengths in found]
    groups = list(batches(examples, shapes, LENGTH))
    assert sorted(i for group in groups for i in group) == list(range(len(examples)))
    for group in groups:
        together = [examples[i] for i in group]
        tokens_BT, targets_BT = padded(together, shapes, LENGTH, torch.device("cpu"))
        rows = [row for e in together for row in e.rows]
        assert targets_BT[targets_BT != IGNORE].tolist() == [len(row) for row in rows]
        assert all(tokens_BT[b, : len(row) - 1].tolist() == row[:-1].tolist() for b, row in enumerate(rows))


@given(st.lists(lengths, min_size=1, max_size=8))
def test_a_gpu_sees_one_shape_a_width(tasks: list[list[list[int]]]) -> None:
    shapes = {
        tuple(padded([examples[i] for i in group], GPU, LENGTH, torch.device("cpu"))[0].shape)
        for examples in ([example(row_lengths) for row_lengths in found] for found in tasks)
        for group in batches(examples, GPU, LENGTH)
    }
    assert len({width for _, width in shapes}) == len(shapes) <= len(GPU_WIDTHS) + 1
    assert all(rows * width <= GPU.tokens for rows, width in shapes)
