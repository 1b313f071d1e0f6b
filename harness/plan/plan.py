"""What the money buys, pure: seconds, tokens and jobs of every phase.

The end (champion, SFT, evaluation, deployment, report) is carved out first, so that a lab never
ends without a model; what is left is searched with.
"""

import math
from dataclasses import dataclass

from harness.errors import UserError
from harness.plan.rates import STEP_TOKENS, Rates
from harness.plan.rungs import ladder_seconds
from harness.plan.scale import Scale
from harness.plan.seeds import (
    EXPECTED_SEEDS,
    baseline_seeds,
    hypotheses_for,
    replicates_for,
    seeds_in_words,
    step_seeds,
)
from harness.plan.sizes import round_tokens
from journal.prices import node_cost_micro_usd
from journal.science.judge import FIRST_LOOK_SEEDS
from trainer.job import Contract

FINAL_SHARE = 0.45
KEPT_OF_FINAL = 0.6
CONTINGENCY_SHARE = 0.05
# What may go wrong at the end takes minutes, whatever the budget.
MOST_CONTINGENCY_SECONDS = 600.0
SEARCH_JOB_SHARE = 0.05
EVAL_OVERHEADS = 1.6
SHUTDOWN_SECONDS = 12.0


class Plan(Contract):
    """The money as seconds and tokens; kept in the journal once the rates are measured."""

    kind: str
    slots: int
    price_micro_usd_per_hour: int
    total_seconds: float
    contingency_seconds: float
    final_seconds: float
    setup_seconds: float
    search_seconds: float
    search_job_seconds: float
    search_tokens: int
    early_sft_tokens: int
    hypotheses: int
    replicates: int
    champion_seconds: float
    champion_sft_seconds: float
    eval_seconds: float
    deploy_seconds: float
    report_seconds: float
    rank_efficiency: float
    rank_overhead_seconds: float
    rates: Rates
    ladder_seconds: float = 0.0

    @property
    def confirm_seeds(self) -> int:
        """Fresh seeds that a recipe of supported patches must win with."""
        return self.baseline_seeds if self.slots > 2 else 2

    @property
    def baseline_seeds(self) -> int:
        """Runs of its own that the first recipe gets."""
        return baseline_seeds(self.slots)

    @property
    def is_wide(self) -> bool:
        """More slots than one hypothesis fills: several questions are open at any time."""
        return self.slots > FIRST_LOOK_SEEDS

    @property
    def sft_share(self) -> float:
        """Of the end's training time."""
        return self.champion_sft_seconds / (self.champion_seconds + self.champion_sft_seconds)

    @property
    def keep_seconds(self) -> float:
        """Node time kept from the search."""
        return self.final_seconds + self.contingency_seconds + self.ladder_seconds

    @property
    def least_final_seconds(self) -> float:
        """Node time of the end that no job of the search or the ladder may touch."""
        return KEPT_OF_FINAL * self.final_seconds

    @property
    def after_sft_seconds(self) -> float:
        """Node time of evaluation, deployment, report and shutdown."""
        return self.eval_seconds + self.deploy_seconds + self.report_seconds + SHUTDOWN_SECONDS

    def tokens_in(self, seconds: float, ranks: int) -> int:
        """Tokens that `ranks` slots train in a job of `seconds`, its overhead included."""
        return self.rates_of(ranks).tokens_in(seconds)

    def rates_of(self, ranks: int) -> Rates:
        """What so many slots together are expected to do."""
        if ranks == 1:
            return self.rates
        return Rates(
            tokens_per_second=self.rates.tokens_per_second * ranks * self.rank_efficiency,
            overhead_seconds=self.rates.overhead_seconds + self.rank_overhead_seconds,
            measured=False,
        )


@dataclass(frozen=True)
class Phase:
    """One line of the plan's table."""

    name: str
    jobs: int
    seconds: float
    micro_usd: int


def wall_limit(seconds: float) -> float:
    """Wall-clock cap of a job planned for so long: noise never reaches it, a hang does not cost much more."""
    return 1.25 * max(seconds, 1.0) + min(1.25 * max(seconds, 1.0), 600.0) + 60.0


def search_limit(plan: Plan) -> float:
    """Wall-clock cap of a search job: noise never reaches it, a hang does."""
    return wall_limit(plan.search_job_seconds)


def make_plan(
    scale: Scale,
    slots: int,
    price_micro_usd_per_hour: int,
    total_seconds: float,
    rates: Rates,
    max_hypotheses: int | None = None,
    search_tokens: int | None = None,
) -> Plan:
    """Split `total_seconds` of node time.

    `search_tokens` keeps the horizon of a recipe that exists already.

    Raises:
        UserError: it is too little to end with a model.
    """
    # An evaluation is start-up, validation and all of CORE: what a job does besides training, and more.
    evaluation = max(scale.eval_seconds, EVAL_OVERHEADS * rates.overhead_seconds)
    fixed = evaluation + scale.deploy_seconds + scale.report_seconds + SHUTDOWN_SECONDS
    end = fixed + 2 * (rates.overhead_seconds + 10.0)
    final = max(FINAL_SHARE * total_seconds, end)
    contingency = min(CONTINGENCY_SHARE * total_seconds, MOST_CONTINGENCY_SECONDS)
    setup = scale.tokenizer_seconds + rates.overhead_seconds + scale.calibrate_train_seconds
    search = total_seconds - final - contingency - setup
    shortest = max(scale.shortest_search_seconds, rates.overhead_seconds + 5.0)
    need = setup + shortest * (_baseline_rounds(slots) + math.ceil(FIRST_LOOK_SEEDS / slots))
    if not rates.measured:
        # Once money has been spent on measuring a slow machine, make the best of what is left.
        _refuse_too_little(total_seconds, need, end, price_micro_usd_per_hour)
    wanted = min(max(SEARCH_JOB_SHARE * total_seconds, shortest), scale.longest_search_seconds)
    per_job = min(wanted, max(shortest, search / _minimum_rounds(slots)))
    tokens = search_tokens or _tokens(rates, per_job)
    per_job = tokens / rates.tokens_per_second + rates.overhead_seconds
    training = final - fixed
    ladder = ladder_seconds(
        scale, slots > FIRST_LOOK_SEEDS, search, tokens, rates.tokens_per_second, rates.overhead_seconds
    )
    runs = (int((search - ladder) / per_job) - _baseline_rounds(slots) - 1) * slots
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
        champion_seconds=training * (1 - scale.sft_share),
        champion_sft_seconds=training * scale.sft_share,
        eval_seconds=evaluation,
        deploy_seconds=scale.deploy_seconds,
        report_seconds=scale.report_seconds,
        rank_efficiency=scale.rank_efficiency,
        rank_overhead_seconds=scale.rank_overhead_seconds,
        rates=rates,
        ladder_seconds=ladder,
    )


def phases(plan: Plan) -> list[Phase]:
    """The plan's table: phases, jobs, node seconds, dollars."""
    baseline_jobs = plan.baseline_seeds + 1
    baseline = plan.search_job_seconds * _baseline_rounds(plan.slots)
    rows = [
        ("tokenizer, calibration", 1 + calibrations(plan.kind, plan.slots), plan.setup_seconds),
        (f"baseline ({plan.baseline_seeds} seeds), early SFT", baseline_jobs, baseline),
        (
            f"search: {plan.hypotheses} hypotheses of {seeds_in_words(plan.replicates)}",
            search_jobs(plan),
            max(0.0, plan.search_seconds - plan.ladder_seconds - baseline),
        ),
        *([("ladder: findings on the rung above", 0, plan.ladder_seconds)] if plan.ladder_seconds else []),
        ("champion at a longer horizon", 1, plan.champion_seconds),
        ("champion SFT", 1, plan.champion_sft_seconds),
        ("evaluation, deployment, report", 1, plan.after_sft_seconds),
        ("contingency", 0, plan.contingency_seconds),
    ]
    return [Phase(n, jobs, s, node_cost_micro_usd(s, plan.price_micro_usd_per_hour)) for n, jobs, s in rows]


def search_jobs(plan: Plan) -> int:
    """Runs that the planned hypotheses are expected to take, their baseline's further seeds included."""
    jobs = math.ceil(plan.hypotheses * EXPECTED_SEEDS[plan.replicates])
    return jobs + step_seeds(plan.slots, plan.replicates) * (plan.hypotheses > 0)


def calibrations(kind: str, slots: int) -> int:
    """CPU slots share caches and memory: two are measured at once; a GPU is measured alone."""
    return min(2, slots) if kind == "cpu" else 1


def _tokens(rates: Rates, seconds: float) -> int:
    return round_tokens(rates.tokens_per_second * (seconds - rates.overhead_seconds), STEP_TOKENS)


def _baseline_rounds(slots: int) -> int:
    """Rounds of the baseline's seeds; the early SFT runs beside the search where there is room."""
    return math.ceil((baseline_seeds(slots) + (slots <= 2 * FIRST_LOOK_SEEDS)) / slots)


def _minimum_rounds(slots: int) -> int:
    """Rounds of jobs a search needs: baselines and early SFT, four hypotheses, a confirmation."""
    return _baseline_rounds(slots) + math.ceil(4 * FIRST_LOOK_SEEDS / slots) + 1


def _refuse_too_little(total: float, before: float, end: float, price: int) -> None:
    least = max(before / (1 - FINAL_SHARE - CONTINGENCY_SHARE), (before + end) / (1 - CONTINGENCY_SHARE))
    if total < least:
        raise UserError(
            f"--budget: it buys {total:.0f} s of this machine; allowed: at least {math.ceil(least)} s "
            f"({node_cost_micro_usd(least, price) / 1e6:.4f}usd here)"
        )
