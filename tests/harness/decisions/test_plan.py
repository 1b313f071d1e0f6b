"""The plan: the end is carved out first, phases add up, too little money is refused in one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import UserError
from harness.plan.growth import grown_horizon, planned_depth
from harness.plan.jobs import champion_ranks
from harness.plan.overheads import Overhead, Overheads, same
from harness.plan.plan import Plan, phases, search_jobs
from harness.plan.rates import Rates, guessed_rates
from harness.plan.scale import CPU, GPU, Scale
from harness.plan.shapes import likely_batch_tokens
from harness.plan.sizes import SFT_SPEED, compute_optimal_depth, round_tokens, sft_floor_tokens
from harness.plan.split import make_plan, near_horizon
from harness.reports.live import small_text
from journal.prices import format_money, node_cost_micro_usd

OWN_MACHINE = 200_000


def plan_of(
    seconds: float,
    slots: int = 2,
    scale: Scale = CPU,
    rates: Rates | None = None,
    overheads: Overheads | None = None,
) -> Plan:
    rates = rates or guessed_rates(scale)
    return make_plan(scale, slots, OWN_MACHINE, seconds, rates, overheads=overheads)


def guess(seconds: float, slots: int, scale: Scale) -> Plan | None:
    """The first plan of a first lab; None where it is refused."""
    try:
        return plan_of(seconds, slots, scale, overheads=scale.guess_overheads)
    except UserError:
        return None


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
    parts = [phase.seconds for phase in phases(plan)]
    assert sum(parts) <= 1.15 * seconds and min(parts) >= -1e-6
    assert plan.final_seconds >= plan.after_sft_seconds
    assert plan.search_tokens % 4096 == 0 and plan.search_tokens > 0
    assert plan.rates.tokens_in(plan.search_job_seconds + 1e-6) == plan.search_tokens


sessions = {
    "seconds": st.floats(200.0, 1e5),
    "slots": st.integers(1, 8),
    "scale": st.sampled_from([CPU, GPU]),
}


@given(**sessions)
def test_phases_add_up_to_the_session_and_none_is_negative(seconds: float, slots: int, scale: Scale) -> None:
    plan = guess(seconds, slots, scale)
    if plan is not None:
        parts = [phase.seconds for phase in phases(plan)]
        assert sum(parts) == pytest.approx(seconds) and min(parts) >= -1e-6
        assert plan.hypotheses >= 1


@given(**sessions)
def test_the_end_is_carved_out_first_with_its_fine_tuning(seconds: float, slots: int, scale: Scale) -> None:
    plan = guess(seconds, slots, scale)
    if plan is not None:
        tuning = plan.sft_rates_of(slots)
        tokens = (
            SFT_SPEED[scale.kind]
            * tuning.tokens_per_second
            * tuning.training_seconds(plan.champion_sft_seconds)
        )
        assert tokens >= 0.999 * sft_floor_tokens(scale.kind, scale.depth)
        assert plan.rates_of(1).training_seconds(plan.champion_seconds) >= 9.9
        assert plan.final_seconds >= plan.after_sft_seconds + plan.champion_sft_seconds


@given(**sessions, more=st.floats(0.0, 1e5))
def test_more_money_never_buys_less(seconds: float, slots: int, scale: Scale, more: float) -> None:
    less, plan = guess(seconds, slots, scale), guess(seconds + more, slots, scale)
    if less is None:
        return
    assert plan is not None, "accepted with less"
    for name in ("final_seconds", "search_seconds", "champion_seconds", "champion_sft_seconds",
                 "eval_seconds", "search_tokens", "contingency_seconds"):  # fmt: skip
        assert getattr(plan, name) >= getattr(less, name) - 1e-6, name


@given(st.integers(1, 8), st.sampled_from([CPU, GPU]))
def test_the_least_budget_that_a_refusal_names_is_enough(slots: int, scale: Scale) -> None:
    with pytest.raises(UserError, match=r"allowed: at least .* fine-tuned for \d+ s") as refusal:
        plan_of(10.0, slots, scale)
    assert "\n" not in str(refusal.value)
    least = float(str(refusal.value).split("at least ")[1].split(" s")[0])
    plan_of(least, slots, scale)
    with pytest.raises(UserError):
        plan_of(least - 1.0, slots, scale)


def test_six_minutes_on_one_gpu_are_a_session_and_five_are_none() -> None:
    plan = guess(360.0, 1, GPU)
    assert plan is not None and plan.hypotheses == 1 and not plan.has_early_model
    assert plan.search_seconds >= 4.9 * plan.search_job_seconds, "three baselines and a first look"
    assert guess(300.0, 1, GPU) is None


def test_twenty_minutes_on_one_gpu_have_fourteen_search_runs_and_train_for_sixty_percent() -> None:
    plan = guess(1200.0, 1, GPU)
    assert plan is not None and plan.has_early_model
    runs = plan.baseline_seeds + search_jobs(plan)
    assert runs >= 14
    search = runs * (plan.search_job_seconds - plan.rates.overhead_seconds)
    champion = plan.rates_of(1).training_seconds(plan.champion_seconds)
    tuning = plan.sft_rates_of(1).training_seconds(plan.champion_sft_seconds)
    others = GPU.calibrate_train_seconds + plan.early_sft_tokens / plan.rates.tokens_per_second
    # Of what is spent: shutdown, deadlines and contingency leave some 50 s that are not paid.
    assert search + champion + tuning + others >= 0.6 * 1150.0


def test_fine_tuning_reads_a_chat_set_so_often_at_most_on_a_gpu() -> None:
    def tuned(scale: Scale, chat_tokens: float | None) -> Plan:
        rates = guessed_rates(scale).model_copy(update={"measured": True})
        return make_plan(scale, 1, OWN_MACHINE, 7200.0, rates, chat_tokens=chat_tokens)

    free, bound, small = (tuned(GPU, chat) for chat in (None, 20_000_000.0, 2_000_000.0))
    epochs = GPU.sft_most_epochs or 0.0
    most, least = epochs * 20_000_000, epochs * 2_000_000
    assert free.sft_most_tokens is None and bound.sft_most_tokens == most
    tuning = [plan.tuning_tokens(plan.champion_sft_seconds) for plan in (bound, free)]
    assert tuning[0] <= most < tuning[1]
    gained = bound.champion_seconds + bound.slack_seconds - free.champion_seconds - free.slack_seconds
    assert gained == pytest.approx(free.champion_sft_seconds - bound.champion_sft_seconds, abs=1.0)
    assert small.sft_most_tokens == least < small.sft_floor_tokens
    assert small.tuning_tokens(small.champion_sft_seconds) == pytest.approx(least, rel=0.01)
    assert tuned(CPU, 100_000.0).champion_sft_seconds == tuned(CPU, None).champion_sft_seconds


def with_text(text_tokens: float | None, scale: Scale = GPU, **changes: object) -> Plan:
    rates = guessed_rates(scale).model_copy(update={"measured": True})
    seconds = changes.pop("seconds", 1200.0)
    return make_plan(scale, 1, 3_000_000, seconds, rates, text_tokens=text_tokens, **changes)  # type: ignore[arg-type]


def test_a_champion_reads_a_text_so_often_at_most_on_a_gpu() -> None:
    free, large, small = (with_text(tokens) for tokens in (None, 1e9, 20_000_000.0))
    assert large == free.model_copy(update={"text_most_tokens": large.text_most_tokens})
    read = small.rates_of(1).tokens_per_second * small.rates_of(1).training_seconds(small.champion_seconds)
    assert read == pytest.approx((GPU.text_most_epochs or 0.0) * 20_000_000, rel=0.01)
    assert small.text_most_tokens == pytest.approx(read, rel=0.01)
    assert small.freed_seconds == pytest.approx(free.champion_seconds - small.champion_seconds, abs=40.0)
    assert small.search_tokens == free.search_tokens, "search runs keep their length"
    assert small.hypotheses * small.replicates > free.hypotheses * free.replicates
    assert small.champion_sft_seconds == pytest.approx(free.champion_sft_seconds, abs=40.0)
    assert sum(phase.seconds for phase in phases(small)) == pytest.approx(1200.0)
    assert with_text(10_000.0, CPU) == with_text(None, CPU)


def test_a_search_run_reads_a_tiny_text_no_more_often_than_the_champion() -> None:
    assert with_text(1_000_000.0).search_tokens <= 8_000_000 < with_text(None).search_tokens


def test_what_neither_champion_nor_search_can_use_stays_unspent() -> None:
    small = with_text(20_000_000.0, max_hypotheses=3)
    assert small.unspent_seconds > 0.25 * 1200.0 and small.hypotheses == 3
    parts = {phase.name: phase for phase in phases(small)}
    assert sum(phase.seconds for phase in parts.values()) == pytest.approx(1200.0)
    assert parts["unspent: the text is too small"].seconds == small.unspent_seconds
    assert with_text(None, max_hypotheses=3).unspent_seconds == 0.0
    assert with_text(20_000_000.0).unspent_seconds == 0.0
    assert small_text(small) == (
        "the text is small: the champion reads it 4 times in 67 s, more often is worth little; "
        f"{format_money(node_cost_micro_usd(small.unspent_seconds, 3_000_000))} stay unspent"
    )
    assert small_text(with_text(20_000_000.0)).endswith(" go to the search")


@given(st.integers(8 * 4096, 10**11), st.integers(8 * 4096, 10**11))
def test_a_deeper_champion_keeps_to_the_text_too(tokens: int, most: int) -> None:
    free, bound = grown_horizon(8, tokens, 32_768), grown_horizon(8, tokens, 32_768, most)
    assert bound[1] <= most and bound[0] <= free[0]
    if free[1] <= most:
        assert bound == free
    elif bound[0] > 8:
        assert bound[0] >= grown_horizon(8, most, 32_768)[0], "the bounded compute is worth so deep a model"
        assert bound[1] > 0.6 * most, "and is spent"


def test_a_long_session_grows_its_champion_as_far_as_the_text_reaches() -> None:
    free, small = (with_text(tokens, seconds=4 * 3600.0) for tokens in (None, 200_000_000.0))
    depths = planned_depth(free, GPU), planned_depth(small, GPU)
    assert GPU.depth < depths[1] < depths[0]
    assert champion_tokens(small) == pytest.approx((GPU.text_most_epochs or 0.0) * 200_000_000, rel=0.02)
    assert small.freed_seconds > 0.0


def champion_tokens(plan: Plan) -> int:
    tokens = plan.tokens_in(plan.champion_seconds, 1)
    return grown_horizon(GPU.depth, tokens, GPU.vocab_size, plan.text_most_tokens)[1]


def test_the_end_keeps_a_slack_for_jobs_that_start_slowly_on_a_gpu() -> None:
    twenty, six, cpu = guess(1200.0, 1, GPU), guess(360.0, 1, GPU), guess(1080.0, 2, CPU)
    assert twenty is not None and six is not None and cpu is not None
    beside = twenty.rates_of(1).overhead_seconds + twenty.sft_rates_of(1).overhead_seconds
    assert twenty.slack_seconds == 0.25 * (beside + twenty.eval_seconds + twenty.deploy_seconds)
    assert six.slack_seconds < 5.0, "the least session has none"
    assert cpu.slack_seconds == 0.0


def test_a_run_that_must_be_shorter_keeps_the_batch_that_was_compiled() -> None:
    plan = plan_of(1200.0, 1, GPU, Rates(tokens_per_second=500_000.0, overhead_seconds=30.0, measured=True))
    near = near_horizon(plan, 16_000_000)
    assert near is None or likely_batch_tokens(near) == likely_batch_tokens(16_000_000)
    assert near_horizon(plan, plan.search_tokens) == plan.search_tokens
    assert near_horizon(plan, 50 * plan.search_tokens) is None


def test_measured_overheads_leave_more_of_a_run_to_training() -> None:
    measured = Overheads(
        pretrain=Overhead(cold_seconds=60.0, warm_seconds=5.0),
        sft=Overhead(cold_seconds=30.0, warm_seconds=5.0),
        eval=same(25.0), tokenizer=same(30.0), deployment=same(10.0),
    )  # fmt: skip
    rates = Rates(tokens_per_second=GPU.guess_tokens_per_second, overhead_seconds=5.0, measured=True)
    guessed, plan = guess(1200.0, 1, GPU), plan_of(1200.0, 1, GPU, rates, measured)
    assert guessed is not None and plan.hypotheses >= guessed.hypotheses
    assert plan.search_tokens > guessed.search_tokens


def test_a_machine_that_turned_out_too_slow_to_fine_tune_still_gets_an_end() -> None:
    rates = Rates(tokens_per_second=800.0, overhead_seconds=1.0, measured=True)
    plan = plan_of(700.0, 1, CPU, rates)
    assert plan.final_seconds <= 0.5 * 700.0 < plan.sft_floor_seconds
    assert plan.sft_least_seconds < plan.sft_floor_seconds
    slow_start = plan_of(400.0, 2, CPU, Rates(tokens_per_second=4500.0, overhead_seconds=60.0, measured=True))
    assert min(phase.seconds for phase in phases(slow_start)) >= 0.0


def test_a_small_rung_and_a_short_session_read_fewer_core_items() -> None:
    short, long = guess(600.0, 1, GPU), guess(36_000.0, 1, GPU)
    assert short is not None and long is not None
    assert (short.core_per_task(GPU) or 0) < (long.core_per_task(GPU) or 0) == GPU.core_per_task
    assert short.core_per_task_final(GPU, 12) < long.core_per_task_final(GPU, 12)  # type: ignore[operator]
    assert long.core_per_task_final(GPU, 8) == GPU.core_per_task_final
    assert short.core_per_task(CPU) == CPU.core_per_task


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
