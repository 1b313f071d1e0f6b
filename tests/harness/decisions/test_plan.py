"""The plan: the end is carved out first, phases add up, too little money is refused in one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import UserError
from harness.plan.jobs import champion_ranks
from harness.plan.plan import make_plan, phases
from harness.plan.rates import Rates, guessed_rates
from harness.plan.scale import CPU, GPU, Scale
from harness.plan.sizes import compute_optimal_depth, round_tokens

OWN_MACHINE = 200_000


def plan_of(seconds: float, slots: int = 2, scale: Scale = CPU, rates: Rates | None = None):  # type: ignore[no-untyped-def]
    return make_plan(scale, slots, OWN_MACHINE, seconds, rates or guessed_rates(scale))


def test_eighteen_minutes_of_two_cores_are_worth_at_least_four_verdicts() -> None:
    plan = plan_of(1080.0)
    assert plan.hypotheses >= 4
    assert plan.final_seconds >= 0.4 * 1080.0
    assert 120.0 <= plan.champion_seconds <= 260.0 and 150.0 <= plan.champion_sft_seconds <= 260.0


@given(
    seconds=st.floats(60.0, 1e6),
    slots=st.integers(1, 8),
    speed=st.floats(3000.0, 1e6),
    overhead=st.floats(0.1, 20.0),
    scale=st.sampled_from([CPU, GPU]),
)
def test_phases_never_promise_more_than_there_is(
    seconds: float, slots: int, speed: float, overhead: float, scale: Scale
) -> None:
    rates = Rates(tokens_per_second=speed, overhead_seconds=overhead, measured=True)
    try:
        plan_of(seconds, slots, scale)
    except UserError as error:
        assert "allowed: at least" in str(error) and "\n" not in str(error)
        return
    plan = plan_of(seconds, slots, scale, rates)
    assert sum(phase.seconds for phase in phases(plan)) <= 1.15 * seconds
    assert plan.final_seconds >= plan.after_sft_seconds
    assert plan.search_tokens % 4096 == 0 and plan.search_tokens > 0
    assert plan.tokens_in(plan.search_job_seconds + 1e-6, 1) == plan.search_tokens


@given(st.integers(1, 8), st.sampled_from([CPU, GPU]))
def test_the_least_budget_that_a_refusal_names_is_enough(slots: int, scale: Scale) -> None:
    with pytest.raises(UserError) as refusal:
        plan_of(10.0, slots, scale)
    least = float(str(refusal.value).split("at least ")[1].split(" s")[0])
    plan_of(least + 1.0, slots, scale)


def test_a_kept_horizon_is_kept() -> None:
    plan = make_plan(CPU, 2, OWN_MACHINE, 1080.0, guessed_rates(CPU), search_tokens=81_920)
    assert plan.search_tokens == 81_920


@given(st.integers(1, 9), st.sampled_from([4096, 6144, 8192]))
def test_champion_ranks_share_the_batch_evenly(slots: int, total: int) -> None:
    document: dict[str, object] = {
        "total_batch_size": total,
        "device_batch_size": 8,
        "model": {"sequence_len": 256},
    }
    ranks = champion_ranks(document, slots)
    assert 1 <= ranks <= slots and total % (ranks * 256) == 0


def test_rounding_and_depths() -> None:
    assert round_tokens(100_000.0, 4096) == 24 * 4096
    assert round_tokens(0.0, 4096) == 8 * 4096
    depths = [compute_optimal_depth(flops, 32_768) for flops in (1e15, 1e18, 1e19, 1e20)]
    assert depths == sorted(depths) and depths[0] == 4 and 10 <= depths[1] <= 14
