"""Planted truths: a harmful patch is refuted, an A/A patch is not supported, a good one is supported."""

from collections.abc import Iterator

import pytest

from tests.support.harness_lab import CliLab

HARM = ("a rate 30 times as high helps", "optim.matrix_lr=0.6")
NOTHING = ("the same spelt anew helps", "optim.adam_beta1=0.81")  # the stand-in's surface does not see it
DIVERGES = ("an absurd rate helps", "optim.matrix_lr=7.0")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CliLab]:
    """A lab that was asked three questions with known answers."""
    found = CliLab(
        tmp_path_factory.mktemp("planted") / "lab", trainer={"fail": {"optim.matrix_lr": [7.0, "nan"]}}
    )
    for statement, change in (HARM, NOTHING, DIVERGES):
        assert found.run("hypothesis", "add", statement, change).returncode == 0
    done = found.run(*found.start_arguments("--max-hypotheses", "3"))
    assert done.returncode == 0, done.stdout + done.stderr
    yield found
    found.clean_up()


def verdict_on(lab: CliLab, change: str) -> str:
    path, _, value = change.partition("=")
    with lab.journal() as journal:
        hypothesis = next(h for h in journal.hypotheses() if h.patch == {path: float(value)})
        return journal.verdicts(hypothesis.hypothesis_id)[-1].verdict


def test_a_harmful_patch_is_refuted(lab: CliLab) -> None:
    assert verdict_on(lab, HARM[1]) == "refuted"


def test_an_a_a_patch_is_not_supported(lab: CliLab) -> None:
    assert verdict_on(lab, NOTHING[1]) != "supported"


def test_a_patch_whose_runs_diverge_is_refuted_and_its_failures_are_values(lab: CliLab) -> None:
    assert verdict_on(lab, DIVERGES[1]) == "refuted"
    with lab.journal() as journal:
        failed = journal.jobs(state="failed")
    assert [row.reason for row in failed] == ["nan", "nan"]


def test_the_champion_keeps_its_settings(lab: CliLab) -> None:
    with lab.journal() as journal:
        assert [recipe.recipe_id for recipe in journal.recipes()] == ["r1"]
