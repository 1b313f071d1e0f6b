"""The report of a session: markdown, HTML and a progress plot, from the journal alone."""

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from harness.lab.session import Session
from harness.reports.progress_plot import plot_progress
from harness.reports.sections import Section, report_sections
from journal.lab_paths import LabPaths
from journal.store import Journal
from trainer.system.files import write_whole

_TEMPLATES = Path(__file__).with_name("templates")


def write_report(lab: LabPaths, journal: Journal, session: Session | None, outcome: str | None) -> Path:
    """Write `report.md`, `report.html` and `progress.png` into `lab/report/`; returns the first."""
    lab.report.mkdir(exist_ok=True)
    sections = report_sections(journal, session, outcome)
    has_plot = plot_progress(journal, lab.report / "progress.png")
    for name in ("report.md", "report.html"):
        write_whole(lab.report / name, render(name, sections, has_plot).encode())
    return lab.report / "report.md"


def render(template: str, sections: list[Section], has_plot: bool) -> str:
    """The sections by `report.md` or `report.html`; values are escaped in HTML."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["cell"] = markdown_cell
    return environment.get_template(template).render(sections=sections, has_plot=has_plot)


def markdown_cell(text: str) -> str:
    """On one line, and without meaning to markdown or HTML: claims are strangers' words."""
    return " ".join(re.sub(r"([\\`<|]|(?<=\])\()", r"\\\1", text).split())
