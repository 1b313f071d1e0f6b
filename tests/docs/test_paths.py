"""Every file, folder, module and command that a page names in backticks exists."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import code_words, pages
from tests.support.paths import ROOT

PACKAGES = (
    "harness",
    "agent",
    "journal",
    "server",
    "trainer",
    "bench",
    "tests",
    "docs",
    "rustbpe",
    "examples",
)
_PATH = re.compile(rf"(?:{'|'.join(PACKAGES)})(?:/[\w.-]+)*/?")
_MODULE = re.compile(rf"(?:python -m )?((?:{'|'.join(PACKAGES)})(?:\.\w+)+)")
_LAB_FILES = (".db", ".json", ".lock", ".log")
# A log tells what was, in the names of its day.
HISTORY = {ROOT / "CHANGELOG.md"}


def missing(word: str) -> bool:
    """Whether a word in backticks names a path or a module of this checkout that is not there."""
    path = word.partition(":")[0].partition("::")[0]
    if "/" in path and _PATH.fullmatch(path):
        return not (ROOT / path).exists()
    if path.endswith(_LAB_FILES):
        return False
    module = _MODULE.fullmatch(word.partition("(")[0].split(" -")[0].strip())
    return module is not None and not _is_there(module[1])


def _is_there(name: str) -> bool:
    """Whether a dotted name is a module, or something that its longest module's text holds."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        place = ROOT.joinpath(*parts[:length])
        files = [file for suffix in (".py", ".pyi") if (file := place.with_suffix(suffix)).is_file()]
        if files or place.is_dir():
            text = files[0].read_text() if files else ""
            return all(re.search(rf"\b{part}\b", text) for part in parts[length:])
    return False


@pytest.mark.parametrize(
    "page", [p for p in pages() if p not in HISTORY], ids=lambda page: str(page.relative_to(ROOT))
)
def test_what_a_page_names_is_there(page: Path) -> None:
    assert [word for word in code_words(page) if missing(word)] == []


@pytest.mark.parametrize(
    "word", ["trainer/gone.py", "harness/gone/", "trainer.gone.part", "journal.prices.gone"]
)
def test_a_name_that_is_not_there_is_seen(word: str) -> None:
    assert missing(word)


@pytest.mark.parametrize(
    "word", ["trainer/job/spec.py", "trainer.job.spec.PretrainJob", "python -m bench.truth", "lab/brief.md"]
)
def test_a_name_that_is_there_passes(word: str) -> None:
    assert not missing(word)
