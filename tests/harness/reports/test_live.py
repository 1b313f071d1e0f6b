"""The live view of a running lab: since when each job runs, by the lab's clock."""

from io import StringIO
from pathlib import Path

from rich.console import Console

from harness.lab.clock import FixedClock
from harness.lab.session import Session
from harness.reports.live import Output
from tests.support.journal_support import job_row, new_journal

QUEUED_AT = 1_000.0
SESSION = Session(
    number=1, state="running", started_at=QUEUED_AT, budget_micro_usd=60_000, price_micro_usd_per_hour=1,
    bill="wall", hours=None, total_seconds=1_080.0, data="starter", proposer="search", slots=1, seed=0,
    max_hypotheses=None, machine="2 CPU cores", machine_kind="cpu", node_seconds_before=0.0,
)  # fmt: skip


def seen(
    folder: Path, now: float, *, launched_at: float | None = None, started_at: float | None = None
) -> str:
    """What a terminal shows at `now` of a lab with one job."""
    console = Console(file=StringIO(), force_terminal=True, width=120)
    row = job_row(0, created_at=QUEUED_AT)
    with new_journal(folder) as journal, Output(console, FixedClock(now)) as output:
        journal.add_job(row)
        if launched_at is not None:
            journal.mark_launched(row.job_id, launched_at)
        if started_at is not None:
            journal.mark_running(row.job_id, started_at)
        output.refresh(journal, SESSION)
        assert isinstance(console.file, StringIO)
        return console.file.getvalue()


def test_a_job_is_shown_for_as_long_as_it_runs_by_the_labs_clock(tmp_path: Path) -> None:
    assert " 7 s" in seen(tmp_path, 1_110.0, launched_at=1_100.0, started_at=1_103.0)


def test_a_job_without_a_start_is_shown_since_its_launch(tmp_path: Path) -> None:
    assert " 10 s" in seen(tmp_path, 1_110.0, launched_at=1_100.0)


def test_a_job_that_waits_for_a_slot_is_not_under_way(tmp_path: Path) -> None:
    assert job_row(0).job_id not in seen(tmp_path, 1_110.0)
