"""Whether a loaded model is the one that was saved: it must give the loss stored with it."""

import math
from typing import TYPE_CHECKING

import torch

from trainer.job.engine import CanaryReport

if TYPE_CHECKING:
    from trainer.checkpoint.reader import LoadedModel
    from trainer.model.kv_cache import KVCache

# Room for another dtype and other kernels than those of the machine that saved.
RELATIVE_TOLERANCE = 0.02
ABSOLUTE_TOLERANCE_NATS = 0.02
GREEDY_TOKENS = 16


@torch.no_grad()
def run_canary(loaded: "LoadedModel", cache: "KVCache", request_id: str) -> CanaryReport:
    """Recompute the stored row's loss, then decode a few tokens through a cache of its own."""
    expected = loaded.canary.loss
    loss, problem = _loss(loaded)
    if (
        problem is None
        and abs(loss - expected) > RELATIVE_TOLERANCE * abs(expected) + ABSOLUTE_TOLERANCE_NATS
    ):
        problem = f"loss {loss:.4f}; expected {expected:.4f}"
    if problem is None:
        problem = _decoding_problem(loaded, cache)
    return CanaryReport(
        request_id=request_id,
        passed=problem is None,
        loss=loss if math.isfinite(loss) else None,
        expected_loss=expected,
        detail=problem or f"loss {loss:.4f}, expected {expected:.4f}; {GREEDY_TOKENS} tokens decoded",
    )


def _loss(loaded: "LoadedModel") -> tuple[float, str | None]:
    tokens = loaded.canary.tokens
    if not all(0 <= token < loaded.config.vocab_size for token in tokens):
        return math.nan, "the canary's tokens are not in the vocabulary"
    row = torch.tensor(tokens, device=loaded.model.device)[None]
    loss = float(loaded.model.loss_per_token(row[:, :-1], row[:, 1:]).double().mean())
    return loss, None if math.isfinite(loss) else f"loss {loss}"


def _decoding_problem(loaded: "LoadedModel", cache: "KVCache") -> str | None:
    """Greedy tokens through the cache must be finite and those that the uncached model takes."""
    room = loaded.config.sequence_len - GREEDY_TOKENS
    prompt = list(loaded.canary.tokens[: max(1, min(16, room))])
    cache.reset()
    row, feed = list(prompt), torch.tensor([prompt], device=loaded.model.device)
    for _ in range(min(GREEDY_TOKENS, loaded.config.sequence_len - len(prompt))):
        logits_V = loaded.model(feed, cache=cache, last_only=True)[0, -1]
        if not bool(torch.isfinite(logits_V).all()):
            return "decoding gives logits that are not finite"
        row.append(int(logits_V.argmax()))
        feed = torch.tensor([[row[-1]]], device=loaded.model.device)
    return _uncached_problem(loaded, row, len(prompt))


def _uncached_problem(loaded: "LoadedModel", row: list[int], prompt_tokens: int) -> str | None:
    logits_TV = loaded.model(torch.tensor([row[:-1]], device=loaded.model.device))[0]
    for place in range(prompt_tokens, len(row)):
        scores_V = logits_TV[place - 1]
        if float(scores_V.max() - scores_V[row[place]]) > 0.5:
            return f"decoding through the cache differs from the model at token {place}"
    return None
