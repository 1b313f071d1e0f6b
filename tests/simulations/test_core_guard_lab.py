"""Whole labs: what gains val_bpb and costs CORE, or meets its limits, is supported and not promoted."""

from dataclasses import replace
from pathlib import Path

import pytest

from harness.decisions.actions import AddRecipe
from harness.decisions.champion import champion_recipe
from harness.decisions.ladder import ladder_actions
from harness.decisions.view import LabView
from harness.lab.session import load_session
from harness.plan.scale import GPU
from harness.plan.stored import load_plan
from journal.records import JobRow
from journal.science.core_guard import finding_guards
from journal.store import Journal
from journal.views import CHAMPION_RECIPE
from tests.simulations.core_guard import report
from tests.simulations.virtual_lab import Simulation, World
from tests.support.harness_lab import CliLab
from trainer.job import JobResult

NODE = ["--simulate", "4xh100", "--budget", "40usd", "--proposer", "random"]
LADDER_NODE = ["--simulate", "8xh100", "--budget", "240usd", "--price", "24usd", "--proposer", "random"]
KIND = ["--max-hypotheses", "3", "--no-plateau"]
WORLD = '{"effects": 6, "mishaps": 0, "core_cost": %d}'
# In this world the gain of a higher rate survives on the rung above.
LADDER_WORLD = '{"effects": 6, "mishaps": 0, "seed": 7}'


def play(folder: Path, world: str, arguments: list[str]) -> None:
    """A lab that tests a rate which is known to be better, and two ideas of its own."""
    lab = CliLab(folder)
    assert lab.run("hypothesis", "add", "a higher rate helps", "optim.matrix_lr=0.032").returncode == 0
    done = lab.run("start", *arguments, *KIND, HARNESS_SIMULATION=world)
    assert done.returncode == 0, done.stdout + done.stderr


def read_only(folder: Path) -> Journal:
    return Journal.read_only(folder / "journal.db")


def test_a_gain_that_costs_core_is_supported_and_not_promoted(tmp_path: Path) -> None:
    play(tmp_path / "lab", WORLD % 8, NODE)
    with read_only(tmp_path / "lab") as journal:
        latest = journal.latest_verdicts()
        guards = finding_guards(journal.recipes(), journal.hypotheses(), latest, journal.jobs())
        front = journal.meta(CHAMPION_RECIPE)
        trained = {row.recipe_id for row in journal.jobs(purpose="champion")}
        recipes = journal.recipes()
    assert guards["h1"].is_held and all(guard.is_held for guard in guards.values())
    assert all(latest[name].verdict == "supported" for name in guards), "the verdict on val_bpb stands"
    assert front == "r1" and trained == {"r1"}
    assert not any(recipe.takes_up_findings for recipe in recipes)
    text = (tmp_path / "lab" / "report" / "report.md").read_text()
    for name, guard in guards.items():
        assert f"{name} is supported on val_bpb and was not promoted: held back by CORE" in text
        assert guard.core is not None and f"{guard.core.difference:+.4f}" in text


def test_the_same_gain_without_the_cost_is_promoted(tmp_path: Path) -> None:
    play(tmp_path / "lab", WORLD % 0, NODE)
    with read_only(tmp_path / "lab") as journal:
        guards = finding_guards(
            journal.recipes(), journal.hypotheses(), journal.latest_verdicts(), journal.jobs()
        )
        assert journal.meta(CHAMPION_RECIPE) != "r1"
    assert not guards["h1"].is_held and guards["h1"].core is not None, "CORE was read"


# The rung above.


@pytest.fixture(scope="module")
def climbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("climbed") / "lab"
    play(folder, LADDER_WORLD, LADDER_NODE)
    return folder


def view_of(journal: Journal, jobs: list[JobRow]) -> LabView:
    """The journal with other rows, as the lab saw it when the tests of its rung had ended."""
    session = load_session(journal)
    assert session is not None
    ends = ("champion", "champion_sft", "champion_eval", "locked")
    made = [r for r in journal.recipes() if r.origin == "transferred"]
    made_of = {recipe.recipe_id for recipe in made}
    return LabView(
        session=session,
        scale=GPU,
        plan=load_plan(journal, session),
        jobs=tuple(row for row in jobs if row.purpose not in ends and row.recipe_id not in made_of),
        recipes=tuple(r for r in journal.recipes() if r not in made),
        hypotheses=tuple(journal.hypotheses()),
        verdicts=tuple(journal.verdicts()),
        deployments=(),
        checkpoints=frozenset(),
        free_slots=8,
        seconds_left=0.0,
    )


def without_core(row: JobRow) -> JobRow:
    """The same run, with every question answered wrongly."""
    assert row.result is not None
    result = JobResult.model_validate_json(row.result)
    assert result.core is not None
    wrong = report([[False] * score.items for score in result.core.tasks])
    named = [
        score.model_copy(update={"label": old.label})
        for score, old in zip(wrong.tasks, result.core.tasks, strict=True)
    ]
    core = wrong.model_copy(update={"tasks": tuple(named)})
    return row.model_copy(update={"result": result.model_copy(update={"core": core}).model_dump_json()})


def test_what_costs_core_on_the_rung_above_is_not_built_in(climbed: Path) -> None:
    with read_only(climbed) as journal:
        rows, recipes = journal.jobs(), journal.recipes()
        rung = next(r for r in recipes if r.origin == "rung")
        tests = {h.hypothesis_id: h for h in journal.hypotheses() if h.baseline_recipe == rung.recipe_id}
        worse = [
            without_core(row) if row.hypothesis_id in tests and row.state == "succeeded" else row
            for row in rows
        ]
        assert ladder_actions(view_of(journal, rows)) is None, "the champion is what held above"
        actions = ladder_actions(view_of(journal, worse))
    assert actions and isinstance(actions[0], AddRecipe)
    assert actions[0].origin == "reverted"


def test_an_old_journal_without_answers_is_decided_as_before(climbed: Path) -> None:
    def forgotten(row: JobRow) -> JobRow:
        if row.result is None:
            return row
        result = JobResult.model_validate_json(row.result)
        if result.core is None:
            return row
        core = result.core.model_copy(update={"tasks": ()})
        return row.model_copy(update={"result": result.model_copy(update={"core": core}).model_dump_json()})

    with read_only(climbed) as journal:
        rows = journal.jobs()
        now, old = view_of(journal, rows), view_of(journal, [forgotten(row) for row in rows])
    assert ladder_actions(old) == ladder_actions(now)
    for view in (old, now):
        assert view.plan is not None
        champion = champion_recipe(view, view.plan)
        assert champion is not None and champion.takes_up_findings


# Recipes, and limits.


class Forgetful(Simulation):
    """A lab whose runs read CORE: those of a child recipe answer worse than the first one's."""

    worse_purpose = "baseline"

    def result(self, row: JobRow) -> str:
        result = JobResult.model_validate_json(super().result(row))
        is_worse = row.purpose == self.worse_purpose and row.recipe_id != "r1"
        share = 0.3 if is_worse else 0.7
        answers = [[(item * 7 + row.seed) % 10 < share * 10 for item in range(50)] for _ in range(4)]
        return result.model_copy(update={"core": report(answers)}).model_dump_json()


GOOD = World(good_matrix_lr=0.04, total_seconds=3000.0)


def test_a_recipe_whose_fresh_runs_lose_core_is_not_the_champion() -> None:
    lab = Forgetful(GOOD)
    assert lab.run().ok
    assert any(recipe.parent == "r1" for recipe in lab.recipes), "the treatments lost none"
    assert next(launch.recipe_id for launch in lab.launches if launch.purpose == "champion") == "r1"
    assert lab.champion() == "r1"


def test_what_was_promoted_and_built_on_stays() -> None:
    """A lab of before: its recipe was promoted, and its later hypotheses are about it."""
    lab = Simulation(GOOD)
    assert lab.run().ok
    view, built = lab.view(), lab.champion()
    assert built != "r1" and view.plan is not None
    judged_now = Forgetful(GOOD)
    rows = tuple(
        row.model_copy(update={"result": judged_now_result(judged_now, row)}) if row.result else row
        for row in view.jobs
    )
    champion = champion_recipe(replace(view, jobs=rows), view.plan)
    assert champion is not None and champion.recipe_id == built
    # The first of the champion's line alone, with nothing built on it.
    parents = {recipe.recipe_id: recipe.parent for recipe in view.recipes}
    first = built
    while (parent := parents[first]) is not None and parent != "r1":
        first = parent
    unused = tuple(row for row in rows if not row.purpose.startswith(("champion", "locked")))
    before = replace(
        view,
        jobs=unused,
        recipes=tuple(recipe for recipe in view.recipes if recipe.recipe_id in ("r1", first)),
        hypotheses=tuple(h for h in view.hypotheses if h.baseline_recipe == "r1"),
    )
    champion = champion_recipe(before, view.plan)
    assert champion is not None and champion.recipe_id == "r1", "without that, CORE holds it back"


def judged_now_result(lab: Forgetful, row: JobRow) -> str:
    lab.now = row.finished_at or lab.now
    return lab.result(row)


class Tight(Simulation):
    """A lab where one run of each patch runs out of memory, or of its time."""

    reason = "out_of_memory"

    def finish(self, name: str) -> None:
        super().finish(name)
        row = self.rows[name]
        if row.purpose == "hypothesis" and row.seed % 100 == 3:
            failed = {"state": "failed", "reason": self.reason, "metrics": {}, "result": None}
            self.rows[name] = row.model_copy(update=failed)


ROOMY = World(good_matrix_lr=0.04, total_seconds=20_000.0, max_hypotheses=6)


def test_a_patch_that_met_its_limits_is_supported_and_not_promoted() -> None:
    lab, free = Tight(ROOMY), Simulation(ROOMY)
    assert lab.run().ok and free.run().ok
    assert any(v.final and v.verdict == "supported" for v in lab.verdicts)
    assert lab.champion() == "r1"
    met = {row.hypothesis_id for row in lab.rows.values() if row.reason == Tight.reason}
    assert met and not any(met & set(recipe.findings) for recipe in lab.recipes), "nor adopted"
    assert free.champion() != "r1"
