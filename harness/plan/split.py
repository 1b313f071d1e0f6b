"""From money to a plan, pure.

The end (champion, SFT, evaluation, deployment, report) is carved out first, so that a lab never
ends without a model; what is left is searched with.
"""

import math
from dataclasses import astuple, dataclass

from harness.errors import UserError
from harness.plan.growth import planned_depth, useful_seconds
from harness.plan.jobs import planned_base, planned_tuning
from harness.plan.overheads import Overheads
from harness.plan.plan import SHUTDOWN_SECONDS, Plan, baseline_rounds, serve_seconds
from harness.plan.rates import Rates, guessed_rates, together, uniform_overheads
from harness.plan.rungs import ladder_seconds
from harness.plan.scale import Scale
from harness.plan.seeds import EXPECTED_SEEDS, hypotheses_for, replicates_for, step_seeds
from harness.plan.shapes import compile_shape, tokens_of_same_batch
from harness.plan.sizes import (
    EVAL_START_SECONDS,
    STEP_TOKENS,
    core_seconds,
    least_core_seconds,
    round_tokens,
    sft_floor_tokens,
    sft_most_tokens,
    sft_seconds,
    text_most_tokens,
)
from journal.prices import node_cost_micro_usd
from journal.science.judge import FIRST_LOOK_SEEDS

FINAL_SHARE = 0.45
# What may go wrong at the end takes minutes, whatever the budget.
MOST_CONTINGENCY_SECONDS = 600.0
SEARCH_JOB_SHARE = 0.05
# Of the session, for CORE's items of the headline evaluation, where reading them all takes longer.
EVAL_SHARE = 0.03
LEAST_CHAMPION_SECONDS = 10.0
# How far a search run may be from what is wanted, to find the calibration's code: slow jobs leave no room.
_LEAST_NEAR, _MOST_NEAR = 0.5, 1.25


@dataclass(frozen=True)
class _Known:
    """What a plan rests on besides money: the champion's depth, and seconds beside training by shape."""

    depth: int
    calibration_seconds: float
    champion_seconds: float
    sft_seconds: float
    # Nothing is known yet: what is accepted so is refused for no depth.
    is_least: bool = False


def make_plan(
    scale: Scale,
    slots: int,
    price_micro_usd_per_hour: int,
    total_seconds: float,
    rates: Rates,
    max_hypotheses: int | None = None,
    search_tokens: int | None = None,
    overheads: Overheads | None = None,
    prior: Overheads | None = None,
    chat_tokens: float | None = None,
    text_tokens: float | None = None,
) -> Plan:
    """Split `total_seconds` of node time.

    `search_tokens` keeps the horizon of a recipe that exists already; `prior` is what was known before the
    session; `chat_tokens` and `text_tokens` are those of the chat set and of the training text, read once.

    Raises:
        UserError: it is too little to end with a model.
    """
    costs = overheads or uniform_overheads(scale, rates)
    pretraining, tuning = costs.pretrain.cold_seconds, costs.sft.cold_seconds
    cold = _Known(scale.depth, pretraining, pretraining, tuning, is_least=True)

    def split(known: _Known) -> Plan:
        return _split(
            scale, slots, price_micro_usd_per_hour, total_seconds, rates, max_hypotheses, search_tokens,
            costs, known, sft_most_tokens(scale, chat_tokens), text_most_tokens(scale, text_tokens),
        ).model_copy(update={"prior": prior, "overheads": overheads})  # fmt: skip

    plan = split(cold)
    if scale.kind == "cpu":
        return plan
    # Shapes follow from what is planned, and that from whether they are compiled: the dearer of two plans.
    first = _known(scale, plan, costs, prior or costs)
    second = _known(scale, split(first), costs, prior or costs)
    return split(_Known(*map(max, zip(astuple(first), astuple(second), strict=True))))


def _known(scale: Scale, plan: Plan, costs: Overheads, before: Overheads) -> _Known:
    """By the shapes of a plan; the calibration's is known if it was so before the session."""
    depth, slots = planned_depth(plan, scale), plan.slots
    champion_seconds = plan.rates_of(slots).training_seconds(plan.champion_seconds)
    champion = planned_base(scale, depth, slots, None, max(1.0, champion_seconds))
    tuning = planned_tuning(scale, slots, plan.tuning_tokens(plan.champion_sft_seconds))
    searched = planned_base(scale, scale.depth, 1, plan.search_tokens)
    searching = core_seconds(plan.core_per_task(scale), scale.depth)
    deeper = (
        0.0
        if depth == scale.depth
        else max(0.0, core_seconds(plan.core_per_task_champion(scale, depth), depth) - searching)
    )
    is_warm = before.knows(compile_shape(searched, searched))
    return _Known(
        depth=depth,
        calibration_seconds=costs.pretrain.warm_seconds if is_warm else costs.pretrain.cold_seconds,
        champion_seconds=costs.beside("pretrain", compile_shape(champion, champion)) + deeper,
        sft_seconds=costs.beside("sft", compile_shape(tuning, champion)) + deeper,
    )


def _split(
    scale: Scale,
    slots: int,
    price_micro_usd_per_hour: int,
    total_seconds: float,
    rates: Rates,
    max_hypotheses: int | None,
    search_tokens: int | None,
    costs: Overheads,
    known: _Known,
    most_tuned: int | None,
    most_text: int | None,
) -> Plan:
    evaluation = _evaluation_seconds(scale, costs, total_seconds, known.depth)
    deployment = costs.deployment.warm_seconds
    fixed = serve_seconds(scale.kind, evaluation, deployment) + scale.report_seconds + SHUTDOWN_SECONDS

    def tuning_seconds(tokens: float) -> float:
        return sft_seconds(scale, slots, rates.tokens_per_second, known.sft_seconds, tokens)

    floor = sft_floor_tokens(scale.kind, scale.depth)
    least_sft = sft_floor = tuning_seconds(floor if most_tuned is None else min(floor, most_tuned))
    before_sft = fixed + known.champion_seconds + LEAST_CHAMPION_SECONDS
    if rates.measured:
        # Once money has been spent on measuring a slow machine, make the best of what is left.
        most = max(known.sft_seconds + LEAST_CHAMPION_SECONDS, FINAL_SHARE * total_seconds - before_sft)
        least_sft = min(least_sft, most)
    end = before_sft + least_sft
    contingency = min(scale.contingency_share * total_seconds, MOST_CONTINGENCY_SECONDS)
    setup = costs.tokenizer.warm_seconds + known.calibration_seconds + scale.calibrate_train_seconds
    shortest = max(scale.shortest_search_seconds, rates.overhead_seconds + scale.shortest_train_seconds)
    need = shortest * (baseline_rounds(slots, False) + math.ceil(FIRST_LOOK_SEEDS / slots))
    if not rates.measured and known.is_least:
        _refuse_too_little(scale, total_seconds, setup + need + end, least_sft, price_micro_usd_per_hour)
    # A short session searches least, and ends as well as it can.
    final = max(end, min(FINAL_SHARE * total_seconds, total_seconds - contingency - setup - need))
    search = max(0.0, total_seconds - final - contingency - setup)
    early = costs.sft.cold_seconds + scale.shortest_train_seconds
    has_early_model = search >= need + early
    wanted = min(max(SEARCH_JOB_SHARE * total_seconds, shortest), scale.longest_search_seconds)
    per_job = min(wanted, max(shortest, search / _minimum_rounds(scale, slots)))
    tokens = search_tokens or _tokens(rates, per_job)
    tokens = tokens if most_text is None else min(tokens, most_text)
    per_job = tokens / rates.tokens_per_second + rates.overhead_seconds
    slack = scale.overhead_slack * (known.champion_seconds + known.sft_seconds + evaluation + deployment)
    slack = min(slack, final - end)
    training = final - fixed - slack
    most_sft = None if most_tuned is None else max(least_sft, tuning_seconds(most_tuned))
    sft = max(training * scale.sft_share, least_sft)
    sft = sft if most_sft is None else min(sft, most_sft)
    champion_rates = together(
        rates, slots, scale.rank_efficiency, known.champion_seconds, scale.rank_overhead_seconds
    )
    champion = useful_seconds(champion_rates, scale.depth, scale.vocab_size, training - sft, most_text)
    # The length of search runs stays: what the champion cannot use buys more of them.
    freed = training - sft - champion
    final, search = final - freed, search + freed
    ladder = ladder_seconds(
        scale, slots > FIRST_LOOK_SEEDS, search, tokens, rates.tokens_per_second, rates.overhead_seconds
    )
    baselines = baseline_rounds(slots, has_early_model)
    runs = (int((search - ladder) / per_job) - baselines - 1) * slots
    replicates = replicates_for(runs, slots)
    hypotheses = hypotheses_for(runs, slots, replicates)
    if max_hypotheses is not None:
        hypotheses = min(hypotheses, max_hypotheses)
    rounds = baselines + 1 + (step_seeds(slots, replicates) + hypotheses * EXPECTED_SEEDS[replicates]) / slots
    is_bounded = max_hypotheses is not None and hypotheses == max_hypotheses
    unspent = min(freed, max(0.0, search - ladder - per_job * rounds)) if is_bounded else 0.0
    early_tokens = _tokens(rates, per_job)
    return Plan(
        kind=scale.kind,
        slots=slots,
        price_micro_usd_per_hour=price_micro_usd_per_hour,
        total_seconds=total_seconds,
        contingency_seconds=contingency,
        final_seconds=final,
        setup_seconds=setup,
        search_seconds=search - unspent,
        search_job_seconds=per_job,
        search_tokens=tokens,
        early_sft_tokens=early_tokens if most_tuned is None else min(early_tokens, most_tuned),
        hypotheses=hypotheses,
        replicates=replicates,
        champion_seconds=champion,
        champion_sft_seconds=sft,
        eval_seconds=evaluation,
        deploy_seconds=deployment,
        report_seconds=scale.report_seconds,
        rank_efficiency=scale.rank_efficiency,
        rank_overhead_seconds=scale.rank_overhead_seconds,
        rates=rates,
        ladder_seconds=ladder,
        has_early_model=has_early_model,
        sft_least_seconds=least_sft,
        sft_floor_seconds=sft_floor,
        sft_floor_tokens=floor,
        sft_most_tokens=most_tuned,
        sft_most_seconds=most_sft,
        text_most_tokens=most_text,
        freed_seconds=freed,
        unspent_seconds=unspent,
        slack_seconds=slack,
        champion_overhead_seconds=known.champion_seconds,
        sft_overhead_seconds=known.sft_seconds,
    )


def guessed_plan(scale: Scale, slots: int, price_micro_usd_per_hour: int, total_seconds: float) -> Plan:
    """What stands in for a plan until the calibration has run."""
    rates = guessed_rates(scale).model_copy(update={"measured": True})
    overheads = scale.guess_overheads
    return make_plan(scale, slots, price_micro_usd_per_hour, total_seconds, rates, overheads=overheads)


def near_horizon(plan: Plan, compiled_tokens: int) -> int | None:
    """The horizon nearest to the plan's that finds the code of a calibration for `compiled_tokens`.

    None where that is too far off: compiling once more is cheaper than runs of the wrong length.
    """
    tokens = tokens_of_same_batch(plan.search_tokens, compiled_tokens, STEP_TOKENS)
    return tokens if _LEAST_NEAR <= tokens / plan.search_tokens <= _MOST_NEAR else None


def _tokens(rates: Rates, seconds: float) -> int:
    return round_tokens(rates.tokens_per_second * (seconds - rates.overhead_seconds), STEP_TOKENS)


def _evaluation_seconds(scale: Scale, costs: Overheads, total_seconds: float, depth: int) -> float:
    """CORE's items are chosen to fit; a longer session reads more of them, and a deep model reads slowly."""
    least = costs.eval.warm_seconds
    if scale.longest_eval_seconds is None:
        return least
    least = max(least, EVAL_START_SECONDS + least_core_seconds(depth))
    return max(least, min(EVAL_SHARE * total_seconds, scale.longest_eval_seconds))


def _minimum_rounds(scale: Scale, slots: int) -> int:
    """Rounds of jobs a search should have: baselines and early SFT, some hypotheses, a confirmation."""
    looks = math.ceil(scale.least_hypotheses * FIRST_LOOK_SEEDS / slots)
    return baseline_rounds(slots, True) + looks + 1


def _refuse_too_little(scale: Scale, total: float, needed: float, least_sft: float, price: int) -> None:
    least = needed / (1 - scale.contingency_share)
    if total < least:
        seconds = math.ceil(least)
        usd = node_cost_micro_usd(seconds, price) / 1e6
        raise UserError(
            f"--budget: it buys {total:.0f} s of this machine; allowed: at least {seconds} s "
            f"({usd:.4f}usd here), of which a model that chats is fine-tuned for {least_sft:.0f} s"
        )
