"""`harness budget`: the figures add up; a raise of a running or stopped lab is one command and an entry."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.money.meter import load_meter
from journal.ledger.ledger import Ledger
from journal.prices import format_money
from tests.support.harness_lab import CliLab, eventually


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[CliLab, str]]:
    """Two sessions: one finished, then one that was raised while it ran and finished too."""
    lab = CliLab(tmp_path_factory.mktemp("money") / "lab")
    first = lab.run(*lab.start_arguments("--max-hypotheses", "0"))
    assert first.returncode == 0, first.stdout + first.stderr
    lab.trainer.update({"slow": {"kind": "pretrain"}, "slow_seconds": 1.0})
    command = f'sh -c \'printf "%s" "$HARNESS_OUTCOME" > {lab.folder.parent}/outcome; exit 3\''
    running = lab.popen(*lab.start_arguments("--max-hypotheses", "1", "--on-finish", command))
    try:
        eventually(lambda: _is_planned(lab, 2), "the second session's plan")
        raised = lab.run("budget", "--add", "0.02usd", "--json")
        assert raised.returncode == 0, raised.stderr
        printed, _ = running.communicate(timeout=90)
        assert running.returncode == 0, printed
        yield lab, printed
    finally:
        lab.clean_up()


def _is_planned(lab: CliLab, session: int) -> bool:
    with lab.journal() as journal:
        return journal.meta(f"plan:{session}") is not None


def document(lab: CliLab, *arguments: str) -> dict[str, Any]:
    done = lab.run("budget", "--json", *arguments)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_figures_add_up(finished: tuple[CliLab, str]) -> None:
    found = document(finished[0])
    spent = found["spent_micro_usd"]
    assert spent == found["jobs_micro_usd"] + found["idle_micro_usd"] + found["llm_micro_usd"]
    assert spent == sum(line["spent"] for line in found["by_purpose"])
    assert spent == sum(line["spent"] for line in found["by_session"])
    assert [line["budget"] for line in found["by_session"]] == [60_000, 80_000]
    assert found["reserved_micro_usd"] == 0 and not found["is_running"]
    assert found["projected"]["spent"] == spent


def test_the_raise_is_in_ledger_session_events_and_plan(finished: tuple[CliLab, str]) -> None:
    lab, printed = finished
    found = document(lab)
    with lab.journal() as journal:
        [event] = journal.events("budget_raised")
        notes = [entry.note for entry in Ledger(journal).entries() if entry.kind == "budget"]
        session = found["session"]
        rows = journal.jobs()[session["jobs_before"] :]
        searched = [row for row in rows if row.purpose in ("baseline", "hypothesis")]
        horizons = {json.loads(row.spec)["train_tokens"] for row in searched}
    assert (event.detail["session"], event.detail["added_micro_usd"]) == (2, 20_000)
    assert notes == ["session 1", "session 2", "session 2, more"]
    assert found["session"]["budget_micro_usd"] == 80_000
    # $0.02 buys 360 s; what the first session left is carried over.
    assert found["session"]["total_seconds"] > 1080 + 360
    assert sum(phase["seconds"] for phase in found["planned"]) > 1080 + 360
    assert "the budget is now $0.0800" in printed
    assert len(horizons) == 1, "a raise must not change the horizon: the numbers would not compare"


def test_every_second_up_to_the_exit_is_charged_and_in_the_report(finished: tuple[CliLab, str]) -> None:
    lab, _ = finished
    with lab.journal() as journal:
        due, totals = load_meter(journal).due_micro_usd, Ledger(journal).totals()
    assert totals.reserved == 0
    # Shares of jobs are rounded up one by one.
    assert due <= totals.spent <= due + 20
    text = (lab.folder / "report" / "report.md").read_text()
    with lab.journal() as journal:
        idle = Ledger(journal).spent_on("idle")
    assert f"| spent | {format_money(totals.spent)} |" in text
    assert f"| idle node time | {format_money(idle)} |" in text


def test_reservations_never_exceed_the_budget_line_by_line(finished: tuple[CliLab, str]) -> None:
    finished[0].check_money()


def test_the_command_after_the_finish_runs_without_a_shell_and_is_recorded(
    finished: tuple[CliLab, str],
) -> None:
    lab, printed = finished
    with lab.journal() as journal:
        [event] = journal.events("on_finish")
    assert event.detail["exit_code"] == 3 and "exit code 3" in printed
    assert "is deployed" in (lab.folder.parent / "outcome").read_text()


def test_people_get_tables_and_the_end(finished: tuple[CliLab, str]) -> None:
    done = finished[0].run("budget")
    assert done.returncode == 0
    for word in ("planned", "spent on", "reserved", "idle", "champion", "contingency", "is finished"):
        assert word in done.stdout
    shown = finished[0].run("budget", "--help").stdout
    assert "harness budget --add 20usd" in shown and "harness budget --hours 12" in shown


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--add", "0.01usd"), "no session is under way"),
        (("--hours", "3"), "no session is under way"),
        (("--add", "much"), "not an amount of money"),
        (("--add", "-1usd"), "not an amount of money"),
    ],
)
def test_a_raise_that_cannot_be_is_one_line_and_no_entry(
    finished: tuple[CliLab, str], arguments: tuple[str, ...], why: str
) -> None:
    lab, _ = finished
    before = document(lab)
    refused = lab.run("budget", *arguments)
    assert refused.returncode == 2 and len(refused.stderr.strip().splitlines()) == 1
    assert why in refused.stderr
    assert document(lab) == before


@pytest.mark.parametrize("command", ["no-such-command-here", "'unfinished", ""])
def test_a_command_that_is_none_is_refused_before_anything_starts(tmp_path: Path, command: str) -> None:
    lab = CliLab(tmp_path / "lab")
    refused = lab.run(*lab.start_arguments("--on-finish", command))
    assert refused.returncode == 2 and len(refused.stderr.strip().splitlines()) == 1
    assert "--on-finish" in refused.stderr and not lab.folder.exists()


def test_a_stopped_lab_is_raised_and_goes_on_with_it(tmp_path: Path) -> None:
    lab = CliLab(tmp_path / "lab", trainer={"slow": {"kind": "pretrain"}, "slow_seconds": 30.0})
    ran = tmp_path / "ran"
    arguments = lab.start_arguments("--max-hypotheses", "0", "--on-finish", f"touch {ran}")
    running = lab.popen(*arguments)
    try:
        eventually(lambda: lab.folder.exists() and list(lab.folder.glob("runs/*/supervisor.json")), "a job")
        assert lab.run("stop").returncode == 0
        running.communicate(timeout=60)
        assert not ran.exists(), "an interrupted session is not finished"
        before = document(lab)
        assert "if it goes on now" in lab.run("budget").stdout
        for hours in ("0.0001", "-1", "nan"):
            refused = lab.run("budget", "--hours", hours)
            assert refused.returncode == 2 and "allowed: more than" in refused.stderr
        assert document(lab)["session"] == before["session"]
        after = document(lab, "--add", "0.03usd", "--hours", "0.4")
        assert after["session"]["hours"] == 0.4
        assert after["session"]["total_seconds"] == 0.4 * 3600
        assert after["free_micro_usd"] == before["free_micro_usd"] + 30_000
        lab.trainer["slow_seconds"] = 0.05
        done = lab.run(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        assert re.search(r"going on with session 1 .*free", done.stdout)
        assert document(lab)["budget_micro_usd"] == 90_000 and ran.exists()
        lab.check_money()
    finally:
        lab.clean_up()
