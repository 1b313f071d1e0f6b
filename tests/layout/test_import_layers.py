"""Imports point down the diagram, and the doors stay light: no torch above the trainer."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT

ALLOWED = {
    "harness": {"harness", "agent", "journal", "trainer.job", "trainer.system"},
    "server": {"server", "journal", "trainer.job", "trainer.system"},
    "agent": {"agent", "journal", "trainer.job", "trainer.system"},
    "journal": {"journal", "trainer.job", "trainer.system"},
    "trainer": {"trainer"},
}
OURS = set(ALLOWED)


def all_imports(source: Path) -> list[str]:
    """Every module a file imports, at the top or inside a function; of packages, what is taken from them."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
            found += [f"{node.module}.{alias.name}" for alias in node.names if node.module == "trainer"]
    return found


def imported_modules(source: Path) -> list[str]:
    """Those of them that are ours, and torch's."""
    return [name for name in all_imports(source) if name.split(".")[0] in OURS | {"torch"}]


def is_allowed(module: str, package: str) -> bool:
    return any(module == a or module.startswith(a + ".") for a in ALLOWED[package])


@pytest.mark.parametrize("package", sorted(ALLOWED))
def test_imports_point_down(package: str) -> None:
    for source in sorted((ROOT / package).rglob("*.py")):
        for module in imported_modules(source):
            if module in {"torch", "trainer"} or module.startswith("torch."):
                assert package == "trainer", f"{source}: {module}"
            else:
                assert is_allowed(module, package), f"{source} imports {module}"


def test_the_contract_needs_no_torch() -> None:
    for source in (ROOT / "trainer" / "job").glob("*.py"):
        for module in imported_modules(source):
            assert module.startswith("trainer.job"), f"{source} imports {module}"


def test_the_helpers_of_the_system_need_the_standard_library_alone() -> None:
    for source in (ROOT / "trainer" / "system").glob("*.py"):
        for module in all_imports(source):
            assert module.split(".")[0] in sys.stdlib_module_names, f"{source} imports {module}"


def test_the_supervisor_starts_on_the_standard_library_alone() -> None:
    code = "import sys, harness.fleet.supervisor; print(*{name.split('.')[0] for name in sys.modules})"
    outcome = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    ours = {"harness", "trainer", "__main__"}
    assert set(outcome.stdout.split()) - sys.stdlib_module_names <= ours


@pytest.mark.parametrize("door", ["harness.cli.main", "server.app", "agent.mixed", "journal.store.journal"])
def test_the_doors_do_not_import_torch(door: str) -> None:
    code = f"import sys, {door}; assert 'torch' not in sys.modules"
    outcome = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert outcome.returncode == 0, outcome.stderr


@pytest.mark.parametrize("package", sorted(ALLOWED))
def test_nothing_is_pickled(package: str) -> None:
    for source in (ROOT / package).rglob("*.py"):
        text = source.read_text(encoding="utf-8")
        assert "import pickle" not in text, source
        assert "torch.load(" not in text, source
