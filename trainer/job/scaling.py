"""What follows from a model's depth by the published rules: its width, its parameters, its horizon."""

from trainer.job.spec import ModelSpec

# The compute-optimal horizon, in tokens a parameter of `matrix_parameters` (nanochat, dev/LOG.md).
TOKENS_PER_PARAMETER = 10.5
_WIDTH_PER_LAYER = 64


def default_width(depth: int) -> int:
    """Size of the residual stream that goes with a depth."""
    return _WIDTH_PER_LAYER * depth


def width_of(model: ModelSpec) -> int:
    """Size of the residual stream: the model's own setting, or that of its depth."""
    return model.width or default_width(model.depth)


def matrix_parameters(depth: int, vocab_size: int, width: int | None = None) -> int:
    """Parameters of the layers' matrices and of the head; `width` None: the depth's.

    A layer with as many key and value heads as heads has 4 width² in attention and 8 width² in its MLP.
    `trainer.sizing.flops.param_counts` counts those of a resolved model.
    """
    width = width or default_width(depth)
    return 12 * depth * width**2 + vocab_size * width
