"""The pages that people read, and what stands in them: headings, links, paths and fenced blocks."""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.support.paths import ROOT

_FENCE = re.compile(r"^(```+|~~~+)(\w*)[^\n]*\n(.*?)^\1[ \t]*$", re.M | re.S)
_NOT_RUN = re.compile(r"<!-- not run: (.+?) -->\s*\Z")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^()\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True)
class Block:
    """A fenced block; `not_run` is why its commands are only checked for their syntax."""

    page: Path
    line: int
    language: str
    text: str
    not_run: str | None

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def pages() -> list[Path]:
    """All markdown files of the checkout, build and lab folders left out."""
    own = list(ROOT.glob("*.md"))
    for folder in ("docs", "examples", "tests", "bench", "rustbpe"):
        own += [p for p in (ROOT / folder).rglob("*.md") if "target" not in p.parts]
    return sorted(own)


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, from top to bottom."""
    text = page.read_text()
    found = []
    for match in _FENCE.finditer(text):
        before = text[: match.start()]
        reason = _NOT_RUN.search(before)
        line = before.count("\n") + 1
        found.append(Block(page, line, match[2], match[3], reason[1] if reason else None))
    return found


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return _FENCE.sub("", page.read_text())


def links(page: Path) -> list[str]:
    """Targets of a page's links and images."""
    return _LINK.findall(_CODE.sub("", prose(page)))


def code_words(page: Path) -> list[str]:
    """What stands in backticks in a page's prose."""
    return _CODE.findall(prose(page))


def anchors(page: Path) -> set[str]:
    """Anchors of a page's headings, as GitHub makes them."""
    seen: set[str] = set()
    for heading in re.findall(r"^#{1,6} +(.+?) *$", prose(page), re.M):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        seen.add(next(name for n in range(99) if (name := f"{slug}-{n}" if n else slug) not in seen))
    return seen
