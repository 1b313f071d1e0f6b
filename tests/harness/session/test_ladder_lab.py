"""A lab with money for a second rung: findings are tested there, and the champion is made of what held."""

from pathlib import Path

import pytest

from journal.ledger.ledger import Ledger
from journal.records import Hypothesis, Recipe
from journal.science.evidence import recompute_all, rung_key
from journal.science.transfer import labels, transfer_minimum_effect
from journal.store import Journal
from journal.views import recorded_champion
from tests.support.harness_lab import CliLab

NODE = ["--simulate", "8xh100", "--budget", "240usd", "--price", "24usd", "--proposer", "random"]
KIND = ["--max-hypotheses", "24", "--no-plateau"]
# World 1: one of its findings survives; world 0: all reverse.
WORLD = '{"effects": 6, "seed": %d, "mishaps": 0}'


@pytest.fixture(scope="module", params=[0, 1])
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ladder") / "lab"
    done = CliLab(folder).run("start", *NODE, *KIND, HARNESS_SIMULATION=WORLD % request.param)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def on_the_rung(journal: Journal) -> tuple[list[Hypothesis], Recipe]:
    rung = next(r for r in journal.recipes() if r.origin == "rung")
    return [h for h in journal.hypotheses() if h.baseline_recipe == rung.recipe_id], rung


def test_every_finding_is_tested_above_as_it_was_found(played: Path) -> None:
    with Journal.read_only(played / "journal.db") as journal:
        tests, rung = on_the_rung(journal)
        latest = journal.latest_verdicts()
        found = [
            h
            for h in journal.hypotheses()
            if h.baseline_recipe != rung.recipe_id and latest[h.hypothesis_id].verdict == "supported"
        ]
        jobs = {test.hypothesis_id: journal.jobs(hypothesis_id=test.hypothesis_id) for test in tests}
        pairs = recompute_all(journal)
    assert found and all(any(test.patch == h.patch for test in tests) for h in found)
    assert rung.document["model"]["depth"] == 12  # type: ignore[index]
    asked = {transfer_minimum_effect(h.minimum_effect) for h in found}
    assert {test.minimum_effect for test in tests} <= asked
    for rows in jobs.values():
        assert len({rung_key(row.spec) for row in rows}) == 1 and len(rows) >= 2
    assert all(stored == again for stored, again in pairs)


def test_labels_agree_with_the_verdicts_above_and_are_shown(played: Path) -> None:
    with Journal.read_only(played / "journal.db") as journal:
        tests, _ = on_the_rung(journal)
        latest = journal.latest_verdicts()
        said = labels(journal.recipes(), journal.hypotheses(), latest)
        by_patch = {str(test.patch): latest[test.hypothesis_id].verdict for test in tests}
        patches = {h.hypothesis_id: str(h.patch) for h in journal.hypotheses()}
    meant = {
        "supported": {"scale-stable"},
        "refuted": {"scale-bound"},
        "inconclusive": {"scale-bound", "unknown"},
    }
    assert said and all(label in meant[by_patch[patches[name]]] for name, label in said.items())
    shown = CliLab(played).run("journal", COLUMNS="160").stdout  # a narrow table breaks words
    assert all(label in shown for label in said.values())


def test_the_champion_holds_nothing_that_was_refuted_above(played: Path) -> None:
    with Journal.read_only(played / "journal.db") as journal:
        latest, champion = journal.latest_verdicts(), recorded_champion(journal)
        said = labels(journal.recipes(), journal.hypotheses(), latest)
        recipes = {recipe.recipe_id: recipe for recipe in journal.recipes()}
        by_name = {h.hypothesis_id: h for h in journal.hypotheses()}
        trained = next(row for row in journal.jobs() if row.purpose == "champion")
        totals = Ledger(journal).totals()
    assert champion is not None and trained.recipe_id == champion.recipe_id
    built_in = champion.document["optim"]
    assert isinstance(built_in, dict)
    bound = [name for name, label in said.items() if label == "scale-bound"]
    kept_paths = {
        path for name, label in said.items() if label != "scale-bound" for path in by_name[name].patch
    }
    for name in bound:
        for path, value in by_name[name].patch.items():
            if path.startswith("optim.") and path not in kept_paths:
                assert built_in[path.removeprefix("optim.")] != value, name
    assert champion.document["train_tokens"] == recipes["r1"].document["train_tokens"]
    assert totals.spent <= totals.budget and totals.reserved == 0


def test_a_conductor_killed_on_the_ladder_asks_nothing_twice(tmp_path: Path) -> None:
    lab, world = CliLab(tmp_path / "lab"), WORLD % 0
    # 24 hypotheses of the search: the next registration is the ladder's first.
    killed = lab.run("start", *NODE, *KIND, HARNESS_SIMULATION=world, HARNESS_CRASH_AT="after_register:25")
    assert killed.returncode == -9
    with Journal.read_only(tmp_path / "lab" / "journal.db") as journal:
        assert len(on_the_rung(journal)[0]) == 1
    assert lab.run("start", *NODE, *KIND, HARNESS_SIMULATION=world).returncode == 0
    with Journal.read_only(tmp_path / "lab" / "journal.db") as journal:
        tests, rung = on_the_rung(journal)
        patches = [str(test.patch) for test in tests]
        said = labels(journal.recipes(), journal.hypotheses(), journal.latest_verdicts())
        rungs = [r for r in journal.recipes() if r.origin == "rung"]
    assert len(set(patches)) == len(patches) >= len(said) >= 2 and rungs == [rung]
