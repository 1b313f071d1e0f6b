"""Graphs of operations that cuDNN fuses into one kernel, through its frontend (`nvidia-cudnn-frontend`)."""

import importlib.util
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

_HOPPER = (9, 0)


@lru_cache(maxsize=1)
def is_available() -> bool:
    """Whether the frontend is installed and this GPU's generation has the kernels."""
    if importlib.util.find_spec("cudnn") is None or not torch.cuda.is_available():
        return False
    return torch.cuda.get_device_capability() >= _HOPPER


def new_graph(dtype: torch.dtype, device_index: int) -> Any:
    """A graph whose tensors are bf16 or fp16 and whose sums are float32."""
    import cudnn

    kind = {torch.bfloat16: cudnn.data_type.BFLOAT16, torch.float16: cudnn.data_type.HALF}[dtype]
    return cudnn.pygraph(
        io_data_type=kind,
        intermediate_data_type=cudnn.data_type.FLOAT,
        compute_data_type=cudnn.data_type.FLOAT,
        handle=_handle(device_index),
    )


class Plan:
    """A graph compiled as the library's first guess; tensors are given in the order they were named."""

    def __init__(self, graph: Any, tensors: Sequence[Any], device_index: int) -> None:
        import cudnn

        graph.validate()
        graph.build_operation_graph()
        graph.create_execution_plans([cudnn.heur_mode.A, cudnn.heur_mode.FALLBACK])
        graph.check_support()
        graph.build_plans()
        self._graph, self._tensors, self._device_index = graph, tensors, device_index

    def run(self, values: Sequence[Tensor]) -> None:
        """Queue it; its workspace is held only while it is queued, for plans are kept and shapes are many."""
        pack = dict(zip(self._tensors, values, strict=True))
        size, device = max(1, self._graph.get_workspace_size()), torch.device("cuda", self._device_index)
        workspace = torch.empty(size, dtype=torch.uint8, device=device)
        self._graph.execute(pack, workspace, handle=_ready_handle(self._device_index))


def _ready_handle(device_index: int) -> Any:
    """The handle, set to the current stream."""
    import cudnn

    handle = _handle(device_index)
    cudnn.set_stream(handle, torch.cuda.current_stream(device_index).cuda_stream)
    return handle


@lru_cache(maxsize=8)
def _handle(device_index: int) -> Any:
    import cudnn

    with torch.cuda.device(device_index):
        return cudnn.create_handle()
