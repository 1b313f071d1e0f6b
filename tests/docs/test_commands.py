"""Every `harness …` that a page shows names commands and options that exist."""

import shlex
from pathlib import Path

import pytest
import typer

from harness.cli.main import app
from tests.docs.pages import blocks, code_words, pages
from tests.support.paths import ROOT

NAMES = ("harness", ".venv/bin/harness")


def commands(page: Path) -> list[list[str]]:
    """The words of each `harness` command of a page, up to a pipe, a semicolon or a comment."""
    shown = [block for block in blocks(page) if block.language in ("sh", "console")]
    lines = [line.removeprefix("$ ").strip() for block in shown for line in block.text.splitlines()]
    found = []
    for line in lines + code_words(page):
        try:
            words = shlex.split(line.replace(";", " ; "), comments=True)
        except ValueError:
            continue
        while words and "=" in words[0]:
            words = words[1:]
        if words and words[0] in NAMES and len(words) > 1:
            ends = [words.index(end) for end in ("|", ";", "&&", ">") if end in words]
            found.append(words[1 : min(ends, default=len(words))])
    return found


def unknown(words: list[str]) -> str | None:
    """The first command or option that does not exist."""
    command = typer.main.get_command(app)
    for word in words:
        subcommands = getattr(command, "commands", {})
        if word in subcommands:
            command = subcommands[word]
        elif subcommands and word.isidentifier():
            return word
    options = {name for p in command.params for name in (*p.opts, *p.secondary_opts)} | {"--help"}
    return next((word for word in words if word.startswith("--") and word.split("=")[0] not in options), None)


SHOWN = [(page, words) for page in pages() if page.name != "CHANGELOG.md" for words in commands(page)]


@pytest.mark.parametrize(
    ("page", "words"), SHOWN, ids=[f"{page.relative_to(ROOT)}: {' '.join(words)}" for page, words in SHOWN]
)
def test_a_command_exists(page: Path, words: list[str]) -> None:
    assert unknown(words) is None


def test_an_unknown_command_or_option_is_seen() -> None:
    assert unknown(["begin", "--budget", "1usd"]) == "begin"
    assert unknown(["start", "--budget", "1usd", "--gone"]) == "--gone"
    assert unknown(["journal", "gone"]) == "gone"
