"""Who imports whom, read from the sources: modules of a package, and the folders they lie in."""

import ast
from pathlib import Path

from tests.support.paths import ROOT


def modules(package: str) -> dict[str, Path]:
    """Every module of a package, by its dotted name."""
    found = {}
    for source in sorted((ROOT / package).rglob("*.py")):
        parts = source.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = source
    return found


def imports(source: Path) -> set[str]:
    """The names a file imports, at the top or inside a function, as modules and as what is in them."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def module_graph(package: str) -> dict[str, set[str]]:
    """From each module to the modules of the same package that it imports."""
    known = modules(package)
    return {name: (imports(source) & set(known)) - {name, package} for name, source in known.items()}


def folder_of(module: str) -> str:
    """The folder (or file) of the package's first level that a module belongs to."""
    return (*module.split("."), "")[1]


def folder_graph(package: str) -> dict[str, set[str]]:
    """From each folder of a package to the other folders that its modules import."""
    graph: dict[str, set[str]] = {}
    for module, imported in module_graph(package).items():
        edges = graph.setdefault(folder_of(module), set())
        edges |= {folder_of(other) for other in imported} - {folder_of(module), ""}
    graph.pop("", None)
    return graph
