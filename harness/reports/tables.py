"""What commands print: tables for people, JSON for programs."""

import json
import time
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

Document = dict[str, Any]


def local_time(at: float) -> str:
    """A moment (unix seconds) as this machine's clocks show it, to the minute."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at))


def print_json(document: object) -> None:
    """One JSON document on standard output."""
    print(json.dumps(document, indent=1))


def print_table(head: Iterable[str], rows: Iterable[Iterable[str]], title: str | None = None) -> None:
    """A plain table."""
    table = Table(title=title, title_justify="left", box=None, padding=(0, 2, 0, 0))
    for name in head:
        table.add_column(name, overflow="fold")
    for row in rows:
        # Claims are strangers' words: as text, their brackets are no markup.
        table.add_row(*map(Text, row))
    Console(highlight=False).print(table)
