"""Imports point down the diagram, and the doors stay light: no torch above the trainer."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.imports import imports
from tests.support.paths import ROOT

ALLOWED = {
    "harness": {"harness", "agent", "journal", "trainer.job", "trainer.system"},
    "server": {"server", "journal", "trainer.job", "trainer.system"},
    "agent": {"agent", "journal", "trainer.job", "trainer.system"},
    "journal": {"journal", "trainer.job", "trainer.system"},
    "trainer": {"trainer"},
}
OURS = set(ALLOWED)


def imported_modules(source: Path) -> list[str]:
    """What a file imports of ours, and of torch."""
    return [name for name in sorted(imports(source)) if name.split(".")[0] in OURS | {"torch"}]


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
        others = {name for name in imports(source) if not name.startswith("trainer.system.")}
        assert {name.split(".")[0] for name in others} <= sys.stdlib_module_names, source


def test_the_supervisor_starts_on_the_standard_library_alone() -> None:
    code = "import sys, harness.fleet.supervisor; print(*{name.split('.')[0] for name in sys.modules})"
    outcome = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    ours = {"harness", "trainer", "__main__"}
    assert set(outcome.stdout.split()) - sys.stdlib_module_names <= ours


@pytest.mark.parametrize("door", ["harness.cli.main", "server.app", "agent.mixed", "journal.store"])
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
