"""An overrun, should the world produce one, is on record in full, and nothing is launched after it."""

from pathlib import Path

from journal.ledger.ledger import Ledger
from journal.store import Journal
from tests.support.harness_lab import CliLab, eventually

OVERRUN_MICRO_USD = 500_000


def test_after_an_overrun_jobs_end_and_nothing_is_launched(tmp_path: Path) -> None:
    lab = CliLab(tmp_path / "lab", trainer={"slow": {"kind": "pretrain"}, "slow_seconds": 2.0})
    running = lab.popen(*lab.start_arguments())
    try:
        eventually(lambda: list(lab.folder.glob("runs/*/events.jsonl")), "a job")
        with Journal.open(lab.folder / "journal.db") as journal:
            Ledger(journal).idle(OVERRUN_MICRO_USD, "the provider's bill was higher")
            last = journal.jobs()[-1]
        printed, _ = running.communicate(timeout=60)
        assert running.returncode == 1, printed
        assert "the budget is overrun by $" in printed and "nothing is launched any more" in printed
        with lab.journal() as journal:
            rows, totals = journal.jobs(), Ledger(journal).totals()
            [event] = journal.events("overrun")
        assert totals.spent > OVERRUN_MICRO_USD and totals.free < 0 and totals.reserved == 0
        assert event.detail["free_micro_usd"] < -400_000  # type: ignore[operator]
        # At most the one that was being launched at that moment follows.
        assert len(rows) <= [row.job_id for row in rows].index(last.job_id) + 2
        assert all(row.cost_micro_usd is not None for row in rows)
        assert lab.processes() == []
    finally:
        lab.clean_up()
