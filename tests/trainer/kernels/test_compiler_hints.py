"""torch's compiler hears what its own decorators say; a run that compiles nothing never imports it."""

import subprocess
import sys
from typing import Any

import torch
from torch import Tensor

from tests.support.paths import ROOT
from tests.support.trainer_lab import lab
from trainer.kernels.compiler_hints import constant_result, not_compiled


def one() -> int:
    return 1


def total(x: Tensor) -> Tensor:
    return x.exp().sum()


def test_a_constant_is_marked_as_torch_marks_it() -> None:
    def other() -> int:
        return 1

    assert vars(constant_result(one)) == vars(torch.compiler.assume_constant_result(other)) != {}


def test_a_trace_leaves_out_what_is_not_compiled() -> None:
    traced: list[str] = []

    def backend(graph: torch.fx.GraphModule, inputs: list[Tensor]) -> Any:
        traced.extend(str(node.target) for node in graph.graph.nodes)
        return graph.forward

    def twice(x: Tensor) -> Tensor:
        return not_compiled(total)(x * 2.0) + 1.0

    torch._dynamo.reset()
    compiled = torch.compile(twice, backend=backend, dynamic=False)
    x = torch.arange(4.0)
    assert torch.equal(compiled(x), twice(x)) and torch.equal(compiled(x), twice(x))
    assert any("mul" in name for name in traced) and any("add" in name for name in traced)
    assert not any("exp" in name or "sum" in name for name in traced)


def test_training_and_loading_on_a_cpu_import_no_compiler() -> None:
    placed = lab().place(lab().pretrain(train_tokens=4096), attempt=77)
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from trainer.runner import main\n"
        f"assert main([{str(placed.job)!r}]) == 0\n"
        "from trainer.checkpoint.reader import open_model\n"
        f"open_model(Path({str(placed.folder)!r}))\n"
        "assert not {'torch._dynamo', 'torch._inductor', 'sympy'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
