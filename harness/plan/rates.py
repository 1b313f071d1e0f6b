"""What a slot does a second: guessed before the calibration, measured after it."""

from collections.abc import Sequence

from harness.plan.overheads import Overheads
from harness.plan.scale import Scale
from harness.plan.sizes import STEP_TOKENS, round_tokens
from journal.records import JobRow
from trainer.job import Contract, JobResult


class Rates(Contract):
    """One slot's speed on the starter recipe, and a job's seconds that are not training."""

    tokens_per_second: float
    overhead_seconds: float
    measured: bool

    def training_seconds(self, seconds: float) -> float:
        """What a job of `seconds` trains."""
        return max(0.0, seconds - self.overhead_seconds)

    def tokens_in(self, seconds: float) -> int:
        """Tokens that a job of `seconds` sees."""
        return round_tokens(self.tokens_per_second * self.training_seconds(seconds), STEP_TOKENS)


def together(
    rates: Rates, slots: int, efficiency: float, overhead_seconds: float, rank_overhead_seconds: float
) -> Rates:
    """What so many slots train in one job, by the rates of one; `overhead_seconds` is that of one rank."""
    return Rates(
        tokens_per_second=rates.tokens_per_second * (slots * efficiency if slots > 1 else 1.0),
        overhead_seconds=overhead_seconds + (rank_overhead_seconds if slots > 1 else 0.0),
        measured=rates.measured and slots == 1,
    )


def guessed_rates(scale: Scale) -> Rates:
    """What stands in until the calibration has run."""
    return Rates(
        tokens_per_second=scale.guess_tokens_per_second,
        overhead_seconds=scale.guess_overheads.pretrain.warm_seconds,
        measured=False,
    )


def uniform_overheads(scale: Scale, rates: Rates) -> Overheads:
    """Where one overhead was measured and nothing else is known: the scale's guesses about that."""
    # An evaluation is start-up, validation and all of CORE: what a job does besides training, and more.
    return scale.guess_overheads.with_measured(
        {f"pretrain.{warmth}": rates.overhead_seconds for warmth in ("cold", "warm")}
    ).with_training(rates.overhead_seconds)


def measured_rates(rows: Sequence[JobRow]) -> Rates:
    """Rates that finished jobs show: the lowest speed, the longest overhead."""
    return Rates(
        tokens_per_second=min(row.metrics["tokens_per_second"] for row in rows),
        overhead_seconds=max(_overhead(row) for row in rows),
        measured=True,
    )


def _overhead(row: JobRow) -> float:
    """Wall seconds, from the launch on, that were not training."""
    assert row.result is not None and row.started_at is not None and row.finished_at is not None
    result = JobResult.model_validate_json(row.result)
    return max(0.1, row.finished_at - row.started_at - result.train_seconds)
