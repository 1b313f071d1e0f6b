"""Command lines of our own Python programs, which import the same packages wherever they are started."""

import sys
from pathlib import Path

_RUN_MODULE = str(Path(__file__).resolve().with_name("run_module.py"))


def module_command(module: str, *arguments: str) -> list[str]:
    """What runs a module as `python -m` does, but for the current folder."""
    return [sys.executable, *module_words(module, *arguments)]


def module_words(module: str, *arguments: str) -> list[str]:
    """The same without the interpreter, for torchrun."""
    return [_RUN_MODULE, module, *arguments]


def code_command(code: str) -> list[str]:
    """What runs a few lines of code."""
    return module_command("-c", code)
