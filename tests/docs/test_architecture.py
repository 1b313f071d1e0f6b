"""ARCHITECTURE.md names every folder, in layer order, and in its hops functions of the files beside them."""

import ast
import re
from pathlib import PurePath

from tests.docs.environment import PACKAGES
from tests.docs.pages import code_words
from tests.support.paths import ROOT

PAGE = ROOT / "ARCHITECTURE.md"
_CODE = re.compile(r"`([^`]+)`")


def hops() -> list[tuple[list[str], list[str]]]:
    """Files and functions of every row of four columns."""
    rows = [line.strip("|").split("|") for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    return [(_CODE.findall(row[1]), _CODE.findall(row[2])) for row in rows if len(row) == 4]


def places() -> dict[str, int]:
    """Folders and files of the map, each with the number of its row."""
    rows = [line.split("|") for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    cells = enumerate(row[1] for row in rows if len(row) == 4)
    return {word.rstrip("/"): number for number, cell in cells for word in _CODE.findall(cell)}


def place_of(path: PurePath, known: dict[str, int]) -> int | None:
    """The row of the nearest place that holds a file, or None."""
    return next((known[str(p)] for p in (path, *path.parents) if str(p) in known), None)


def imported(module: str, known: dict[str, int]) -> int | None:
    """The row that a module stands in."""
    path = PurePath(*module.split("."))
    found = known.get(f"{path}.py")
    return place_of(path, known) if found is None else found


def upward_imports() -> list[str]:
    """Imports within a package of something that stands higher on the map."""
    known, found = places(), []
    for package in PACKAGES:
        for file in (ROOT / package).rglob("*.py"):
            here = place_of(PurePath(file.relative_to(ROOT)), known)
            for node in ast.walk(ast.parse(file.read_text())):
                module = node.module if isinstance(node, ast.ImportFrom) else None
                there = imported(module, known) if module and module.split(".")[0] == package else None
                if here is not None and there is not None and there < here:
                    found.append(f"{file.relative_to(ROOT)} imports {module}")
    return found


def absent(files: list[str], names: list[str]) -> list[str]:
    """Names that none of the files defines or uses."""
    text = "\n".join((ROOT / file).read_text() for file in files)
    return [name for name in names if not re.search(rf"\b{name}\b", text)]


def test_functions_of_the_hops_stand_in_their_files() -> None:
    found = hops()
    assert len(found) > 50
    assert [(files, gone) for files, names in found if (gone := absent(files, names))] == []


def test_a_function_that_is_not_there_is_seen() -> None:
    assert absent(["journal/prices.py"], ["parse_money", "parse_gold"]) == ["parse_gold"]


def test_every_folder_of_the_packages_is_on_the_map() -> None:
    named = {word.rstrip("/") for word in code_words(PAGE)}
    folders = {
        str(PurePath(path.parent.relative_to(ROOT)))
        for package in PACKAGES
        for path in (ROOT / package).glob("*/__init__.py")
    }
    assert folders - named == set()
