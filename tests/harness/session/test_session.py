"""A whole session by the command line, on stand-in jobs and models, with the real journal and server."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from journal.science.evidence import recompute_all
from journal.store import Journal
from tests.support.harness_lab import BUDGET, CliLab
from trainer.job import RunPaths
from trainer.job.events import Started, event_adapter


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[CliLab, str]]:
    """A finished session of a lab with one hypothesis of a person, and what it printed."""
    lab = CliLab(tmp_path_factory.mktemp("session") / "lab")
    added = lab.run("hypothesis", "add", "a rate near the best one helps", "optim.matrix_lr=0.05")
    assert added.returncode == 0, added.stderr
    done = lab.run(*lab.start_arguments("--max-hypotheses", "4"))
    assert done.returncode == 0, done.stdout + done.stderr
    yield lab, done.stdout
    lab.clean_up()


def test_it_ends_with_a_deployed_champion_and_says_how_to_chat(finished: tuple[CliLab, str]) -> None:
    lab, printed = finished
    assert "harness chat" in printed and "is deployed" in printed
    with lab.journal() as journal:
        states = [(d.job_id, d.state) for d in journal.deployments()]
        early = journal.jobs(purpose="early_sft")[0].job_id
        tuned = journal.jobs(purpose="champion_sft")[0].job_id
    assert states == [(early, "retired"), (tuned, "live")]


def test_it_leaves_no_process_and_no_lock(finished: tuple[CliLab, str]) -> None:
    lab, _ = finished
    assert lab.processes() == []
    assert lab.holder() is None


def test_the_money_adds_up(finished: tuple[CliLab, str]) -> None:
    lab, _ = finished
    lab.check_money()


def test_hypotheses_are_registered_before_their_jobs_start(finished: tuple[CliLab, str]) -> None:
    lab, _ = finished
    with lab.journal() as journal:
        hypotheses, jobs = journal.hypotheses(), journal.jobs()
        assert len(hypotheses) == 4
        for hypothesis in hypotheses:
            assert journal.hash_of(hypothesis.hypothesis_id) == hypothesis.sha256()
            own = [row for row in jobs if row.hypothesis_id == hypothesis.hypothesis_id]
            for row in own:
                first = RunPaths(lab.folder / "runs" / row.job_id).events.read_text().splitlines()[0]
                started = event_adapter().validate_json(first)
                assert isinstance(started, Started) and started.time > hypothesis.registered_at


def test_verdicts_rest_on_two_seeds_a_side_and_recompute(finished: tuple[CliLab, str]) -> None:
    lab, _ = finished
    with lab.journal() as journal:
        pairs = recompute_all(journal)
    assert len({stored.hypothesis_id for stored, _ in pairs if stored.final}) >= 4
    for stored, again in pairs:
        assert stored == again
        assert len(stored.baseline_jobs) >= 2 and len(stored.treatment_jobs) >= 2


def test_a_persons_hypothesis_goes_first_and_a_winner_leads_the_champion(
    finished: tuple[CliLab, str],
) -> None:
    lab, _ = finished
    with lab.journal() as journal:
        first = journal.hypotheses()[0]
        verdict = journal.verdicts("h1")[-1]
        champion = json.loads(journal.jobs(purpose="champion")[0].spec)
        confirmed = [r for r in journal.jobs(purpose="baseline") if r.recipe_id == "r2"]
    assert (first.proposer, first.patch) == ("human", {"optim.matrix_lr": 0.05})
    assert verdict.verdict == "supported"
    assert len(confirmed) >= 2
    assert champion["optim"]["matrix_lr"] == 0.05


def test_jobs_do_not_overlap_beyond_the_slots(finished: tuple[CliLab, str]) -> None:
    lab, _ = finished
    with lab.journal() as journal:
        rows = journal.jobs()
    moments = [(row.launched_at or 0.0, row.gpus) for row in rows]
    moments += [(row.finished_at or 0.0, -row.gpus) for row in rows]
    used = 0
    for _, change in sorted(moments):
        used += change
        assert used <= 2


def test_the_report_holds_every_verdict_and_a_plot(finished: tuple[CliLab, str]) -> None:
    lab, _ = finished
    text = (lab.folder / "report" / "report.md").read_text()
    assert all(f"| h{n} |" in text for n in (1, 2, 3, 4))
    assert (lab.folder / "report" / "progress.png").read_bytes().startswith(b"\x89PNG")
    assert "<table>" in (lab.folder / "report" / "report.html").read_text()


def test_status_jobs_and_journal_tell_programs_the_same_story(finished: tuple[CliLab, str]) -> None:
    lab, _ = finished
    status = json.loads(lab.run("status", "--json").stdout)
    jobs = json.loads(lab.run("jobs", "--json").stdout)
    told = json.loads(lab.run("journal", "--json").stdout)
    shown = json.loads(lab.run("journal", "show", "h1", "--json").stdout)
    assert status["session"]["state"] == "finished" and status["holder"] is None
    assert status["jobs"]["total"] == len(jobs)
    assert status["hypotheses"]["total"] == len(told["hypotheses"]) == 4
    assert told["insights"] and told["insights"][-1]["text"] in " ".join(lab.run("journal").stdout.split())
    assert told["simulated"] is False
    assert shown["sha256"] == shown["sha256_recomputed"] and all(shown["recomputed_equal"])
    assert jobs[0]["spec"]["kind"] == "tokenizer" and jobs[0]["result"]["state"] == "succeeded"


def test_chat_starts_a_server_of_its_own_and_ends_it(finished: tuple[CliLab, str]) -> None:
    lab, _ = finished
    answer = lab.run("chat", "good morning")
    assert answer.returncode == 0, answer.stderr
    assert "good morning" in answer.stdout
    assert lab.processes() == []


def test_checkpoints_that_nothing_builds_on_are_deleted_and_the_row_says_so(
    finished: tuple[CliLab, str],
) -> None:
    lab, _ = finished
    with lab.journal() as journal:
        rows = journal.jobs()
        deleted = {event.detail["job_id"] for event in journal.events("checkpoint_deleted")}
    gone = {row.job_id for row in rows if row.purpose in ("hypothesis", "calibrate")}
    assert deleted == gone
    for row in rows:
        kept = (lab.folder / "runs" / row.job_id / "checkpoint").is_dir()
        assert kept == (row.kind in ("pretrain", "sft") and row.job_id not in gone), row.purpose


def test_the_ledger_is_readable(finished: tuple[CliLab, str]) -> None:
    lab, _ = finished
    entries = json.loads(lab.run("journal", "--ledger", "--json").stdout)["entries"]
    assert entries[0]["kind"] == "budget" and entries[0]["budget_micro_usd"] == 60_000
    assert {"reserve", "settle", "idle"} <= {entry["kind"] for entry in entries}


def test_a_finished_lab_with_more_money_goes_on_from_its_champion(finished: tuple[CliLab, str]) -> None:
    lab, _ = finished
    done = lab.run(*lab.start_arguments("--max-hypotheses", "1"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert not re.search(r"tokenizer: launched", done.stdout)
    with lab.journal() as journal:
        last = journal.jobs(purpose="champion")
        assert len(last) == 2 and last[0].recipe_id != "r1"
        # From the first session's champion on; where the new patch is supported as well, by way of it.
        assert last[0].recipe_id in lineage(journal, last[1].recipe_id)
        assert journal.hypotheses()[-1].baseline_recipe == last[0].recipe_id
        assert journal.live_deployment() is not None
        assert journal.live_deployment().job_id == journal.jobs(purpose="champion_sft")[1].job_id  # type: ignore[union-attr]
    lab.check_money()
    assert lab.processes() == []


def lineage(journal: Journal, recipe_id: str | None) -> list[str]:
    """A recipe and those that it was made from."""
    parents = {recipe.recipe_id: recipe.parent for recipe in journal.recipes()}
    found: list[str] = []
    while recipe_id is not None:
        found.append(recipe_id)
        recipe_id = parents[recipe_id]
    return found


def test_another_data_set_is_refused(finished: tuple[CliLab, str]) -> None:
    lab, _ = finished
    refused = lab.run(*lab.start_arguments("--data", str(lab.folder)))
    assert refused.returncode == 2 and len(refused.stderr.strip().splitlines()) == 1
    assert "--data" in refused.stderr


def test_the_budget_is_in_the_plan_that_is_printed(finished: tuple[CliLab, str]) -> None:
    _, printed = finished
    assert f"${BUDGET.removesuffix('usd')}" in printed


def test_folder_of_paths(tmp_path: Path) -> None:
    lab = CliLab(tmp_path / "none")
    missing = lab.run("status")
    assert missing.returncode == 2 and "harness start" in missing.stderr
