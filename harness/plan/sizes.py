"""Sizes of models and horizons, in parameters and tokens."""


def round_tokens(tokens: float, multiple: int) -> int:
    """A whole number of steps, at least 8."""
    return max(8, int(tokens) // multiple) * multiple


def matrix_parameters(depth: int, vocab_size: int) -> int:
    """Transformer matrices and head of the default shape (width 64 × depth)."""
    width = 64 * depth
    return 12 * depth * width**2 + vocab_size * width


def compute_optimal_depth(total_flops: float, vocab_size: int) -> int:
    """The even depth whose 10.5 tokens per parameter cost `total_flops`, as nanochat measured."""
    best = 4
    for depth in range(4, 65, 2):
        parameters = matrix_parameters(depth, vocab_size)
        if 6 * parameters * 10.5 * parameters <= total_flops:
            best = depth
    return best
