"""What is compiled, and that later jobs find it ready."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from trainer.system.hashes import code_hash
from trainer.training.compilation import CPU_COMPILE_TOKENS, can_compile, compile_pays

# A function with a gradient of its own, as the fused kernels are.
PROGRAM = """
import torch
from torch._dynamo.utils import counters
from trainer.training.compilation import compiled

class Doubled(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return 2 * x

    @staticmethod
    def backward(ctx, grad):
        return 2 * grad

x = torch.ones(4, requires_grad=True)
compiled(lambda x, y: (Doubled.apply(x) * y).sum())(x, torch.ones(4)).backward()
assert x.grad.tolist() == [2.0] * 4
print(counters["aot_autograd"]["autograd_cache_hit"], torch.compiler.config.cache_key_tag)
"""


def test_short_and_float32_runs_on_a_cpu_are_not_compiled() -> None:
    cpu, enough = torch.device("cpu"), CPU_COMPILE_TOKENS
    assert compile_pays(cpu, torch.bfloat16, enough) == can_compile(cpu)
    assert not compile_pays(cpu, torch.bfloat16, enough - 1)
    assert not compile_pays(cpu, torch.bfloat16, None)
    assert not compile_pays(cpu, torch.float32, enough)
    assert compile_pays(torch.device("cuda"), torch.bfloat16, None)


@pytest.mark.skipif(not can_compile(torch.device("cpu")), reason="compiling for a CPU needs a C++ compiler")
def test_a_second_job_finds_what_the_first_compiled(tmp_path: Path) -> None:
    environment = os.environ | {
        "TORCHINDUCTOR_CACHE_DIR": str(tmp_path),
        "TORCHINDUCTOR_COMPILE_THREADS": "1",
    }
    hits = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True
        ).stdout.strip()
        for _ in range(2)
    ]
    # The key holds the code: torch sees only the graph that it traced.
    assert hits == [f"0 {code_hash()}", f"1 {code_hash()}"]
