"""A lab on a simulated node: the real loop to its end, marked, repeatable, and going on after a kill."""

import json
import subprocess
from pathlib import Path

import pytest

from journal.ledger.ledger import Ledger
from journal.science.evidence import recompute_all
from journal.store import Journal
from tests.support.harness_lab import CliLab
from trainer.job import canonical_bytes, parse_job

NODE = ["--simulate", "4xh100", "--budget", "20usd", "--proposer", "random", "--max-hypotheses", "6"]


def play(folder: Path, *more: str, **extra: str) -> "subprocess.CompletedProcess[str]":
    return CliLab(folder).run("start", *NODE, *more, **extra)


def decisions(folder: Path) -> list[object]:
    """What the lab asked, ran and concluded, without the files' places."""
    with Journal.read_only(folder / "journal.db") as journal:
        verdicts = [verdict.model_dump() for verdict in journal.verdicts()]
        jobs = [(row.job_id, row.purpose, row.state, row.reason, row.metrics) for row in journal.jobs()]
    return [verdicts, jobs]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("simulated") / "lab"
    done = play(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_the_whole_loop_is_played_and_marked(played: Path) -> None:
    with Journal.read_only(played / "journal.db") as journal:
        rows, totals = journal.jobs(), Ledger(journal).totals()
        purposes = {row.purpose for row in rows}
        pairs = recompute_all(journal)
        live = journal.live_deployment()
    assert {"tokenizer", "baseline", "hypothesis", "early_sft", "champion", "champion_sft"} <= purposes
    assert all(row.simulated for row in rows)
    assert 0 < totals.spent <= totals.budget and totals.reserved == 0
    assert len(pairs) >= 6 and all(stored == again for stored, again in pairs)
    assert live is not None and not list(played.rglob("*.safetensors"))
    assert "simulated" in (played / "report" / "report.md").read_text()
    for command in (["status"], ["jobs"], ["journal"]):
        assert "simulated" in CliLab(played).run(*command).stdout, command


def test_the_same_seed_plays_the_same_lab(played: Path, tmp_path: Path) -> None:
    play(tmp_path / "lab")
    assert decisions(tmp_path / "lab") == decisions(played)
    play(tmp_path / "other", HARNESS_SIMULATION='{"seed": 1}')
    assert decisions(tmp_path / "other") != decisions(played)


@pytest.mark.parametrize("point", ["after_launch:9", "after_settle:7", "after_register:3", "before_finish"])
def test_a_killed_conductor_goes_on_to_the_same_verdicts(played: Path, tmp_path: Path, point: str) -> None:
    folder = tmp_path / "lab"
    killed = play(folder, HARNESS_CRASH_AT=point)
    assert killed.returncode == -9
    done = play(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    verdicts, jobs = decisions(folder)
    expected_verdicts, expected_jobs = decisions(played)
    unstamped = [[{**v, "judged_at": 0.0} for v in found] for found in (verdicts, expected_verdicts)]  # type: ignore
    assert unstamped[0] == unstamped[1]
    assert (
        [job[:4] for job in jobs if job[1] == "hypothesis"]
        == [  # type: ignore[attr-defined]
            job[:4]
            for job in expected_jobs
            if job[1] == "hypothesis"  # type: ignore[attr-defined]
        ]
    )


def test_faults_strike_and_the_lab_still_ends_with_its_money_in_order(tmp_path: Path) -> None:
    kinds = ("supervisor", "rank", "agent", "clock_jump")
    jumps = [5000.0, -5000.0]
    faults = [
        {"after_seconds": 300.0 + 450.0 * n, "kind": kinds[n % 4], "seconds": jumps[n // 4 % 2]}
        for n in range(10)
    ]
    done = play(tmp_path / "lab", HARNESS_SIMULATION=json.dumps({"faults": faults}))
    assert done.returncode == 0, done.stdout + done.stderr
    with Journal.read_only(tmp_path / "lab" / "journal.db") as journal:
        rows, totals = journal.jobs(), Ledger(journal).totals()
        settled = [entry.job_id for entry in Ledger(journal).entries() if entry.kind == "settle"]
    assert {"lost", "killed"} <= {row.reason for row in rows}
    assert totals.spent <= totals.budget and totals.reserved == 0
    assert sorted(settled) == sorted(row.job_id for row in rows)
    assert all(canonical_bytes(parse_job(row.spec)).decode() == row.spec for row in rows)


def test_a_lab_under_way_keeps_its_node(tmp_path: Path) -> None:
    assert play(tmp_path / "lab", HARNESS_CRASH_AT="after_launch:2").returncode == -9
    other = CliLab(tmp_path / "lab").run("start", "--simulate", "8xh100", "--budget", "20usd")
    assert other.returncode == 2 and "--simulate" in other.stderr and other.stderr.count("\n") == 1
