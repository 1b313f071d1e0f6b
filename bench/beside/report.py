"""What was measured: lines as it becomes known, a table, a file."""

from __future__ import annotations

import json
import statistics
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.beside.spec import BASELINE
from trainer.sizing.flops import peak_flops

COLUMNS = (
    "GPUs", "variant", "tokens/s", "least", "most", f"of {BASELINE}", "FLOP a token", "TFLOP/s a GPU", "MFU",
    "GB", "s to first step", "of linear",
)  # fmt: skip
HEADING = f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}"
_UNKNOWN = "-"


@dataclass
class Row:
    """One variant on one number of GPUs: its worker's answers, and why there are no more of them."""

    world_size: int
    variant: str
    ready: dict[str, Any] = field(default_factory=dict)
    rounds: list[dict[str, Any]] = field(default_factory=list)
    lost: str | None = None


@dataclass
class Book:
    """All rows of a run; `path` gets them whenever one changes."""

    tokens_per_step: int
    command: str
    path: Path | None
    rows: list[Row] = field(default_factory=list)

    def row(self, variant: str, world_size: int) -> Row:
        """A new row."""
        self.rows.append(Row(world_size, variant))
        return self.rows[-1]

    def rates(self, row: Row) -> list[float]:
        """Tokens a second of each round."""
        return [self.tokens_per_step * turn["steps"] / turn["seconds"] for turn in row.rounds]

    def save(self) -> None:
        if self.path is not None:
            rows = [asdict(row) | {"tokens_per_second": self.rates(row)} for row in self.rows]
            document = {"command": self.command, "tokens_per_step": self.tokens_per_step, "rows": rows}
            self.path.write_text(json.dumps(document, indent=1))

    def table(self) -> str:
        """Markdown: what it was measured on, then a line a row that has figures."""
        measured = sorted((row for row in self.rows if row.rounds), key=lambda row: row.world_size)
        on = sorted({f"{row.ready['device']}, torch {row.ready['torch']}" for row in measured})
        lost = [f"{row.variant} x{row.world_size}: left out: {row.lost}" for row in self.rows if row.lost]
        lines = [*map(self.line, measured), "", *self._what(measured), *lost]
        return "\n".join([*on, f"`{self.command}`", "", HEADING, *lines])

    def line(self, row: Row) -> str:
        """One row of the table."""
        rates, flops = self.rates(row), row.ready["flops_per_token"]
        rate = statistics.median(rates)
        per_gpu = rate * flops / row.world_size
        peak = peak_flops(row.ready["device"])
        peak_bytes = max(answer["peak_bytes"] for answer in (row.ready, *row.rounds))
        cells = [
            f"{row.world_size}", row.variant, f"{rate:,.0f}", f"{min(rates):,.0f}", f"{max(rates):,.0f}",
            self._of_baseline(row), f"{flops:.4g}", f"{per_gpu / 1e12:.4g}",
            _UNKNOWN if peak is None else f"{per_gpu / peak:.1%}", f"{peak_bytes / 1e9:.1f}",
            f"{row.ready['seconds_to_first_step']:.1f}", self._of_linear(row, rate),
        ]  # fmt: skip
        return f"| {' | '.join(cells)} |"

    def _of_baseline(self, row: Row) -> str:
        """The median of the ratios round by round."""
        for other in self.rows:
            if other.variant == BASELINE and other.world_size == row.world_size and other.rounds:
                pairs = zip(self.rates(row), self.rates(other), strict=False)
                return f"{statistics.median(mine / theirs for mine, theirs in pairs):.3f}"
        return _UNKNOWN

    def _of_linear(self, row: Row, rate: float) -> str:
        """The rate over that of the fewest GPUs, times what they are fewer."""
        same = [other for other in self.rows if other.variant == row.variant and other.rounds]
        least = min(same, key=lambda other: other.world_size)
        if least.world_size == row.world_size:
            return _UNKNOWN
        alone = statistics.median(self.rates(least)) / least.world_size
        return f"{rate / row.world_size / alone:.3f}"

    def _what(self, measured: list[Row]) -> list[str]:
        """How each row was computed, and its last loss: no speed counts whose loss is no number."""
        return [
            f"{row.variant} x{row.world_size}: {row.ready['details']}; loss {row.rounds[-1]['loss']:.3f}"
            for row in measured
        ]
