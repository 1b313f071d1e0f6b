"""Sessions of 10 to 60 minutes on one simulated GPU: inside the budget, with a champion that is served."""

import json
from pathlib import Path

import pytest

from harness.lab.session import load_session
from harness.plan.plan import Plan
from harness.plan.scale import GPU
from harness.plan.shapes import likely_batch_tokens
from harness.plan.sizes import sft_floor_tokens
from harness.plan.stored import load_plan
from journal.ledger.ledger import Ledger
from journal.records import JobRow
from journal.store import Journal
from tests.support.harness_lab import CliLab
from trainer.job import JobResult, PretrainJob, parse_job

NODE = ["--simulate", "1xh200", "--price", "3usd"]
QUIET = '{"mishaps": 0}'


def play(folder: Path, minutes: float, *more: str, **extra: str) -> int:
    budget = ["--budget", f"{3 * minutes / 60:g}usd"]
    done = CliLab(folder).run("start", *NODE, *budget, *more, **({"HARNESS_SIMULATION": QUIET} | extra))
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode


def rows_of(folder: Path) -> list[JobRow]:
    with Journal.read_only(folder / "journal.db") as journal:
        return journal.jobs()


def plan_of(folder: Path) -> Plan:
    """The session's last plan."""
    with Journal.read_only(folder / "journal.db") as journal:
        session = load_session(journal)
        plan = None if session is None else load_plan(journal, session)
    assert plan is not None
    return plan


def beside_training(row: JobRow) -> float:
    assert row.result is not None and row.finished_at is not None and row.started_at is not None
    return row.finished_at - row.started_at - JobResult.model_validate_json(row.result).train_seconds


def trained_share(folder: Path) -> float:
    """Of the seconds that were paid."""
    with Journal.read_only(folder / "journal.db") as journal:
        paid = Ledger(journal).totals().spent * 3600.0 / 3_000_000
    results = [JobResult.model_validate_json(row.result) for row in rows_of(folder) if row.result]
    return sum(r.train_seconds for r in results if r.kind in ("pretrain", "sft")) / paid


def check_end(folder: Path) -> None:
    """Inside the money, with a champion that was fine-tuned, evaluated and deployed."""
    with Journal.read_only(folder / "journal.db") as journal:
        totals, live, rows = Ledger(journal).totals(), journal.live_deployment(), journal.jobs()
        session = load_session(journal)
    assert session is not None and session.state == "finished"
    assert 0 < totals.spent <= totals.budget and totals.reserved == 0
    tuned = [row for row in rows if row.purpose == "champion_sft" and row.state == "succeeded"]
    assert live is not None and [live.job_id] == [row.job_id for row in tuned]
    assert [row.state for row in rows if row.purpose == "champion_eval"] == ["succeeded"]


@pytest.mark.parametrize("minutes", [10, 20, 40, 60])
def test_a_session_ends_inside_its_budget_with_a_champion(tmp_path: Path, minutes: float) -> None:
    assert play(tmp_path, minutes) == 0
    check_end(tmp_path)
    rows = rows_of(tmp_path)
    (tuned,) = [row for row in rows if row.purpose == "champion_sft"]
    result = JobResult.model_validate_json(tuned.result or "")
    tokens = tuned.metrics["tokens_per_second"] * result.train_seconds
    assert tokens >= sft_floor_tokens("gpu", GPU.depth), "less fine-tuning than a base needs to chat"
    assert [row for row in rows if row.purpose == "hypothesis"], "nothing was tested"


@pytest.mark.parametrize("seed", range(4))
def test_ten_minutes_end_so_whatever_goes_wrong(tmp_path: Path, seed: int) -> None:
    settings = json.dumps({"mishaps": 4, "seed": seed})
    play(tmp_path, 10, "--seed", str(seed), HARNESS_SIMULATION=settings)
    with Journal.read_only(tmp_path / "journal.db") as journal:
        totals = Ledger(journal).totals()
    assert 0 < totals.spent <= totals.budget and totals.reserved == 0


def test_the_plan_before_the_start_is_near_what_happens(tmp_path: Path) -> None:
    """Set-up and search jobs as they were measured on one H200: the guesses of a first lab."""
    play(tmp_path, 20)
    guesses = GPU.guess_overheads
    by_purpose: dict[str, list[float]] = {}
    for row in rows_of(tmp_path):
        if row.state == "succeeded":
            by_purpose.setdefault(row.purpose, []).append(beside_training(row))
    assert by_purpose["calibrate"][0] == pytest.approx(guesses.pretrain.cold_seconds, rel=0.15)
    assert all(s <= guesses.pretrain.warm_seconds + 2.0 for s in by_purpose["baseline"]), "compiled again"
    assert by_purpose["early_sft"][0] == pytest.approx(guesses.sft.cold_seconds, rel=0.2)
    assert by_purpose["champion_eval"][0] <= plan_of(tmp_path).eval_seconds
    assert by_purpose["tokenizer"][0] == pytest.approx(guesses.tokenizer.warm_seconds, rel=0.35)


def test_the_plan_follows_what_was_measured(tmp_path: Path) -> None:
    play(tmp_path, 20)
    plan = plan_of(tmp_path)
    known = GPU.guess_overheads.model_copy(update={"code": "simulated"})
    assert plan.overheads is not None and plan.prior == known
    assert {"pretrain.cold", "pretrain.warm", "sft.cold", "tokenizer.warm"} <= set(plan.overheads.measured)
    rows = [row for row in rows_of(tmp_path) if row.purpose == "baseline"]
    assert plan.rates.overhead_seconds == plan.overheads.pretrain.warm_seconds
    assert plan.rates.overhead_seconds == pytest.approx(max(map(beside_training, rows)), abs=4.0)


def test_search_jobs_have_the_batch_that_was_calibrated(tmp_path: Path) -> None:
    play(tmp_path, 10)
    jobs = {row.purpose: parse_job(row.spec) for row in rows_of(tmp_path) if row.kind == "pretrain"}
    calibrated, searched, champion = jobs["calibrate"], jobs["baseline"], jobs["champion"]
    assert isinstance(calibrated, PretrainJob) and isinstance(searched, PretrainJob)
    assert calibrated.total_batch_size == likely_batch_tokens(searched.train_tokens or 0)
    assert isinstance(champion, PretrainJob) and (champion.train_seconds or 0.0) > 10.0


def test_twenty_minutes_have_fourteen_search_runs_and_train_for_sixty_percent(tmp_path: Path) -> None:
    assert play(tmp_path, 20) == 0
    runs = [row for row in rows_of(tmp_path) if row.purpose in ("baseline", "hypothesis")]
    assert len(runs) >= 14 and all(row.state == "succeeded" for row in runs)
    assert trained_share(tmp_path) >= 0.6


def test_a_small_text_leaves_the_champions_time_to_the_search(tmp_path: Path) -> None:
    small = json.dumps({"mishaps": 0, "text_tokens": 10_800_000})
    assert play(tmp_path / "free", 20) == play(tmp_path / "small", 20, HARNESS_SIMULATION=small) == 0
    check_end(tmp_path / "small")
    rows = rows_of(tmp_path / "small")
    (champion,) = [row for row in rows if row.purpose == "champion"]
    trained = JobResult.model_validate_json(champion.result or "").train_seconds
    # By the speed of the search runs, in smaller batches.
    epochs = trained * champion.metrics["tokens_per_second"] / 10_800_000
    assert 0.9 <= epochs / (GPU.text_most_epochs or 0.0) <= 1.4
    runs, before = (
        [row for row in rows_of(tmp_path / name) if row.purpose == "hypothesis"] for name in ("small", "free")
    )
    assert len(runs) >= len(before) + 6


def test_a_second_lab_on_a_node_plans_by_what_is_compiled(tmp_path: Path) -> None:
    warm = {
        "HARNESS_SIMULATION": '{"mishaps": 0, "keeps_caches": true}',
        "HARNESS_CACHE": str(tmp_path / "c"),
    }
    for name in ("first", "second"):
        assert play(tmp_path / name, 20, **warm) == 0
    first, second = plan_of(tmp_path / "first"), plan_of(tmp_path / "second")
    assert second.setup_seconds < first.setup_seconds - 20.0
    assert second.champion_overhead_seconds == second.costs.pretrain.warm_seconds
    assert trained_share(tmp_path / "second") >= max(0.7, trained_share(tmp_path / "first"))


def test_the_early_model_gives_way_to_the_only_idea(tmp_path: Path) -> None:
    assert play(tmp_path, 6.3) == 0
    rows = rows_of(tmp_path)
    assert len([row for row in rows if row.purpose == "hypothesis"]) >= 1
    assert len([row for row in rows if row.purpose == "baseline"]) >= 2


def test_more_money_and_hours_work_in_a_short_session(tmp_path: Path) -> None:
    lab = CliLab(tmp_path)
    assert play(tmp_path, 10, HARNESS_CRASH_AT="after_settle:4") == -9
    raised = lab.run("budget", "--add", "0.5usd")
    assert raised.returncode == 0, raised.stderr
    assert play(tmp_path, 10) == 0
    check_end(tmp_path)
    with Journal.read_only(tmp_path / "journal.db") as journal:
        assert Ledger(journal).totals().budget == 1_000_000
        assert Ledger(journal).totals().spent > 500_000
    assert len([row for row in rows_of(tmp_path) if row.purpose == "hypothesis"]) >= 4


def test_hours_bound_a_short_session(tmp_path: Path) -> None:
    assert play(tmp_path, 60, "--hours", "0.17") == 0
    check_end(tmp_path)
    with Journal.read_only(tmp_path / "journal.db") as journal:
        assert Ledger(journal).totals().spent <= 0.17 * 3_000_000


def test_too_little_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    done = CliLab(tmp_path / "lab").run("start", *NODE, "--budget", "0.25usd")
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    assert "allowed: at least" in done.stderr and "fine-tuned for" in done.stderr
    assert not (tmp_path / "lab").exists()
