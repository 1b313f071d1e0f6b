"""The final run's horizon, and on GPUs the depth that its compute is best spent on."""

from harness.plan.plan import Plan
from harness.plan.rates import Rates
from harness.plan.rungs import SLOWDOWN_POWER, searched_depth
from harness.plan.scale import Scale
from harness.plan.sizes import STEP_TOKENS, compute_optimal_depth, round_tokens
from journal.records import Patch, Recipe
from trainer.job import matrix_parameters


def champion_patch(plan: Plan, recipe: Recipe, scale: Scale, seconds: float, ranks: int) -> Patch:
    """The champion's horizon; on GPUs also the depth that so much compute is best spent on."""
    tokens = plan.tokens_in(seconds, ranks)
    searched = searched_depth(recipe)
    if scale.kind != "gpu":
        return {"train_tokens": tokens}
    if searched is None:
        return {"train_tokens": min(tokens, plan.text_most_tokens or tokens)}
    depth, grown_tokens = grown_horizon(searched, tokens, scale.vocab_size, plan.text_most_tokens)
    horizon: Patch = {"train_tokens": grown_tokens}
    return horizon if depth == searched else {"model.depth": depth, **horizon}


def planned_depth(plan: Plan, scale: Scale) -> int:
    """The depth that the planned champion has, if the recipe's width follows from its depth."""
    if scale.kind != "gpu":
        return scale.depth
    tokens = plan.tokens_in(plan.champion_seconds, plan.slots)
    return grown_horizon(scale.depth, tokens, scale.vocab_size, plan.text_most_tokens)[0]


def useful_seconds(
    rates: Rates, searched: int | None, vocab_size: int, seconds: float, most_tokens: int | None
) -> float:
    """What of a champion's `seconds` it can use, where it may read no more than `most_tokens`.

    `searched` is the depth that it grows from; None: it does not grow.
    """
    tokens = int(rates.tokens_per_second * rates.training_seconds(seconds))
    if most_tokens is None or tokens <= most_tokens:
        return seconds
    if searched is None:
        used = float(most_tokens)
    else:
        if grown_horizon(searched, tokens, vocab_size)[1] <= most_tokens:
            return seconds
        depth, read = grown_horizon(searched, tokens, vocab_size, most_tokens)
        used = read * _slowdown(searched, depth, vocab_size)
    return min(seconds, rates.overhead_seconds + used / rates.tokens_per_second)


def grown_horizon(
    searched: int, tokens: int, vocab_size: int, most_tokens: int | None = None
) -> tuple[int, int]:
    """The depth that the compute of `tokens` at the searched depth is best spent on, and its tokens.

    Where these would be more than `most_tokens`, less compute is spent: that of so many.
    """
    small = matrix_parameters(searched, vocab_size)
    depth = max(searched, compute_optimal_depth(6.0 * small * tokens, vocab_size))
    if depth == searched:
        return searched, tokens if most_tokens is None else min(tokens, most_tokens)
    slowdown = _slowdown(searched, depth, vocab_size)
    grown = round_tokens(tokens / slowdown, STEP_TOKENS)
    if most_tokens is None or grown <= most_tokens:
        return depth, grown
    return grown_horizon(searched, int(most_tokens * slowdown), vocab_size, most_tokens)


def _slowdown(searched: int, depth: int, vocab_size: int) -> float:
    """How much longer a token takes at a depth."""
    small, large = (matrix_parameters(d, vocab_size) for d in (searched, depth))
    return float((large / small) ** SLOWDOWN_POWER)
