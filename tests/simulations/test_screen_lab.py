"""Whole labs with the screen: one seed first, no slot idle for it, nothing concluded from it."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.decisions.decide import decide
from harness.decisions.looks import is_stopped, seeds_due
from journal.records import Hypothesis, JobRow, Patch
from journal.science.evidence import recompute_all
from journal.science.screen import AUDITED_ONE_IN, is_audited, screen_record
from journal.store import Journal
from tests.simulations.virtual_lab import Simulation, World, play
from tests.support.harness_lab import CliLab

# Rates between 0.01 and 0.05 are 12 to 75 standard deviations worse than 0.02 here.
BAD = World(good_matrix_lr=0.02, total_seconds=3000.0)


def runs_of(lab: Simulation, hypothesis_id: str) -> list[JobRow]:
    return [row for row in lab.rows.values() if row.hypothesis_id == hypothesis_id]


def test_bad_ideas_get_one_run_but_for_those_audited() -> None:
    lab, finish = play(BAD)
    assert finish.ok
    one = [h for h in lab.hypotheses if len(runs_of(lab, h.hypothesis_id)) == 1]
    assert len(one) >= 5, "most are bad and stop"
    assert not any(is_audited(runs_of(lab, h.hypothesis_id)[0].job_id) for h in one)
    for hypothesis in one:
        [verdict] = [v for v in lab.verdicts if v.hypothesis_id == hypothesis.hypothesis_id]
        assert (verdict.verdict, verdict.final) == ("inconclusive", True)


def test_an_audited_one_goes_on_though_it_is_as_bad() -> None:
    labs = [play(World(total_seconds=3000.0, seed=seed))[0] for seed in range(4)]
    first = [(lab, min(runs_of(lab, h.hypothesis_id), key=lambda r: r.seed)) for lab in labs
             for h in lab.hypotheses if runs_of(lab, h.hypothesis_id)]  # fmt: skip
    audited = [(lab, row) for lab, row in first if is_audited(row.job_id)]
    assert 0 < len(audited) < 3 * len(first) / AUDITED_ONE_IN
    assert all(len(runs_of(lab, str(row.hypothesis_id))) >= 2 for lab, row in audited)


def ended_before(one: JobRow, two: JobRow) -> bool:
    assert one.finished_at is not None
    return one.finished_at <= two.created_at


def test_second_seeds_wait_for_the_first_while_other_ideas_can_use_the_slots() -> None:
    lab, _ = play(World(good_matrix_lr=0.04, total_seconds=3000.0))
    pairs = [runs_of(lab, h.hypothesis_id)[:2] for h in lab.hypotheses[:2]]
    twice = [pair for pair in pairs if len(pair) == 2]
    assert twice and all(ended_before(one, two) for one, two in twice)
    assert not ended_before(pairs[0][0], pairs[1][0]), "meanwhile another idea has the slot"


def test_no_slot_idles_where_no_other_idea_may_come() -> None:
    lab, _ = play(World(total_seconds=3000.0, max_hypotheses=1))
    one, two = runs_of(lab, "h1")
    assert not ended_before(one, two)


def test_what_is_saved_goes_into_more_ideas() -> None:
    lab, _ = play(World(total_seconds=3000.0, slots=8))
    assert lab.plan is not None and len(lab.hypotheses) > 2 * lab.plan.hypotheses


class Asking(Simulation):
    """All ideas are a person's."""

    def propose(self) -> None:
        super().propose()
        self.hypotheses[-1] = self.hypotheses[-1].model_copy(update={"proposer": "human"})


def test_a_person_who_asks_gets_the_judges_answer() -> None:
    lab = Asking(BAD)
    assert lab.run().ok
    assert [v.verdict for v in lab.verdicts if v.final].count("refuted") >= 4
    assert all(len(v.treatment_jobs) >= 2 for v in lab.verdicts)


class Diverging(Simulation):
    """First seeds end in NaN: no value to stop by."""

    def finish(self, name: str) -> None:
        super().finish(name)
        row = self.rows[name]
        if row.purpose == "hypothesis":
            self.rows[name] = row.model_copy(update={"state": "failed", "reason": "nan", "metrics": {}})


def test_a_diverged_first_seed_is_no_reason_to_stop() -> None:
    lab = Diverging(World(total_seconds=3000.0))
    assert lab.run().ok
    assert any(v.verdict == "refuted" for v in lab.verdicts), "two diverged seeds refute, as before"
    assert not any(is_stopped(lab.view(), h) for h in lab.hypotheses)


@settings(max_examples=15, deadline=None)
@given(
    st.floats(0.01, 0.06), st.integers(1, 8), st.floats(0.0, 0.2), st.floats(0.0, 0.3), st.integers(0, 10**6)
)
def test_one_seed_never_supports_nor_refutes_and_every_lab_ends(
    good: float, slots: int, fail: float, lost: float, seed: int
) -> None:
    world = World(
        good_matrix_lr=good, slots=slots, fail_rate=fail, lost_rate=lost, seed=seed, total_seconds=2400.0
    )
    lab, _ = play(world)
    assert all(v.verdict == "inconclusive" for v in lab.verdicts if len(v.treatment_jobs) < 2)


def test_an_idea_under_way_since_before_keeps_both_its_seeds() -> None:
    lab = Simulation(BAD)
    while not any(row.purpose == "hypothesis" for row in lab.rows.values()):
        actions = decide(lab.view(), {})
        for action in actions:
            lab.act(action)
        if not actions:
            lab.pass_time()
    claim: Hypothesis = lab.hypotheses[0]
    [row] = runs_of(lab, claim.hypothesis_id)
    assert seeds_due(lab.view(), claim, slots_wait=False) == [row.seed]
    second = row.model_copy(update={"job_id": "0123456789-1", "seed": row.seed + 1})
    lab.rows[second.job_id] = second
    assert seeds_due(lab.view(), claim, slots_wait=False) == [row.seed, row.seed + 1]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("screened") / "lab"
    command = ["start", "--simulate", "4xh100", "--budget", "30usd", "--proposer", "random"]
    done = CliLab(folder).run(*command, HARNESS_SIMULATION='{"effects": 4, "mishaps": 0}')
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_a_simulated_lab_stops_bad_ideas_and_none_that_is_good(played: Path) -> None:
    with Journal.read_only(played / "journal.db") as journal:
        record = screen_record(journal)
        patches: dict[str, Patch] = {h.hypothesis_id: h.patch for h in journal.hypotheses()}
        assert record.stopped, record.text
        assert all(found.difference > 0.0 for found in record.stopped)
        assert {found.hypothesis_id for found in record.stopped} <= set(patches)
        assert all(stored == again for stored, again in recompute_all(journal))
        supported = [v for v in journal.verdicts() if v.verdict == "supported"]
        assert all(len(v.treatment_jobs) >= 2 for v in supported)
