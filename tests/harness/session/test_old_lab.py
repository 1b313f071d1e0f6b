"""A lab whose conductor was killed under an earlier version opens, keeps its verdicts, and ends the same."""

from pathlib import Path

import pytest

from harness.decisions.actions import END_PURPOSES
from journal.ledger.ledger import Ledger
from journal.science.evidence import recompute_all
from journal.store import Journal
from tests.support.harness_lab import CliLab
from tests.support.old_lab.unpack import EXPECTED, NODE, WORLD, unpack

JOBS_BEFORE_THE_KILL = 37


def old_lab(folder: Path) -> CliLab:
    unpack(folder)
    return CliLab(folder)


@pytest.fixture(scope="module")
def continued(tmp_path_factory: pytest.TempPathFactory) -> CliLab:
    lab = old_lab(tmp_path_factory.mktemp("old") / "lab")
    done = lab.run("start", *NODE, HARNESS_SIMULATION=WORLD)
    assert done.returncode == 0, done.stdout + done.stderr
    return lab


def test_it_opens_and_every_verdict_follows_again(tmp_path: Path) -> None:
    lab = old_lab(tmp_path / "lab")
    for command in (["status"], ["jobs"], ["journal"], ["journal", "show", "h12"], ["budget"], ["report"]):
        seen = lab.run(*command)
        assert seen.returncode == 0 and seen.stdout, (command, seen.stderr)
    with Journal.open(lab.folder / "journal.db") as journal:
        pairs = recompute_all(journal)
    assert len(pairs) == 17 and all(stored == again for stored, again in pairs)


def test_it_goes_on_to_the_end_that_the_earlier_version_came_to(continued: CliLab) -> None:
    """The same verdicts from the same jobs; how long jobs take, and how the end trains, is today's."""
    with continued.journal() as journal:
        verdicts = [
            [v.hypothesis_id, v.look, v.verdict, int(v.final), v.effect, v.lower, v.upper, v.p_value]
            for v in journal.verdicts()
        ]
        jobs = [
            [j.job_id, j.purpose, j.state, j.recipe_id, j.arm, j.seed, j.gpus, j.cost_micro_usd]
            for j in journal.jobs()
        ]
        totals = Ledger(journal).totals()
    assert verdicts == EXPECTED["verdicts"]
    expected = EXPECTED["jobs"]
    assert jobs[:JOBS_BEFORE_THE_KILL] == expected[:JOBS_BEFORE_THE_KILL]
    assert [job[1:-1] for job in jobs] == [job[1:-1] for job in expected]
    searched = [job[0] for job in expected if job[1] not in END_PURPOSES]
    assert [job[0] for job in jobs if job[1] not in END_PURPOSES] == searched
    assert totals.budget == EXPECTED["ledger"][0][0] >= totals.spent > 0 == totals.reserved


def test_its_recipes_are_what_they_were(continued: CliLab) -> None:
    with continued.journal() as journal:
        recipes = [[r.recipe_id, r.parent, r.words] for r in journal.recipes()]
    assert recipes == EXPECTED["recipes"]
