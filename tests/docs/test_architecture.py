"""ARCHITECTURE.md names every folder, in layer order, and in its hops functions of the files beside them."""

import re

import pytest

from tests.layout.test_folders import ORDER
from tests.support.paths import ROOT

PAGE = ROOT / "ARCHITECTURE.md"
_CODE = re.compile(r"`([^`]+)`")


def hops() -> list[tuple[list[str], list[str]]]:
    """Files and functions of every row of four columns."""
    rows = [line.strip("|").split("|") for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    return [(_CODE.findall(row[1]), _CODE.findall(row[2])) for row in rows if len(row) == 4]


def mapped(package: str) -> list[str]:
    """Folders and files of a package in the order of its table, without the ending."""
    table = PAGE.read_text().split(f"### `{package}/`\n")[1].split("\n#")[0]
    firsts = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return re.findall(rf"`{package}/(\w+)", " ".join(firsts))


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


@pytest.mark.parametrize("package", sorted(ORDER))
def test_the_map_has_every_folder_in_layer_order(package: str) -> None:
    top_down = [name for name in reversed(ORDER[package].split()) if name != "__main__"]
    assert [name for name in mapped(package) if name != "__main__"] == top_down
