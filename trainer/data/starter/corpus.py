"""The standard library as text: sources cut at statement boundaries, docstrings as prose."""

import ast
import hashlib
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

MAX_DOCUMENT_CHARS = 8000
HELD_OUT_CHARS_PER_HALF = 550_000
LARGEST_HELD_OUT_CHARS = 90_000
# Tests, tables, and what distributions ship apart from the rest (so it may be absent).
SKIPPED = frozenset(
    (
        *("test", "tests", "encodings", "entities.py", "__phello__", "__hello__.py", "__pycache__"),
        *("idlelib", "turtledemo", "lib2to3", "distutils", "tkinter", "ensurepip"),
        *("site-packages", "dist-packages"),
    )
)


@dataclass(frozen=True)
class Docstring:
    """A documented module, class or function; `top_level` ones are named `module.name`."""

    name: str
    text: str
    top_level: bool


@dataclass(frozen=True)
class Module:
    """One source file: `path` as in `json/decoder.py`, `name` as in `json.decoder`."""

    path: str
    name: str
    source: str
    tree: ast.Module

    def docstrings(self) -> list[Docstring]:
        """All docstrings in source order, the module's own first."""
        return list(_docstrings(self.tree, self.name, depth=0))


@dataclass(frozen=True)
class Corpus:
    """Modules by split, and their documents, shuffled."""

    train_modules: list[Module]
    validation_modules: list[Module]
    train: list[str]
    validation: list[str]
    locked: list[str]


def read_corpus() -> Corpus:
    """Read and split the library. A module with all its docstrings is in one split only."""
    modules = read_modules(Path(sysconfig.get_path("stdlib")))
    validation, locked = _held_out(modules)
    held_out = {module.path for module in (*validation, *locked)}
    train = [module for module in modules if module.path not in held_out]
    return Corpus(train, validation, _documents(train), _documents(validation), _documents(locked))


def read_modules(root: Path) -> list[Module]:
    """Parse every source file of the library that is not skipped, by name."""
    found = [_module(root, path) for path in _source_files(root)]
    return sorted((module for module in found if module), key=lambda module: module.path)


def by_hash(items: Iterable[str]) -> list[str]:
    """A fixed shuffle: the order of the items' hashes, the same everywhere."""
    return sorted(items, key=_key)


def cut(pieces: Sequence[str], limit: int = MAX_DOCUMENT_CHARS) -> list[str]:
    """Pack consecutive pieces into parts of at most `limit` characters; a longer piece is one part."""
    parts: list[str] = []
    for piece in pieces:
        if parts and len(parts[-1]) + len(piece) <= limit:
            parts[-1] += piece
        else:
            parts.append(piece)
    return parts


def source_pieces(source: str, tree: ast.Module) -> list[str]:
    """Cut a source where a top-level statement starts (in long classes: where a method does)."""
    lines = source.splitlines(keepends=True)
    starts = sorted({1, *_starts(tree.body)})
    ends = [*starts[1:], len(lines) + 1]
    return ["".join(lines[a - 1 : b - 1]) for a, b in zip(starts, ends, strict=True)]


def _source_files(root: Path) -> list[Path]:
    tops = [root / name for name in sorted(sys.stdlib_module_names - SKIPPED)]
    files = [path for top in tops for path in (top.with_suffix(".py"), *top.rglob("*.py")) if path.is_file()]
    return [path for path in files if SKIPPED.isdisjoint(path.relative_to(root).parts)]


def _module(root: Path, path: Path) -> Module | None:
    relative = path.relative_to(root).as_posix()
    try:
        source = path.read_text(encoding="utf-8")
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return None
    if not source.strip() or relative.startswith("_sysconfigdata"):
        return None
    name = relative.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return Module(relative, name, source, tree)


def _held_out(modules: list[Module]) -> tuple[list[Module], list[Module]]:
    size = {module.path: len(module.source) for module in modules}
    known = {module.path: module for module in modules}
    halves: list[list[Module]] = [[], []]
    for path in by_hash(path for path in known if size[path] <= LARGEST_HELD_OUT_CHARS):
        totals = [sum(size[module.path] for module in half) for half in halves]
        if min(totals) >= HELD_OUT_CHARS_PER_HALF:
            break
        halves[totals.index(min(totals))].append(known[path])
    return halves[0], halves[1]


def _documents(modules: list[Module]) -> list[str]:
    sources = [part for module in modules for part in _source_documents(module)]
    return by_hash([*sources, *(part for module in modules for part in _prose_documents(module))])


def _source_documents(module: Module) -> list[str]:
    if module.path == "pydoc_data/topics.py":
        return []
    header = f"# {module.path}\n"
    return [header + part for part in cut(source_pieces(module.source, module.tree)) if part.strip()]


def _prose_documents(module: Module) -> list[str]:
    if module.path == "pydoc_data/topics.py":
        topics = ast.literal_eval(module.tree.body[-1].value)  # type: ignore[attr-defined]
        return [part for key in sorted(topics) for part in cut(topics[key].splitlines(keepends=True))]
    return cut([f"{doc.name}\n\n{doc.text.strip()}\n\n\n" for doc in module.docstrings()])


def _docstrings(node: ast.AST, name: str, depth: int) -> Iterable[Docstring]:
    if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
        text = ast.get_docstring(node)
        if text:
            yield Docstring(name, text, top_level=depth == 1)
    if isinstance(node, (ast.Module, ast.ClassDef)):
        for child in node.body:
            if isinstance(child, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                yield from _docstrings(child, f"{name}.{child.name}", depth + 1)


def _starts(body: list[ast.stmt]) -> Iterable[int]:
    for statement in body:
        first = min([statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", ()))])
        yield first
        if isinstance(statement, ast.ClassDef) and (statement.end_lineno or first) - first > 100:
            yield from _starts(statement.body)


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
