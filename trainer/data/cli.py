"""`python -m trainer data`: list, build, import and fetch data sets."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table

from trainer.data.catalog import open_data
from trainer.data.errors import DataError
from trainer.data.sources.fetch import fetch, plan_fetch, verify
from trainer.data.sources.imports import import_data
from trainer.data.sources.inventory import list_sets

BAD_INPUT = 2


def main(argv: list[str]) -> int:
    """Run one command; 0 on success, 2 with one line on stderr for a user's error."""
    arguments = _parser().parse_args(argv)
    command: Callable[[argparse.Namespace], None] = arguments.command
    try:
        command(arguments)
    except DataError as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    except OSError as error:
        print(f"{error.filename or 'file'}: {error.strerror or error}", file=sys.stderr)
        return BAD_INPUT
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m trainer data",
        description="Data sets: list, build, import and fetch them.",
        epilog="example: python -m trainer data import ~/notes notes",
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    listing = commands.add_parser("list", help="the sets there are and what they hold")
    listing.add_argument("--json", action="store_true", help="for programs")
    listing.set_defaults(command=_list)
    build = commands.add_parser("build", help="build the starter set (seconds)")
    build.add_argument("name", choices=["starter"])
    build.set_defaults(command=_build)
    importing = commands.add_parser("import", help="make a set of your own files")
    importing.add_argument("path", type=Path, help="a file or folder: .txt .md .jsonl .jsonl.zst .parquet")
    importing.add_argument("name", help="what jobs will call it")
    importing.add_argument("--replace", action="store_true", help="replace a set of that name")
    importing.set_defaults(command=_import)
    fetching = commands.add_parser("fetch", help="download a known set, resuming where it stopped")
    fetching.add_argument("name", help="see list")
    fetching.add_argument("--shards", type=int, default=8, help="training shards of about 100 MB (default 8)")
    fetching.add_argument(
        "--usd-per-hour", type=float, default=24.0, help="price of this machine (default 24)"
    )
    fetching.add_argument("--dry-run", action="store_true", help="print the plan only")
    fetching.set_defaults(command=_fetch)
    checking = commands.add_parser("verify", help="compare a fetched set with its recorded checksums")
    checking.add_argument("name")
    checking.set_defaults(command=_verify)
    return parser


def _list(arguments: argparse.Namespace) -> None:
    entries = list_sets()
    if arguments.json:
        print(json.dumps(entries, indent=1))
        return
    table = Table("name", "state", "MB", "holds", "what it is")
    for entry in entries:
        parts, size = entry["parts"], entry["bytes"]
        assert isinstance(parts, list) and isinstance(size, int)
        shown = f"{size / 1e6:.1f}" if size else ""
        table.add_row(
            str(entry["name"]), str(entry["state"]), shown, " ".join(parts), str(entry["description"])
        )
    Console().print(table)


def _build(arguments: argparse.Namespace) -> None:
    data = open_data(arguments.name)
    print(f"{arguments.name}: ready in {data.folder}")


def _import(arguments: argparse.Namespace) -> None:
    with _progress("importing") as advance:
        last = 0

        def on_file(done: int, total: int) -> None:
            nonlocal last
            advance(done - last, total)
            last = done

        made = import_data(arguments.path, arguments.name, arguments.replace, on_file)
    print(
        f"{arguments.name}: {made.documents} documents ({made.held_out_documents} held out), "
        f"{made.characters} characters, {made.conversations} conversations in {made.folder}"
    )


def _fetch(arguments: argparse.Namespace) -> None:
    plan = plan_fetch(arguments.name, arguments.shards)
    print(
        f"{plan.name}: {len(plan.missing)} of {len(plan.files)} files to fetch, "
        f"{plan.download_bytes / 1e9:.2f} GB, about {plan.seconds / 60:.1f} minutes at 50 MB/s, "
        f"${plan.usd(arguments.usd_per_hour):.2f} at {arguments.usd_per_hour:g} $/h"
    )
    if arguments.dry_run:
        return
    with _progress("fetching") as advance:
        fetch(plan, on_bytes=lambda count: advance(count, plan.download_bytes))
    print(f"{plan.name}: ready in {plan.folder}")


def _verify(arguments: argparse.Namespace) -> None:
    broken = verify(arguments.name)
    if broken:
        raise DataError(f"{arguments.name}: changed since they were fetched: {', '.join(broken)}")
    print(f"{arguments.name}: all files as they were fetched")


@contextmanager
def _progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar for a person at a terminal; silent otherwise."""
    console = Console(stderr=True)
    columns = (TextColumn(label), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(label, total=None)
        yield lambda count, total: bar.update(task, advance=count, total=total)
