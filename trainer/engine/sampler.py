"""Draws the next token of every active request at once."""

from collections.abc import Sequence

import torch

from trainer.job.engine import Sampling


class Draw:
    """One request's source of chance: the same seed gives the same numbers, whoever shares the batch."""

    def __init__(self, sampling: Sampling) -> None:
        self.temperature = sampling.temperature
        self.top_p = sampling.top_p
        self._generator = torch.Generator()
        if sampling.seed is None:
            self._generator.seed()
        else:
            self._generator.manual_seed(sampling.seed % (1 << 63))

    def uniform(self) -> float:
        """The next number in [0, 1)."""
        return float(torch.rand((), generator=self._generator, dtype=torch.float64))


def sample(logits_BV: torch.Tensor, banned_BV: torch.Tensor, draws: Sequence[Draw]) -> list[int]:
    """One token for each row; `banned_BV` marks tokens that must not be drawn.

    Temperature 0 is greedy; else nucleus sampling (arXiv 1904.09751): of the most probable tokens
    the fewest that together reach `top_p`, drawn by inverting their cumulative distribution.
    """
    logits_BV = logits_BV.float().masked_fill(banned_BV, float("-inf"))
    best_B = logits_BV.argmax(dim=-1)
    if all(draw.temperature == 0.0 for draw in draws):
        return [int(token) for token in best_B.tolist()]
    column = {"dtype": torch.float64, "device": logits_BV.device}
    temperature_B1 = torch.tensor([[draw.temperature or 1.0] for draw in draws], **column)  # type: ignore[arg-type]
    top_p_B1 = torch.tensor([[draw.top_p] for draw in draws], **column)  # type: ignore[arg-type]
    uniform_B1 = torch.tensor([[draw.uniform()] for draw in draws], **column)  # type: ignore[arg-type]
    probability_BV, order_BV = (logits_BV / temperature_B1).softmax(dim=-1).sort(dim=-1, descending=True)
    before_BV = probability_BV.cumsum(dim=-1) - probability_BV
    kept_BV = probability_BV.masked_fill(before_BV >= top_p_B1, 0.0)
    cumulative_BV = kept_BV.cumsum(dim=-1)
    target_B1 = uniform_B1 * cumulative_BV[:, -1:]
    last_B1 = (kept_BV > 0).sum(dim=-1, keepdim=True) - 1
    place_B1 = torch.searchsorted(cumulative_BV, target_B1, right=True).minimum(last_B1)
    drawn_B = order_BV.gather(1, place_B1)[:, 0]
    pairs = zip(draws, best_B.tolist(), drawn_B.tolist(), strict=True)
    return [int(best if draw.temperature == 0.0 else drawn) for draw, best, drawn in pairs]
