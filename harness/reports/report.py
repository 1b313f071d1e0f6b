"""The report of a session: markdown, HTML and a progress plot, from the journal alone."""

import html
import re
import time
from dataclasses import dataclass
from pathlib import Path

from agent.knowledge.insights import INSIGHT_EVENT
from harness.lab.session import Session
from journal.lab_paths import LabPaths
from journal.prices import format_money
from journal.records import JobRow, Purpose
from journal.science.core_guard import Guard, finding_guards
from journal.science.evidence import recompute_all
from journal.science.locked import LockedReading, readings
from journal.store.journal import Journal
from journal.views import (
    HypothesisRow,
    budget_summary,
    champion,
    hypotheses_table,
    jobs_summary,
    progress_series,
    recipe_noise,
)
from trainer.job import JobResult
from trainer.system.files import replacing, write_whole

_CHAMPION_PURPOSES: tuple[Purpose, ...] = ("champion", "champion_sft", "champion_eval")


@dataclass(frozen=True)
class Section:
    """A heading, paragraphs, and a table (the first row is its head)."""

    title: str
    paragraphs: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def write_report(lab: LabPaths, journal: Journal, session: Session | None, outcome: str | None) -> Path:
    """Write `report.md`, `report.html` and `progress.png` into `lab/report/`; returns the first."""
    lab.report.mkdir(exist_ok=True)
    sections = report_sections(journal, session, outcome)
    plotted = plot_progress(journal, lab.report / "progress.png")
    write_whole(lab.report / "report.md", as_markdown(sections, plotted).encode())
    write_whole(lab.report / "report.html", as_html(sections, plotted).encode())
    return lab.report / "report.md"


def report_sections(journal: Journal, session: Session | None, outcome: str | None) -> list[Section]:
    """What was learnt, how sure we are, and what it cost."""
    return [
        _headline(journal, session, outcome),
        _champion(journal),
        _verdicts(journal),
        _insights(journal),
        _noise(journal),
        _money(journal),
        _deployments(journal),
        _failures(journal),
    ]


def as_markdown(sections: list[Section], plotted: bool) -> str:
    """The sections as markdown."""
    parts: list[str] = []
    for index, section in enumerate(sections):
        parts.append(f"{'#' if index == 0 else '##'} {section.title}")
        parts += section.paragraphs
        if section.rows:
            head, *body = section.rows
            lines = [head, tuple("---" for _ in head), *body]
            parts.append("\n".join("| " + " | ".join(_cell(c) for c in line) + " |" for line in lines))
        if index == 0 and plotted:
            parts.append("![val_bpb over the session](progress.png)")
    return "\n\n".join(parts) + "\n"


def as_html(sections: list[Section], plotted: bool) -> str:
    """The sections as one HTML page."""
    style = (
        "body{font:16px/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}"
        "table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.2rem .6rem;text-align:left}"
        "img{max-width:100%}"
    )
    parts = [f"<!doctype html><meta charset=utf-8><title>{html.escape(sections[0].title)}</title>"]
    parts.append(f"<style>{style}</style>")
    for index, section in enumerate(sections):
        level = 1 if index == 0 else 2
        parts.append(f"<h{level}>{html.escape(section.title)}</h{level}>")
        parts += [f"<p>{html.escape(paragraph)}</p>" for paragraph in section.paragraphs]
        if section.rows:
            parts.append(_html_table(section.rows))
        if index == 0 and plotted:
            parts.append('<img src="progress.png" alt="val_bpb over the session">')
    return "\n".join(parts) + "\n"


def plot_progress(journal: Journal, path: Path) -> bool:
    """Plot every scored run by the time it ended; False when there is nothing to plot."""
    points = progress_series(journal)
    if not points:
        return False
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib.figure import Figure

    start = points[0].finished_at
    figure = Figure(figsize=(9, 4.5), layout="constrained")
    axes = figure.add_subplot()
    styles = {
        "baseline": ("o", "tab:blue"),
        "hypothesis": ("x", "tab:orange"),
        "champion": ("*", "tab:green"),
    }
    for purpose in dict.fromkeys(p.purpose for p in points):
        marker, colour = styles.get(purpose, (".", "tab:gray"))
        own = [p for p in points if p.purpose == purpose]
        minutes = [(p.finished_at - start) / 60 for p in own]
        axes.scatter(minutes, [p.val_bpb for p in own], marker=marker, color=colour, label=purpose, zorder=3)
    for rung in dict.fromkeys(p.rung for p in points):
        own = [p for p in points if p.rung == rung]
        axes.step(
            [(p.finished_at - start) / 60 for p in own],
            [p.best_val_bpb for p in own],
            where="post",
            color="tab:gray",
            linewidth=1,
        )
    axes.set_xlabel("minutes since the first run ended")
    axes.set_ylabel("val_bpb (lower is better)")
    axes.legend()
    with replacing(path) as temporary:
        figure.savefig(temporary, format="png", dpi=120)
    return True


def _headline(journal: Journal, session: Session | None, outcome: str | None) -> Section:
    jobs, table = jobs_summary(journal), hypotheses_table(journal)
    judged = [row for row in table if row.final]
    names = ("supported", "refuted", "inconclusive")
    counts = ", ".join(f"{sum(row.verdict == name for row in judged)} {name}" for name in names)
    title = "Lab report" if session is None else f"Lab report, session {session.number}"
    if session is not None and session.simulated:
        title += " (simulated: nothing was trained)"
    states = ", ".join(f"{count} {state}" for state, count in sorted(jobs.by_state.items()))
    lines = [f"Written {time.strftime('%Y-%m-%d %H:%M', time.localtime())}."]
    if session is not None:
        lines.append(f"Machine: {session.machine}, {session.slots} slots. Data: {session.data}.")
    if outcome:
        lines.append(f"Outcome: {outcome}.")
    lines.append(f"{len(table)} hypotheses: {counts}. {jobs.total} jobs: {states}.")
    return Section(title, tuple(lines))


def _champion(journal: Journal) -> Section:
    best = champion(journal)
    if best is None:
        return Section("Champion", ("No recipe yet.",))
    lines = [f"Recipe {best.recipe.recipe_id} ({best.recipe.reason})."]
    if best.val_bpb is not None:
        lines.append(f"Its best search run: val_bpb {best.val_bpb:.4f} ({best.job_id}).")
    lines += [_locked_line(reading) for reading in readings(journal.jobs(purpose="locked"))]
    rows: list[tuple[str, ...]] = [("job", "what", "val_bpb", "CORE [95% interval]", "tokens/s")]
    for purpose in _CHAMPION_PURPOSES:
        rows_of = journal.jobs(purpose=purpose, states=("succeeded", "failed"))
        done = [row for row in rows_of if row.metrics]
        rows += [_result_row(row) for row in done[-1:]]
    return Section("Champion", tuple(lines), tuple(rows) if len(rows) > 1 else ())


def _locked_line(reading: LockedReading) -> str:
    verdict = "confirmed" if reading.is_confirmed else "not confirmed: the baseline stays"
    return (
        f"Locked text, recipe {reading.recipe_id} against the baseline: {reading.gain_bpb:+.4f} bits per "
        f"byte [{reading.lower:+.4f}, {reading.upper:+.4f}], {reading.blocks} blocks, {reading.pairs} pairs "
        f"of runs: {verdict}."
    )


def _result_row(row: JobRow) -> tuple[str, ...]:
    core = JobResult.model_validate_json(row.result).core if row.result else None
    interval = "" if core is None else f"{core.core_metric:.4f} [{core.lower:.4f}, {core.upper:.4f}]"
    speed = row.metrics.get("tokens_per_second")
    return (
        row.job_id,
        row.purpose if row.state == "succeeded" else f"{row.purpose} ({row.reason})",
        _number(row.metrics.get("val_bpb")),
        interval,
        "" if speed is None else f"{speed:,.0f}",
    )


def _verdicts(journal: Journal) -> Section:
    table = hypotheses_table(journal)
    if not table:
        return Section("Hypotheses", ("None registered.",))
    pairs = recompute_all(journal)
    same = sum(stored == again for stored, again in pairs)
    head = ("id", "claim", "verdict", "improvement [interval]", "p", "seeds", "by", "registered as", "guard")
    note = (
        f"Improvement is in val_bpb at equal tokens. {same} of {len(pairs)} verdicts are the same when "
        "judge() recomputes them from the journal."
    )
    guards = finding_guards(
        journal.recipes(), journal.hypotheses(), journal.latest_verdicts(), journal.jobs()
    )
    rows = (_verdict_row(row, guards.get(row.hypothesis_id)) for row in table)
    return Section("Hypotheses", (note, *_held_lines(guards)), (head, *rows))


def _held_lines(guards: dict[str, Guard]) -> list[str]:
    """Why findings were not promoted."""
    return [
        f"{name} is supported on val_bpb and was not promoted: {guard.words}."
        for name, guard in guards.items()
        if guard.is_held
    ]


def _verdict_row(row: HypothesisRow, guard: Guard | None) -> tuple[str, ...]:
    one = "" if row.one_seed_difference is None else f"one seed: {-row.one_seed_difference:+.4f}"
    interval = one if row.effect is None else f"{row.effect:+.4f} [{row.lower:+.4f}, {row.upper:+.4f}]"
    return (
        row.hypothesis_id,
        row.statement,
        row.verdict or "open",
        interval,
        "" if row.p_value is None else f"{row.p_value:.3f}",
        f"{row.baseline_seeds} vs {row.treatment_seeds}",
        row.proposer,
        row.sha256[:12],
        "" if guard is None else guard.words,
    )


def _insights(journal: Journal) -> Section:
    told = journal.events(INSIGHT_EVENT)
    note = "Made from the verdicts after each batch; not judged."
    return Section("Suggested by the results", (note, *(str(e.detail["text"]) for e in told)) if told else ())


def _noise(journal: Journal) -> Section:
    rows: list[tuple[str, ...]] = [("recipe", "seeds", "mean val_bpb", "sd")]
    for recipe in journal.recipes():
        noise = recipe_noise(journal, recipe.recipe_id)
        rows.append((recipe.recipe_id, str(len(noise.values)), _number(noise.mean), _number(noise.sd, 5)))
    return Section("Noise between seeds", (), tuple(rows) if len(rows) > 1 else ())


def _money(journal: Journal) -> Section:
    money = budget_summary(journal)
    rows = (
        ("what", "amount"),
        ("budget", format_money(money.budget_micro_usd)),
        ("jobs", format_money(money.jobs_micro_usd)),
        ("idle node time", format_money(money.idle_micro_usd)),
        ("language models", format_money(money.llm_micro_usd)),
        ("spent", format_money(money.spent_micro_usd)),
    )
    return Section("Money", (), rows)


def _deployments(journal: Journal) -> Section:
    rows = tuple((str(d.deployment_id), d.job_id, d.state, d.reason or "") for d in journal.deployments())
    return Section("Deployments", (), (("id", "job", "state", "why"), *rows) if rows else ())


def _failures(journal: Journal) -> Section:
    failed = journal.jobs(state="failed")
    if not failed:
        return Section("Failed jobs", ("None.",))
    rows = tuple((row.job_id, row.purpose, row.reason or "", (row.message or "")[:200]) for row in failed)
    return Section("Failed jobs", (), (("job", "what", "reason", "message"), *rows))


def _html_table(rows: tuple[tuple[str, ...], ...]) -> str:
    head, *body = rows
    lines = ["<tr>" + "".join(f"<th>{html.escape(cell)}</th>" for cell in head) + "</tr>"]
    lines += ["<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in body]
    return "<table>" + "\n".join(lines) + "</table>"


def _cell(text: str) -> str:
    """On one line, and without meaning to markdown or HTML: claims are strangers' words."""
    return " ".join(re.sub(r"([\\`<|]|(?<=\])\()", r"\\\1", text).split())


def _number(value: float | None, digits: int = 4) -> str:
    return "" if value is None else f"{value:.{digits}f}"
