"""The final run's horizon, and on GPUs the depth that its compute is best spent on."""

from harness.plan.plan import Plan
from harness.plan.rates import STEP_TOKENS
from harness.plan.rungs import SLOWDOWN_POWER, searched_depth
from harness.plan.scale import Scale
from harness.plan.sizes import compute_optimal_depth, round_tokens
from journal.records import Patch, Recipe
from trainer.job import matrix_parameters


def champion_patch(plan: Plan, recipe: Recipe, scale: Scale, seconds: float, ranks: int) -> Patch:
    """The champion's horizon; on GPUs also the depth that so much compute is best spent on."""
    tokens = plan.tokens_in(seconds, ranks)
    searched = searched_depth(recipe)
    if scale.kind != "gpu" or searched is None:
        return {"train_tokens": tokens}
    depth, grown_tokens = grown_horizon(searched, tokens, scale.vocab_size)
    return (
        {"train_tokens": tokens}
        if depth == searched
        else {"model.depth": depth, "train_tokens": grown_tokens}
    )


def planned_depth(plan: Plan, scale: Scale) -> int:
    """The depth that the planned champion has, if the recipe's width follows from its depth."""
    if scale.kind != "gpu":
        return scale.depth
    tokens = plan.tokens_in(plan.champion_seconds, plan.slots)
    return grown_horizon(scale.depth, tokens, scale.vocab_size)[0]


def grown_horizon(searched: int, tokens: int, vocab_size: int) -> tuple[int, int]:
    """The depth that the compute of `tokens` at the searched depth is best spent on, and its tokens."""
    small = matrix_parameters(searched, vocab_size)
    depth = max(searched, compute_optimal_depth(6.0 * small * tokens, vocab_size))
    if depth == searched:
        return searched, tokens
    slower = (matrix_parameters(depth, vocab_size) / small) ** SLOWDOWN_POWER
    return depth, round_tokens(tokens / slower, STEP_TOKENS)
