"""Decisions in virtual time: whatever the machine does, the lab ends inside its money, with a model."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.decisions.actions import Finish, Launch, Propose
from harness.decisions.decide import decide
from harness.decisions.final import is_training_over
from harness.decisions.view import LabView, seeds_wanted
from harness.plan.plan import SHUTDOWN_SECONDS
from tests.simulations.virtual_lab import START, Simulation, World, play
from trainer.job import spec_hash


def test_eighteen_minutes_give_a_champion_and_four_verdicts() -> None:
    lab, finish = play(World())
    assert finish.ok
    assert len({v.hypothesis_id for v in lab.verdicts if v.final}) >= 4
    order = [launch.purpose for launch in lab.launches]
    assert order[0] == "tokenizer" and order[1:3] == ["calibrate", "calibrate"]
    assert order.count("baseline") >= 3 and order[-3:] == ["champion", "champion_sft", "champion_eval"]
    assert [d.job_id for d in lab.deployments] == [
        next(r.job_id for r in lab.rows.values() if r.purpose == p) for p in ("early_sft", "champion_sft")
    ]


def test_the_first_model_is_deployed_before_any_hypothesis_is_judged() -> None:
    lab, _ = play(World())
    assert lab.deployments[0].requested_at < min(v.judged_at for v in lab.verdicts)


def test_the_champion_uses_every_slot_and_a_longer_horizon() -> None:
    lab, _ = play(World())
    champion = next(launch for launch in lab.launches if launch.purpose == "champion")
    assert champion.job.limits.gpus == 2
    assert lab.plan is not None and champion.job.train_tokens > 1.5 * lab.plan.search_tokens  # type: ignore[union-attr]


def test_a_champion_whose_tuning_is_slower_is_tuned_to_the_end() -> None:
    """On two cores fine-tuning ran at 0.80 to 0.86 of pretraining's speed, its batches being smaller."""
    lab, finish = play(World(sft_speed=0.7))
    assert finish.ok
    tuned = [row for row in lab.rows.values() if row.purpose == "champion_sft"]
    assert [row.state for row in tuned] == ["succeeded"]


def test_a_champion_whose_tuning_slows_down_ends_it_in_time() -> None:
    """On a shared machine it was seen 10% slower than anything before it."""
    lab, finish = play(World(champion_sft_speed=0.8, jitter=0.0))
    assert finish.ok
    tuned = [row for row in lab.rows.values() if row.purpose == "champion_sft"]
    assert [row.state for row in tuned] == ["succeeded"]


def test_supported_patches_must_win_again_with_fresh_seeds() -> None:
    lab, finish = play(World(good_matrix_lr=0.04, total_seconds=3000.0))
    assert finish.ok
    supported = [v for v in lab.verdicts if v.verdict == "supported"]
    assert supported, "a rate twice as good is found"
    child = lab.recipes[1]
    assert supported[0].hypothesis_id in child.findings
    confirming = [r for r in lab.rows.values() if r.recipe_id == child.recipe_id and r.purpose == "baseline"]
    seeds = {row.seed for row in confirming}
    treated = {r.seed for r in lab.rows.values() if r.purpose == "hypothesis"}
    assert len(seeds) >= 2 and not seeds & treated
    champion = next(launch for launch in lab.launches if launch.purpose == "champion")
    assert champion.recipe_id != "r1"


def test_a_recipe_that_does_not_win_again_is_not_the_champion() -> None:
    lab = Simulation(World(good_matrix_lr=0.04, total_seconds=3000.0))
    honest = lab.bpb
    lab.bpb = lambda row: honest(row) + (0.5 if row.purpose == "baseline" and row.recipe_id != "r1" else 0.0)  # type: ignore[method-assign]
    assert lab.run().ok
    assert any(recipe.parent == "r1" for recipe in lab.recipes)
    champion = next(launch for launch in lab.launches if launch.purpose == "champion")
    assert champion.recipe_id == "r1"


class _Stopped(Exception):
    """The lab was stopped where the test looks at it."""


def after_two_baselines(lab: Simulation) -> LabView:
    """One slot, two runs of the first recipe ended, the third about to start."""
    launch = lab.launch

    def stop_at_the_third(wanted: Launch) -> Finish | None:
        if sum(done.purpose == "baseline" for done in lab.launches) == 2:
            raise _Stopped
        return launch(wanted)

    lab.launch = stop_at_the_third  # type: ignore[method-assign]
    with pytest.raises(_Stopped):
        lab.run()
    return lab.view()


def test_slow_jobs_cost_the_third_baseline_before_the_only_idea() -> None:
    lab = Simulation(World(slots=1, total_seconds=1500.0, jitter=0.0))
    view, plan, recipe = after_two_baselines(lab), lab.plan, lab.recipes[0]
    assert plan is not None
    look = plan.final_seconds + 2 * plan.search_job_seconds

    def at(seconds: float) -> LabView:
        return replace(view, seconds_left=seconds)

    assert seeds_wanted(at(look + 1.0), recipe, plan) == 2
    assert seeds_wanted(at(look + plan.search_job_seconds + 1.0), recipe, plan) == 3, "there is room for both"
    assert seeds_wanted(at(look - 1.0), recipe, plan) == 3, "it would help nothing"
    assert decide(at(look + 1.0), {}) == [Propose(1)]


def test_nothing_is_concluded_from_one_seed() -> None:
    lab, _ = play(World(jitter=0.3, seed=3))
    for verdict in lab.verdicts:
        assert len(verdict.baseline_jobs) >= 2 and len(verdict.treatment_jobs) >= 1
        assert len(verdict.treatment_jobs) >= 2 or verdict.verdict == "inconclusive"


def test_a_failed_tokenizer_ends_the_lab_with_its_reason() -> None:
    lab = Simulation(World())
    lab.kills = _Instant()
    finish = lab.run()
    assert not finish.ok and "tokenizer" in finish.outcome


def deployed(lab: Simulation) -> list[str]:
    return [lab.rows[d.job_id].purpose for d in lab.deployments if d.state == "live"]


def test_what_is_live_stays_when_the_champion_is_refused() -> None:
    lab, finish = play(World(refused=("champion_sft",)))
    assert (
        not finish.ok and "champion's deployment failed (canary: the model's process ended)" in finish.outcome
    )
    assert deployed(lab) == ["early_sft"] and len(lab.deployments) == 2


def test_an_earlier_model_is_deployed_again_when_nothing_else_is_live() -> None:
    lab, finish = play(World(refused=("champion_sft",), first_engine_ends=True))
    assert not finish.ok and "champion's deployment failed" in finish.outcome
    assert deployed(lab) == ["early_sft"] and len(lab.deployments) == 3


def test_a_lab_whose_every_model_is_refused_ends() -> None:
    lab, finish = play(World(refused=("champion_sft", "early_sft")))
    assert not finish.ok and deployed(lab) == [] and len(lab.deployments) == 2


def test_engines_stay_off_the_gpus_until_the_champion_is_tuned() -> None:
    lab = Simulation(World())
    seen: list[tuple[bool, bool]] = []
    pass_time = lab.pass_time

    def look() -> None:
        trains = any(lab.rows[name].kind in ("pretrain", "sft") for name in lab.ends)
        seen.append((trains, is_training_over(lab.view())))
        pass_time()

    lab.pass_time = look  # type: ignore[method-assign]
    assert lab.run().ok
    assert (True, True) not in seen and seen[-1] == (False, True)


class _Instant(dict[str, float]):
    """Every job is killed at once."""

    def __setitem__(self, key: str, value: float) -> None:
        super().__setitem__(key, START)


worlds = st.builds(
    World,
    tokens_per_second=st.floats(800.0, 30_000.0),
    overhead_seconds=st.floats(0.2, 45.0),
    jitter=st.floats(0.0, 0.4),
    fail_rate=st.sampled_from([0.0, 0.3]),
    lost_rate=st.sampled_from([0.0, 0.1]),
    good_matrix_lr=st.sampled_from([0.02, 0.04]),
    slots=st.integers(1, 5),
    total_seconds=st.floats(700.0, 6000.0),
    seed=st.integers(0, 10_000),
    max_hypotheses=st.sampled_from([None, 0, 3]),
)


@settings(max_examples=40, deadline=None)
@given(worlds)
def test_it_always_ends_inside_the_money(world: World) -> None:
    lab, finish = play(world)
    assert lab.now <= START + world.total_seconds - SHUTDOWN_SECONDS + 1e-6
    final = [v.hypothesis_id for v in lab.verdicts if v.final]
    assert len(final) == len(set(final))
    if world.max_hypotheses is not None:
        assert len(lab.hypotheses) <= world.max_hypotheses
    if world.lost_rate == 0.0 and world.jitter < 0.2 and world.overhead_seconds < 30.0:
        assert finish.ok, finish.outcome


@settings(max_examples=25, deadline=None)
@given(worlds, st.integers(1, 60))
def test_the_same_journal_gives_the_same_decision(world: World, turns: int) -> None:
    lab = Simulation(world)
    for _ in range(turns):
        first, second = decide(lab.view(), {}), decide(replace(lab.view()), {})
        assert [_key(a) for a in first] == [_key(a) for a in second]
        for action in first:
            if lab.act(action) is not None:
                return
        if not first:
            lab.pass_time()


def _key(action: object) -> object:
    job = getattr(action, "job", None)
    return action if job is None else (spec_hash(job), getattr(action, "purpose", None))
