"""Whole simulated labs: pairs are registered once earlier arms show that they pay, and never by luck."""

import json
from pathlib import Path

import pytest

from journal.audit.science import hypotheses_registered_first, verdicts_recompute
from journal.records import JobRow
from journal.science.judge import SEEDS_TO_SUPPORT
from journal.store import Journal
from tests.support.harness_lab import CliLab

NODE = ["--simulate", "8xh100", "--budget", "240usd", "--proposer", "random"]
KIND = ["--max-hypotheses", "32", "--no-plateau"]


def played(folder: Path, shared_noise: float) -> Journal:
    world = json.dumps({"shared_noise": shared_noise, "mishaps": 0})
    done = CliLab(folder).run("start", *NODE, *KIND, HARNESS_SIMULATION=world)
    assert done.returncode == 0, done.stdout + done.stderr
    return Journal.read_only(folder / "journal.db")


@pytest.fixture(scope="module")
def alike(tmp_path_factory: pytest.TempPathFactory) -> Journal:
    """A lab whose arms have nine tenths of their noise in common."""
    return played(tmp_path_factory.mktemp("alike") / "lab", 0.9)


def test_pairing_is_registered_after_the_first_pairs_and_in_words(alike: Journal) -> None:
    claims = alike.hypotheses()
    paired = [claim for claim in claims if claim.pairing]
    assert not any(claim.pairing for claim in claims[:3]) and len(paired) >= 5
    assert all(("judged by pairs" in claim.stopping_rule) == claim.pairing for claim in claims)
    assert hypotheses_registered_first(alike).state == "ok"


def test_its_verdicts_rest_on_pairs_and_recompute(alike: Journal) -> None:
    paired = {claim.hypothesis_id for claim in alike.hypotheses() if claim.pairing}
    for verdict in alike.verdicts():
        assert (verdict.pairs is not None) == (verdict.hypothesis_id in paired)
        if verdict.pairs is not None:
            assert verdict.pairs == len(verdict.treatment_jobs)  # nothing was lost
            assert verdict.verdict != "supported" or verdict.pairs >= SEEDS_TO_SUPPORT
    assert verdicts_recompute(alike).state == "ok"


def test_treatments_have_the_seeds_of_their_baseline_and_not_all_the_same(alike: Journal) -> None:
    by_recipe: dict[str | None, set[int]] = {}
    for row in alike.jobs(kind="pretrain"):
        if row.purpose == "baseline":
            by_recipe.setdefault(row.recipe_id, set()).add(row.seed)
    treated = [row for row in alike.jobs(kind="pretrain") if row.arm == "treatment"]
    assert treated and all(row.seed in by_recipe[row.recipe_id] for row in treated)
    first: dict[str | None, JobRow] = {}
    for row in treated:
        first.setdefault(row.hypothesis_id, row)
    assert len({row.seed for row in first.values()}) >= 4
    assert all(
        not seeds & others for a, seeds in by_recipe.items() for b, others in by_recipe.items() if a != b
    )


def test_where_arms_share_nothing_nothing_is_paired(tmp_path: Path) -> None:
    journal = played(tmp_path / "lab", 0.0)
    assert [claim.pairing for claim in journal.hypotheses()] == [False] * len(journal.hypotheses())
    assert {verdict.judge_version for verdict in journal.verdicts()} == {"3"}
