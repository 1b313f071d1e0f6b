"""What torch's compiler is told about a function, without importing it: that takes as long as torch's import.

A job on a CPU that compiles nothing is ready after half the time.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import torch

Function = TypeVar("Function", bound=Callable[..., Any])


def constant_result(function: Function) -> Function:
    """`torch.compiler.assume_constant_result`: called once while tracing, its result a constant."""
    function._dynamo_marked_constant = True  # type: ignore[attr-defined]
    return function


def not_compiled(function: Function) -> Function:
    """`function` as a traced function calls it: as it is, or behind `torch.compiler.disable` in a trace."""
    if torch.compiler.is_compiling():
        return torch.compiler.disable(function)  # type: ignore[no-any-return, no-untyped-call]
    return function
