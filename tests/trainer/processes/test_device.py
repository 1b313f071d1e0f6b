"""The engine's device is its threads' current one, so that kernels and streams run there."""

import pytest
import torch

from trainer.processes.device import device_named, make_current


@pytest.mark.parametrize(("name", "made"), [("cuda:1", ["cuda:1"]), ("cuda", []), ("cpu", [])])
def test_a_gpu_becomes_the_current_device(name: str, made: list[str]) -> None:
    told: list[torch.device] = []
    make_current(torch.device(name), told.append)
    assert [str(device) for device in told] == made


def test_a_device_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="allowed: auto, cpu"):
        device_named("cuda:99")
