"""The final run takes up what is expected to gain, proven or not; verdicts do not move."""

import json
import random

from harness.decisions.actions import AddRecipe
from harness.decisions.decide import decide
from journal.records import JobRow, Purpose
from tests.simulations.virtual_lab import Simulation, World
from trainer.job import PretrainJob, SftJob, parse_job


class _Noted(Simulation):
    """Keeps the adoption that it was asked to add. Its seeds spread widely: little can be proven."""

    added: AddRecipe | None = None

    def bpb(self, row: JobRow) -> float:
        return super().bpb(row) + random.Random(row.spec).gauss(0.0, 0.012)

    def act(self, action):  # type: ignore[no-untyped-def]
        if isinstance(action, AddRecipe) and action.origin == "adopted":
            self.added = action
        return super().act(action)


class _Diverges(_Noted):
    """With what was adopted the long run diverges."""

    def finish(self, name: str) -> None:
        super().finish(name)
        if self.rows[name].purpose == "champion":
            failed = {"state": "failed", "reason": "nan", "metrics": {}, "result": None}
            self.rows[name] = self.rows[name].model_copy(update=failed)
            self.checkpoints.discard(name)


def the(lab: Simulation, purpose: Purpose) -> JobRow:
    (row,) = [row for row in lab.rows.values() if row.purpose == purpose]
    return row


def rate_of(row: JobRow) -> float:
    return float(json.loads(row.spec)["optim"]["matrix_lr"])


def unproven() -> _Noted:
    """A lab too short to prove that a rate of 0.03 is better by 0.03."""
    lab = _Noted(World(good_matrix_lr=0.03, max_hypotheses=4, total_seconds=1000.0))
    assert lab.run().ok
    return lab


def test_an_unproven_gain_is_trained_with() -> None:
    lab = unproven()
    assert lab.added is not None and lab.added.adoption is not None
    adopted = lab.recipes[-1]
    assert adopted.origin == "adopted" and adopted.findings
    assert the(lab, "champion").recipe_id == adopted.recipe_id
    assert rate_of(the(lab, "champion")) == adopted.patch["optim.matrix_lr"] != 0.02
    assert "adopted, not proven" in adopted.words


def test_where_nothing_gains_the_plain_recipe_is_trained() -> None:
    lab = _Noted(World(good_matrix_lr=0.02, max_hypotheses=4, total_seconds=1000.0))
    assert lab.run().ok and lab.added is None
    assert rate_of(the(lab, "champion")) == 0.02


def test_a_restart_after_the_recipe_and_before_its_run_decides_the_same() -> None:
    lab = unproven()
    champion = the(lab, "champion")
    kept = [row for row in lab.rows.values() if row.created_at < champion.created_at]
    lab.rows = {row.job_id: row for row in kept}
    lab.now = champion.created_at
    again = decide(lab.view(), {})
    assert not any(isinstance(action, AddRecipe) for action in again)
    (launch,) = again
    job = parse_job(champion.spec)
    assert isinstance(job, PretrainJob) and launch.job.optim == job.optim  # type: ignore[union-attr]
    lab.recipes.pop()
    (add,) = decide(lab.view(), {})
    assert add == lab.added, "without the row the same is asked for"


def test_a_proposers_claims_buy_no_adoption() -> None:
    lab = unproven()
    champion = the(lab, "champion")
    lab.rows = {row.job_id: row for row in lab.rows.values() if row.created_at < champion.created_at}
    lab.now = champion.created_at
    lab.recipes.pop()
    boast = {"prior": 1.0, "minimum_effect": 1e-9, "proposer": "llm", "statement": "certain to win by 1.0"}
    lab.hypotheses = [h.model_copy(update=boast) for h in lab.hypotheses]
    (add,) = decide(lab.view(), {})
    assert add == lab.added


def test_where_the_adopted_recipe_diverges_a_run_of_the_confirmed_one_is_tuned() -> None:
    lab = _Diverges(World(good_matrix_lr=0.03, max_hypotheses=4, total_seconds=1000.0))
    finish = lab.run()
    assert lab.added is not None and finish.ok
    tuned = parse_job(the(lab, "champion_sft").spec)
    assert isinstance(tuned, SftJob)
    base = lab.rows[tuned.base]
    assert base.purpose == "baseline" and base.recipe_id == lab.recipes[-1].parent
