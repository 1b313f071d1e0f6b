"""On a GPU: passes replayed as graphs leave the gradients that plain ones do, step after step."""

import pytest
import torch
from torch import Tensor, nn

from trainer.training.captured_pass import CapturedPass

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
ROWS, LENGTH, WIDTH = 3, 5, 8


class _Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.table, self.head = nn.Embedding(16, WIDTH), nn.Linear(WIDTH, 16)
        self.unused = nn.Parameter(torch.ones(2))

    def loss_sum(self, inputs: Tensor, targets: Tensor) -> Tensor:
        logits = self.head(self.table(inputs)).flatten(0, 1)
        return nn.functional.cross_entropy(logits, targets.flatten(), reduction="sum")


@pytest.mark.parametrize("passes", [1, 3])
def test_a_steps_gradients_are_the_sum_of_its_passes(passes: int) -> None:
    model = _Model().cuda()
    captured = CapturedPass(model.loss_sum, list(model.parameters()), ROWS, LENGTH, repeats=passes > 1)
    for count in (7, 7, 5):
        rows = torch.randint(16, (passes, 2, ROWS, LENGTH), dtype=torch.int32)
        captured.clear()
        losses = [float(captured(inputs, targets, count)) for inputs, targets in rows]
        ours = [parameter.grad for parameter in model.parameters()]
        model.zero_grad()
        plain = [model.loss_sum(inputs, targets) / count for inputs, targets in rows.long().cuda()]
        torch.stack(plain).sum().backward()  # type: ignore[no-untyped-call]
        assert losses == pytest.approx([float(loss) for loss in plain], rel=1e-5)
        for one, parameter in zip(ours, model.parameters(), strict=True):
            plain_one = parameter.grad
            assert (one is None) == (plain_one is None)
            assert one is None or plain_one is None or torch.allclose(one, plain_one, rtol=1e-4, atol=1e-6)
