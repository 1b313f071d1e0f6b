"""A lab whose conductor was killed under an earlier version opens, keeps its verdicts, and ends the same.

old_lab/ was written by commit ab9f900: `harness start --simulate 8xh100 --budget 96usd --max-hypotheses 16
--no-plateau` in WORLD, killed after its second recipe. expected.json is what that commit made of it.
"""

import json
import sqlite3
from pathlib import Path

import pytest

from journal.ledger.ledger import Ledger
from journal.science.evidence import recompute_all
from journal.store.journal import Journal
from tests.support.harness_lab import CliLab

OLD = Path(__file__).with_name("old_lab")
EXPECTED = json.loads((OLD / "expected.json").read_text(encoding="utf-8"))
WORLD = '{"effects": 12, "seed": 1, "mishaps": 0}'
NODE = ["--simulate", "8xh100", "--budget", "96usd", "--max-hypotheses", "16", "--no-plateau"]


def unpack(folder: Path) -> CliLab:
    """The old lab's folder, its journal made of its SQL."""
    folder.mkdir()
    with sqlite3.connect(folder / "journal.db") as database:
        database.executescript((OLD / "journal.sql").read_text(encoding="utf-8"))
    database.close()
    for name, text in json.loads((OLD / "runs.json").read_text(encoding="utf-8")).items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return CliLab(folder)


@pytest.fixture(scope="module")
def continued(tmp_path_factory: pytest.TempPathFactory) -> CliLab:
    lab = unpack(tmp_path_factory.mktemp("old") / "lab")
    done = lab.run("start", *NODE, HARNESS_SIMULATION=WORLD)
    assert done.returncode == 0, done.stdout + done.stderr
    return lab


def test_it_opens_and_every_verdict_follows_again(tmp_path: Path) -> None:
    lab = unpack(tmp_path / "lab")
    for command in (["status"], ["jobs"], ["journal"], ["journal", "show", "h12"], ["budget"], ["report"]):
        seen = lab.run(*command)
        assert seen.returncode == 0 and seen.stdout, (command, seen.stderr)
    with Journal.open(lab.folder / "journal.db") as journal:
        pairs = recompute_all(journal)
    assert len(pairs) == 17 and all(stored == again for stored, again in pairs)


def test_it_goes_on_to_the_end_that_the_earlier_version_came_to(continued: CliLab) -> None:
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
    assert jobs == EXPECTED["jobs"]
    assert [[totals.budget, totals.spent, totals.reserved]] == EXPECTED["ledger"]


def test_its_recipes_are_what_they_were(continued: CliLab) -> None:
    with continued.journal() as journal:
        recipes = [[r.recipe_id, r.parent, r.reason] for r in journal.recipes()]
    assert recipes == EXPECTED["recipes"]
