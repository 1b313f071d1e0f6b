"""Every relative link of every page leads to a file, and to a heading that is there."""

from pathlib import Path

import pytest

from tests.docs.pages import anchors, links, pages
from tests.support.paths import ROOT

INDEX = ROOT / "docs" / "README.md"


def broken(page: Path) -> list[str]:
    """Links of a page that lead nowhere."""
    dead = []
    for link in links(page):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            dead.append(link)
    return dead


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_resolve(page: Path) -> None:
    assert broken(page) == []


def test_a_broken_link_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One two\n[a](#one-two) [b](#three) [c](gone.md) ![d](page.md)\n")
    assert broken(page) == ["#three", "gone.md"]


def test_the_index_names_every_page_of_docs_and_the_readme_names_the_index() -> None:
    listed = {(INDEX.parent / link).resolve() for link in links(INDEX)}
    assert set((ROOT / "docs").rglob("*.md")) - {INDEX} <= listed
    assert "docs/README.md" in links(ROOT / "README.md")
