"""The run: variants built one after another, then timed in turns."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from bench.beside.group import Group, Lost
from bench.beside.report import HEADING, Book, Row
from bench.beside.spec import Spec


class Run:
    """All that is measured with one command; `book` has the figures."""

    def __init__(self, args: argparse.Namespace, specs: Sequence[Spec], folder: Path, book: Book) -> None:
        self._args, self._specs, self._folder, self._book = args, specs, folder, book

    def measure(self, world_size: int) -> None:
        """All variants on `world_size` GPUs: side by side in memory, or one at a time."""
        each = [[spec] for spec in self._specs] if self._args.one_at_a_time else [list(self._specs)]
        for specs in each:
            self._in_turns(specs, world_size)

    def _in_turns(self, specs: Sequence[Spec], world_size: int) -> None:
        groups: list[tuple[Row, Group]] = []
        try:
            for spec in specs:
                row = self._book.row(spec.variant, world_size)
                group = Group(spec, world_size, self._folder, self._args.patience, not self._args.share_cache)
                groups.append((row, group))
                if not self._ready(row, group):
                    groups.pop()
            for round_ in range(1, self._args.rounds + 1):
                groups = [(row, group) for row, group in groups if self._turn(row, group, round_)]
        except BaseException:
            for _, group in groups:
                group.kill()
            raise
        for _, group in groups:
            group.close()
        print("\n".join([HEADING, *(self._book.line(row) for row, _ in groups)]), flush=True)

    def _ready(self, row: Row, group: Group) -> bool:
        """Whether the variant could be built and has taken its first steps."""
        try:
            row.ready = group.read()
        except Lost as lost:
            return self._leave_out(row, group, lost)
        seconds, peak = row.ready["seconds_to_first_step"], row.ready["peak_bytes"] / 1e9
        print(
            f"{group.name}: first step after {seconds:.1f} s, {peak:.1f} GB, {row.ready['details']}",
            flush=True,
        )
        self._book.save()
        return True

    def _turn(self, row: Row, group: Group, round_: int) -> bool:
        try:
            row.rounds.append(group.ask(f"step {self._args.steps}"))
        except Lost as lost:
            return self._leave_out(row, group, lost)
        rate = self._book.rates(row)[-1]
        print(f"round {round_} {group.name}: {rate:,.0f} tokens/s", flush=True)
        self._book.save()
        return True

    def _leave_out(self, row: Row, group: Group, lost: Lost) -> bool:
        group.kill()
        row.lost = str(lost)
        hint = "" if self._args.one_at_a_time or "emory" not in row.lost else "; try --one-at-a-time"
        print(f"{group.name}: left out: {row.lost}{hint}", flush=True)
        if lost.tail:
            print(lost.tail, flush=True)
        self._book.save()
        return False
