"""A session's plan, pure: seconds, tokens and jobs of every phase."""

import math
from dataclasses import dataclass

from harness.plan.overheads import Overheads, same
from harness.plan.rates import Rates, together
from harness.plan.scale import Scale
from harness.plan.seeds import EXPECTED_SEEDS, baseline_seeds, seeds_in_words, step_seeds
from harness.plan.sizes import EVAL_START_SECONDS, core_items
from journal.prices import node_cost_micro_usd
from journal.science.judge import FIRST_LOOK_SEEDS
from trainer.job import Contract

KEPT_OF_FINAL = 0.6
# Of a search job, for CORE's items on a GPU: a small rung is asked fewer.
SEARCH_CORE_SHARE = 0.05
# Of the champion, whose evaluation reads more of them; and the least, which depth 8 reads all items in.
_CHAMPION_CORE_SHARE, _LEAST_CHAMPION_CORE_SECONDS = 0.02, 4.0
SHUTDOWN_SECONDS = 12.0
# What a job's end may take beyond its deadline.
ENDING_SECONDS = 25.0
# The slower of evaluation and deployment may end so much later than planned.
_LATE_SECONDS = 5.0


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
    has_early_model: bool = True
    # What fine-tuning gets at least, and what it should get.
    sft_least_seconds: float = 0.0
    sft_floor_seconds: float = 0.0
    # Tokens that a base needs to chat; those of so many epochs of the chat set, and what they take (None: no
    # bound is known).
    sft_floor_tokens: int = 0
    sft_most_tokens: int | None = None
    sft_most_seconds: float | None = None
    # Those of so many epochs of the text (None: no bound is known); champion's seconds that are beyond them,
    # and what of these the search cannot use either.
    text_most_tokens: int | None = None
    freed_seconds: float = 0.0
    unspent_seconds: float = 0.0
    # Beside the contingency, what the champion leaves for jobs that take longer than planned.
    slack_seconds: float = 0.0
    # Beside the training of champion and fine-tuning, by the shapes that are planned; None: as if cold.
    champion_overhead_seconds: float | None = None
    sft_overhead_seconds: float | None = None
    # What this machine's jobs took before the session, and what they take by all that is known now.
    prior: Overheads | None = None
    overheads: Overheads | None = None

    @property
    def costs(self) -> Overheads:
        """Overheads by kind of job; of a plan that was made without them, the one that it has."""
        if self.overheads is not None:
            return self.overheads
        training = same(self.rates.overhead_seconds)
        evaluation, deployment = same(self.eval_seconds), same(self.deploy_seconds)
        return Overheads(
            pretrain=training, sft=training, eval=evaluation, tokenizer=same(0.0), deployment=deployment
        )

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

    def core_per_task(self, scale: Scale) -> int | None:
        """CORE's items of each task in a search job."""
        if scale.kind == "cpu":
            return scale.core_per_task
        return self._core_items(
            scale, scale.core_per_task, scale.depth, SEARCH_CORE_SHARE * self.search_job_seconds
        )

    def core_per_task_champion(self, scale: Scale, depth: int) -> int | None:
        """The same in the champion's own jobs."""
        if scale.kind == "cpu":
            return scale.core_per_task
        seconds = max(_LEAST_CHAMPION_CORE_SECONDS, _CHAMPION_CORE_SHARE * self.champion_seconds)
        return self._core_items(scale, scale.core_per_task, depth, seconds)

    def core_per_task_final(self, scale: Scale, depth: int) -> int | None:
        """The same in the headline evaluation of a model of this depth."""
        if scale.kind == "cpu":
            return scale.core_per_task_final
        seconds = self.eval_seconds - EVAL_START_SECONDS
        return self._core_items(scale, scale.core_per_task_final, depth, seconds)

    def _core_items(self, scale: Scale, most: int | None, depth: int, seconds: float) -> int | None:
        speed = min(1.0, self.rates.tokens_per_second / scale.guess_tokens_per_second)
        return core_items(most, depth, seconds, speed)

    @property
    def early_sft_seconds(self) -> float:
        """Of the early model's fine-tuning, on one slot."""
        return self.costs.sft.cold_seconds + self.early_sft_tokens / self.rates.tokens_per_second

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
        serving = serve_seconds(self.kind, self.eval_seconds, self.deploy_seconds)
        return serving + self.report_seconds + SHUTDOWN_SECONDS

    def tokens_in(self, seconds: float, ranks: int) -> int:
        """Tokens that `ranks` slots train in a job of `seconds`, its overhead included."""
        return self.rates_of(ranks).tokens_in(seconds)

    def rates_of(self, ranks: int) -> Rates:
        """What so many slots together are expected to pretrain in the champion's shape."""
        planned = self.champion_overhead_seconds
        return self._rates_of(ranks, self.costs.pretrain.cold_seconds if planned is None else planned)

    def sft_rates_of(self, ranks: int) -> Rates:
        """The same of fine-tuning."""
        planned = self.sft_overhead_seconds
        return self._rates_of(ranks, self.costs.sft.cold_seconds if planned is None else planned)

    def tuning_tokens(self, seconds: float) -> int:
        """Tokens of a fine-tuning job of so many seconds on all slots."""
        tokens = self.sft_rates_of(self.slots).tokens_in(seconds)
        return tokens if self.sft_most_tokens is None else min(tokens, self.sft_most_tokens)

    def _rates_of(self, ranks: int, overhead_seconds: float) -> Rates:
        return together(self.rates, ranks, self.rank_efficiency, overhead_seconds, self.rank_overhead_seconds)


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


def phases(plan: Plan) -> list[Phase]:
    """The plan's table: phases, jobs, node seconds, dollars."""
    baseline_jobs = plan.baseline_seeds + plan.has_early_model
    baseline = plan.search_job_seconds * baseline_rounds(plan.slots, plan.has_early_model)
    baseline = min(baseline, plan.search_seconds - plan.ladder_seconds)
    early = ", early SFT" if plan.has_early_model else ""
    rows = [
        ("tokenizer, calibration", 1 + calibrations(plan.kind, plan.slots), plan.setup_seconds),
        (f"baseline ({plan.baseline_seeds} seeds){early}", baseline_jobs, baseline),
        (
            f"search: {plan.hypotheses} hypotheses of {seeds_in_words(plan.replicates)}",
            search_jobs(plan),
            plan.search_seconds - plan.ladder_seconds - baseline,
        ),
        *([("ladder: findings on the rung above", 0, plan.ladder_seconds)] if plan.ladder_seconds else []),
        ("champion at a longer horizon", 1, plan.champion_seconds),
        ("champion SFT", 1, plan.champion_sft_seconds),
        ("evaluation, deployment, report", 1, plan.after_sft_seconds),
        ("contingency", 0, plan.contingency_seconds + plan.slack_seconds),
        *([("unspent: the text is too small", 0, plan.unspent_seconds)] if plan.unspent_seconds else []),
    ]
    return [Phase(n, jobs, s, node_cost_micro_usd(s, plan.price_micro_usd_per_hour)) for n, jobs, s in rows]


def search_jobs(plan: Plan) -> int:
    """Runs that the planned hypotheses are expected to take, their baseline's further seeds included."""
    jobs = math.ceil(plan.hypotheses * EXPECTED_SEEDS[plan.replicates])
    return jobs + step_seeds(plan.slots, plan.replicates) * (plan.hypotheses > 0)


def serve_seconds(kind: str, eval_seconds: float, deploy_seconds: float) -> float:
    """Of evaluation and deployment: side by side on a GPU, on a CPU they share the cores.

    Fine-tuning's deadline leaves time for its own end and the deployment alone.
    """
    if kind == "cpu":
        return eval_seconds + deploy_seconds
    return max(eval_seconds, deploy_seconds + ENDING_SECONDS) + _LATE_SECONDS


def calibrations(kind: str, slots: int) -> int:
    """CPU slots share caches and memory: two are measured at once; a GPU is measured alone."""
    return min(2, slots) if kind == "cpu" else 1


def baseline_rounds(slots: int, has_early_model: bool) -> int:
    """Rounds of the baseline's seeds; the early SFT runs beside the search where there is room."""
    is_alone = has_early_model and slots <= 2 * FIRST_LOOK_SEEDS
    return math.ceil((baseline_seeds(slots) + is_alone) / slots)
