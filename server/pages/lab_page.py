"""What the progress page shows, from the journal alone."""

from statistics import median

from markupsafe import Markup

from journal.documents import Document
from journal.records import JobRow
from journal.store import Journal
from journal.views import (
    HypothesisRow,
    ProgressPoint,
    budget_summary,
    champion,
    hypotheses_table,
    jobs_summary,
    progress_series,
)
from server.pages.plot import Dot, Line, Plot, render

SHOWN_JOBS = 100


def lab_page(journal: Journal) -> Document:
    """The template's variables."""
    jobs, series = journal.jobs(), progress_series(journal)
    budget = budget_summary(journal)
    return {
        "budget": budget,
        "bar": budget_bar(budget.budget_micro_usd, budget.spent_micro_usd, budget.reserved_micro_usd),
        "summary": jobs_summary(journal),
        "champion": champion(journal),
        "plot": progress_plot(series),
        "rungs": sorted({point.rung for point in series}),
        "simulated": any(row.simulated for row in jobs),
        "jobs": [_job_line(row) for row in reversed(jobs[-SHOWN_JOBS:])],
        "hypotheses": [_hypothesis_line(row) for row in reversed(hypotheses_table(journal))],
        "deployments": list(reversed(journal.deployments()))[:20],
    }


def progress_plot(series: list[ProgressPoint]) -> Markup:
    """val_bpb of every finished pretrain job against the minutes since the first; the best as a staircase."""
    if not series:
        return Markup("")
    start, ceiling = series[0].finished_at, ceiling_of([point.val_bpb for point in series])
    dots = [_dot(point, (point.finished_at - start) / 60, ceiling) for point in series]
    lines = [
        Line(
            [((p.finished_at - start) / 60, min(p.best_val_bpb, ceiling)) for p in series if p.rung == rung],
            "best",
            step=True,
        )
        for rung in sorted({point.rung for point in series})
    ]
    return render(Plot("minutes", "val_bpb", "val_bpb of each finished pretrain job", lines, dots))


def ceiling_of(values: list[float]) -> float:
    """Where the plot ends: a few disasters must not press all others into one line."""
    middle = median(values)
    spread = max(middle - min(values), 0.002 * abs(middle))
    return min(max(values), middle + 3 * spread)


def budget_bar(budget: int, spent: int, reserved: int) -> Document:
    """Widths of the bar's parts, in percent."""
    whole = max(budget, spent + reserved, 1)
    return {"spent": round(100 * spent / whole, 2), "reserved": round(100 * max(reserved, 0) / whole, 2)}


def interval_mark(row: HypothesisRow) -> Document | None:
    """The confidence interval on a scale from -4 to 4 minimum effects, in percent of its width."""
    if row.effect is None or row.lower is None or row.upper is None:
        return None

    def place(value: float) -> float:
        return round(50 + 50 * max(-1.0, min(1.0, value / (4 * row.minimum_effect))), 1)

    low, high = place(row.lower), place(row.upper)
    return {
        "low": low,
        "width": max(round(high - low, 1), 1.0),
        "effect": place(row.effect),
        "target": place(row.minimum_effect),
    }


def _dot(point: ProgressPoint, minutes: float, ceiling: float) -> Dot:
    kind: str = point.arm or ("baseline" if point.purpose == "baseline" else "other")
    kind += " beyond" if point.val_bpb > ceiling else ""
    about = " ".join(part for part in (point.hypothesis_id, point.purpose) if part)
    title = f"{point.job_id}: {point.val_bpb:.4f} ({about})"
    return Dot(minutes, min(point.val_bpb, ceiling), kind, title, f"/lab/job/{point.job_id}")


def _hypothesis_line(row: HypothesisRow) -> Document:
    return {"row": row, "interval": interval_mark(row)}


def _job_line(row: JobRow) -> Document:
    took = None
    if row.started_at is not None and row.finished_at is not None:
        took = row.finished_at - row.started_at
    return {
        "row": row,
        "seconds": took,
        "val_bpb": row.metrics.get("val_bpb"),
        "core": row.metrics.get("core_metric"),
    }
