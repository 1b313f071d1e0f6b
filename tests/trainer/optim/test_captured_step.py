"""What rehearsing an optimizer's step may leave behind: nothing."""

import pytest
import torch

from trainer.optim.captured_step import unchanged


def test_tensors_are_as_before_even_after_an_error() -> None:
    state = [torch.arange(3.0), torch.tensor(5.0)]
    with pytest.raises(RuntimeError), unchanged(state):
        for tensor in state:
            tensor.add_(1.0)
        raise RuntimeError
    assert [tensor.tolist() for tensor in state] == [[0.0, 1.0, 2.0], 5.0]
