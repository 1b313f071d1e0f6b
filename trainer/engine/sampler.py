"""Draws the next token of every active request at once."""

from collections.abc import Sequence

import torch

from trainer.job.engine import Sampling

SORTED_FIRST = 256


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
    the fewest that together reach `top_p`. What a row gives depends on that row alone.
    """
    logits_BV = logits_BV.float().masked_fill(banned_BV, float("-inf"))
    tokens_B = logits_BV.argmax(dim=-1)
    drawn = [i for i, draw in enumerate(draws) if draw.temperature > 0.0]
    unrestricted = [i for i in drawn if draws[i].top_p == 1.0]
    nucleus = [i for i in drawn if draws[i].top_p < 1.0]
    for rows, draw_rows in ((unrestricted, _draw_from_all), (nucleus, _draw_from_nucleus)):
        if rows:
            tokens_B[rows] = draw_rows(logits_BV[rows], [draws[i] for i in rows])
    return [int(token) for token in tokens_B.tolist()]


def _draw_from_all(logits_BV: torch.Tensor, draws: Sequence[Draw]) -> torch.Tensor:
    return _inverted(_probabilities(logits_BV, draws), draws)


def _draw_from_nucleus(logits_BV: torch.Tensor, draws: Sequence[Draw]) -> torch.Tensor:
    probability_BV = _probabilities(logits_BV, draws)
    top_p_B1 = _column([draw.top_p for draw in draws], logits_BV)
    # Sorting a large vocabulary costs more than a small model's step, and is rarely needed.
    for count in (min(SORTED_FIRST, logits_BV.shape[-1]), logits_BV.shape[-1]):
        sorted_BK, order_BK = probability_BV.topk(count, dim=-1)
        before_BK = sorted_BK.cumsum(dim=-1, dtype=torch.float64) - sorted_BK
        if bool((before_BK[:, -1:] >= top_p_B1).all()):
            break
    kept_BK = sorted_BK.masked_fill(before_BK >= top_p_B1, 0.0)
    return order_BK.gather(1, _inverted(kept_BK, draws)[:, None])[:, 0]


def _probabilities(logits_BV: torch.Tensor, draws: Sequence[Draw]) -> torch.Tensor:
    return (logits_BV / _column([draw.temperature for draw in draws], logits_BV).float()).softmax(dim=-1)


def _inverted(weight_BV: torch.Tensor, draws: Sequence[Draw]) -> torch.Tensor:
    """The place in each row at which its cumulative weight passes the row's uniform number."""
    cumulative_BV = weight_BV.cumsum(dim=-1, dtype=torch.float64)
    target_B1 = _column([draw.uniform() for draw in draws], weight_BV) * cumulative_BV[:, -1:]
    place_B1 = torch.searchsorted(cumulative_BV, target_B1, right=True).clamp(max=weight_BV.shape[-1] - 1)
    # Rounding may lead past the last token that has any weight.
    likeliest_B1 = weight_BV.argmax(dim=-1, keepdim=True)
    return torch.where(weight_BV.gather(1, place_B1) > 0, place_B1, likeliest_B1)[:, 0]


def _column(values: Sequence[float], like: torch.Tensor) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64, device=like.device)[:, None]
