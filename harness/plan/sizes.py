"""Sizes of models and horizons, in parameters and tokens."""

from trainer.job import TOKENS_PER_PARAMETER, matrix_parameters


def round_tokens(tokens: float, multiple: int) -> int:
    """A whole number of steps, at least 8."""
    return max(8, int(tokens) // multiple) * multiple


def compute_optimal_depth(total_flops: float, vocab_size: int) -> int:
    """The even depth whose compute-optimal horizon costs `total_flops`, as nanochat measured."""
    best = 4
    for depth in range(4, 65, 2):
        parameters = matrix_parameters(depth, vocab_size)
        if 6 * parameters * TOKENS_PER_PARAMETER * parameters <= total_flops:
            best = depth
    return best
