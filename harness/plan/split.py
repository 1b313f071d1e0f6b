"""From money to a plan, pure.

The end (champion, SFT, evaluation, deployment, report) is carved out first, so that a lab never
ends without a model; what is left is searched with.
"""

import math

from harness.errors import UserError
from harness.plan.overheads import Overheads
from harness.plan.plan import SHUTDOWN_SECONDS, Plan, baseline_rounds
from harness.plan.rates import STEP_TOKENS, Rates, guessed_rates, uniform_overheads
from harness.plan.rungs import ladder_seconds
from harness.plan.scale import Scale
from harness.plan.seeds import hypotheses_for, replicates_for
from harness.plan.sizes import least_sft_seconds, round_tokens
from journal.prices import node_cost_micro_usd
from journal.science.judge import FIRST_LOOK_SEEDS

FINAL_SHARE = 0.45
CONTINGENCY_SHARE = 0.05
# What may go wrong at the end takes minutes, whatever the budget.
MOST_CONTINGENCY_SECONDS = 600.0
SEARCH_JOB_SHARE = 0.05
# Of the session, for CORE's items of the headline evaluation, where reading them all takes longer.
EVAL_SHARE = 0.04
LEAST_CHAMPION_SECONDS = 10.0


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
) -> Plan:
    """Split `total_seconds` of node time.

    `search_tokens` keeps the horizon of a recipe that exists already.

    Raises:
        UserError: it is too little to end with a model.
    """
    costs = overheads or uniform_overheads(scale, rates)
    evaluation = _evaluation_seconds(scale, costs, total_seconds)
    deployment = costs.deployment.warm_seconds
    fixed = evaluation + deployment + scale.report_seconds + SHUTDOWN_SECONDS
    least_sft = least_sft_seconds(scale, slots, rates.tokens_per_second, costs.sft.cold_seconds)
    before_sft = fixed + costs.pretrain.cold_seconds + LEAST_CHAMPION_SECONDS
    sft_floor = least_sft
    if rates.measured:
        # Once money has been spent on measuring a slow machine, make the best of what is left.
        most = max(costs.sft.cold_seconds + LEAST_CHAMPION_SECONDS, FINAL_SHARE * total_seconds - before_sft)
        least_sft = min(least_sft, most)
    end = before_sft + least_sft
    contingency = min(CONTINGENCY_SHARE * total_seconds, MOST_CONTINGENCY_SECONDS)
    setup = _setup_seconds(scale, costs)
    shortest = max(scale.shortest_search_seconds, rates.overhead_seconds + scale.shortest_train_seconds)
    need = shortest * (baseline_rounds(slots, False) + math.ceil(FIRST_LOOK_SEEDS / slots))
    if not rates.measured:
        _refuse_too_little(total_seconds, setup + need + end, least_sft, price_micro_usd_per_hour)
    # A short session searches least, and ends as well as it can.
    final = max(end, min(FINAL_SHARE * total_seconds, total_seconds - contingency - setup - need))
    search = max(0.0, total_seconds - final - contingency - setup)
    early = costs.sft.cold_seconds + scale.shortest_train_seconds
    has_early_model = search >= need + early
    wanted = min(max(SEARCH_JOB_SHARE * total_seconds, shortest), scale.longest_search_seconds)
    per_job = min(wanted, max(shortest, search / _minimum_rounds(slots)))
    tokens = search_tokens or _tokens(rates, per_job)
    per_job = tokens / rates.tokens_per_second + rates.overhead_seconds
    training = final - fixed
    sft = max(training * scale.sft_share, least_sft)
    ladder = ladder_seconds(
        scale, slots > FIRST_LOOK_SEEDS, search, tokens, rates.tokens_per_second, rates.overhead_seconds
    )
    baselines = baseline_rounds(slots, has_early_model)
    runs = (int((search - ladder) / per_job) - baselines - 1) * slots
    replicates = replicates_for(runs, slots)
    hypotheses = hypotheses_for(runs, slots, replicates)
    return Plan(
        kind=scale.kind,
        slots=slots,
        price_micro_usd_per_hour=price_micro_usd_per_hour,
        total_seconds=total_seconds,
        contingency_seconds=contingency,
        final_seconds=final,
        setup_seconds=setup,
        search_seconds=search,
        search_job_seconds=per_job,
        search_tokens=tokens,
        early_sft_tokens=_tokens(rates, per_job),
        hypotheses=hypotheses if max_hypotheses is None else min(hypotheses, max_hypotheses),
        replicates=replicates,
        champion_seconds=training - sft,
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
        prior=prior,
        overheads=overheads,
    )


def guessed_plan(scale: Scale, slots: int, price_micro_usd_per_hour: int, total_seconds: float) -> Plan:
    """What stands in for a plan until the calibration has run."""
    rates = guessed_rates(scale).model_copy(update={"measured": True})
    overheads = scale.guess_overheads
    return make_plan(scale, slots, price_micro_usd_per_hour, total_seconds, rates, overheads=overheads)


def _tokens(rates: Rates, seconds: float) -> int:
    return round_tokens(rates.tokens_per_second * (seconds - rates.overhead_seconds), STEP_TOKENS)


def _setup_seconds(scale: Scale, costs: Overheads) -> float:
    calibration = costs.pretrain.cold_seconds + scale.calibrate_train_seconds
    return costs.tokenizer.warm_seconds + calibration


def _evaluation_seconds(scale: Scale, costs: Overheads, total_seconds: float) -> float:
    """CORE's items are chosen to fit; a longer session reads more of them."""
    least = costs.eval.warm_seconds
    return (
        least
        if scale.longest_eval_seconds is None
        else max(least, min(EVAL_SHARE * total_seconds, scale.longest_eval_seconds))
    )


def _minimum_rounds(slots: int) -> int:
    """Rounds of jobs a search needs: baselines and early SFT, four hypotheses, a confirmation."""
    return baseline_rounds(slots, True) + math.ceil(4 * FIRST_LOOK_SEEDS / slots) + 1


def _refuse_too_little(total: float, needed: float, least_sft: float, price: int) -> None:
    least = needed / (1 - CONTINGENCY_SHARE)
    if total < least:
        seconds = math.ceil(least)
        usd = node_cost_micro_usd(seconds, price) / 1e6
        raise UserError(
            f"--budget: it buys {total:.0f} s of this machine; allowed: at least {seconds} s "
            f"({usd:.4f}usd here), of which a model that chats is fine-tuned for {least_sft:.0f} s"
        )
