"""Kernels that flash-attn-4 and quack bring: what fails is refused, and what is compiled is kept."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from trainer.kernels.cute import FLASH_ATTENTION, QUACK, calling, version

needs_packages = pytest.mark.skipif(
    version(FLASH_ATTENTION) is None or version(QUACK) is None,
    reason="flash-attn-4 is installed on Linux, x86-64",
)

# Sizes without data: the packages compile for a GPU that is not there.
COMPILE = """
import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from trainer.kernels.attention.flash import attention_backward

with FakeTensorMode():
    qkv = torch.empty(2, 1024, 8, 64, device="cuda", dtype=torch.bfloat16)
    q, k, v = qkv.split([4, 2, 2], dim=2)
    stats = torch.empty(2, 4, 1024, 1, device="cuda")
    grads = torch.empty_like(qkv).split([4, 2, 2], dim=2)
    for window in (128, 1024):
        attention_backward(torch.empty_like(q), q, k, v, torch.empty_like(q), stats, window, 0.1, grads)
"""

FUNCTIONS = """
from trainer.kernels.cute import calling

with calling():
    from quack.cache import get_cache_path

    from trainer.kernels.products import relu_squared_quack as quack_relu_squared
assert str(get_cache_path()).endswith("/quack")
"""


def test_whatever_a_package_raises_is_a_refusal() -> None:
    with pytest.raises(RuntimeError, match="KeyError: 'sm_10'"), calling():
        raise KeyError("sm_10")


def test_what_is_a_refusal_already_is_not_changed() -> None:
    with pytest.raises(torch.OutOfMemoryError), calling():
        raise torch.OutOfMemoryError("full")


def test_a_package_that_is_not_installed_has_no_version() -> None:
    assert version("flash-attn-4000") is None
    assert version("torch") is not None


@needs_packages
def test_flash_attention_compiles_and_keeps_our_gradients(tmp_path: Path) -> None:
    _run(COMPILE, tmp_path)
    kept = [path.parent.name for path in (tmp_path / "flash_attention").rglob("*.o")]
    assert kept.count("bwd") == 2


@needs_packages
def test_quack_takes_our_functions_of_a_product(tmp_path: Path) -> None:
    _run(FUNCTIONS, tmp_path)


def _run(code: str, cache: Path) -> None:
    target = {"FLASH_ATTENTION_ARCH": "sm_90", "FLASH_ATTENTION_NUM_SMS": "132", "QUACK_ARCH": "90"}
    inherited = {name: value for name, value in os.environ.items() if "_CACHE" not in name}
    environment = inherited | target | {"CUTE_DSL_ARCH": "sm_90a", "HARNESS_CACHE": str(cache)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
