"""A command prints on every terminal, and reads and writes its own files alike in every locale."""

import ast
import os
import subprocess
from collections.abc import Iterator

import pytest

from tests.support.paths import ROOT
from trainer.system.python import code_command, module_command

SAY = "import trainer.system.streams as streams; streams.take_any_text(); "
PACKAGES = ("harness", "agent", "journal", "server", "trainer")


def printed(code: str, **environment: str) -> bytes:
    done = subprocess.run(code_command(SAY + code), env={**os.environ, **environment}, capture_output=True)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_what_an_encoding_lacks_is_printed_plainly(stream: str) -> None:
    code = f"import sys; print('8×h100 → caf\\xe9 ☃', file=sys.{stream})"
    assert printed(code, PYTHONIOENCODING="ascii") == b"8xh100 -> caf? ?\n"
    assert printed(code, PYTHONIOENCODING="latin-1") == "8×h100 -> café ?\n".encode("latin-1")
    assert printed(code, PYTHONIOENCODING="utf-8") == "8×h100 → café ☃\n".encode()


def test_what_is_no_text_is_read_all_the_same() -> None:
    command = code_command(SAY + "print(ascii(input()))")
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, env=environment, input=b"caf\xe9\n", capture_output=True)
    assert done.stdout == b"'caf\\ufffd'\n"


@pytest.mark.parametrize(
    "command",
    [
        ["harness", "start", "--budget", "100usd", "--simulate", "8xh100", "--dry-run", "--lab", "none"],
        ["harness", "start", "--help"],
        ["trainer", "data", "list"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("environment", [{"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}], ids=str)
def test_commands_print_in_every_locale(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(module_command(*command), env={**os.environ, **environment}, capture_output=True)
    assert done.returncode == 0 and b"UnicodeEncodeError" not in done.stderr, done.stderr


def test_text_files_are_utf_8_whatever_the_locale() -> None:
    assert list(unspecified()) == []


def unspecified() -> Iterator[str]:
    """Calls that read or write text in the locale's encoding."""
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and not any(word.arg == "encoding" for word in node.keywords):
                    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                    if name in ("read_text", "write_text") or (name == "open" and _is_text_mode(node)):
                        yield f"{path.relative_to(ROOT)}:{node.lineno}"


def _is_text_mode(call: ast.Call) -> bool:
    words = [word.value for word in call.args if isinstance(word, ast.Constant)]
    return any(isinstance(word, str) and set(word) <= set("rwat+x") and word for word in words)
