"""Continuous batching: requests join and leave between forward passes."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import torch

from trainer.engine.generation import Generation
from trainer.engine.replies import Advance, banned_mask
from trainer.engine.sampler import sample
from trainer.engine.scheduler import Key, Scheduler
from trainer.tokenizer import Tokenizer

if TYPE_CHECKING:
    from trainer.kv_cache import KVCache
    from trainer.model import GPT

# Long prompts are fed in pieces, so that they hold up the others' tokens only briefly.
PREFILL_CHUNK_TOKENS = {"cuda": 2048, "cpu": 256}
Report = Callable[[Generation, Advance], None]


class Batcher:
    """Runs the model for all requests in flight; `report` hears of every token's outcome."""

    def __init__(
        self, model: "GPT", tokenizer: Tokenizer, cache: "KVCache", slots: int, report: Report
    ) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self._cache = cache
        self._report = report
        self._device = next(model.parameters()).device
        self._chunk_tokens = PREFILL_CHUNK_TOKENS.get(self._device.type, 256)
        self._masks: dict[frozenset[str], torch.Tensor] = {}
        self.scheduler: Scheduler[Generation] = Scheduler(slots)

    def add(self, generation: Generation) -> None:
        """Queue a request.

        Raises:
            ValueError: its id is already in flight.
        """
        self.scheduler.add(generation)

    def remove(self, key: Key) -> Generation | None:
        """Take a request out, finished or not."""
        return self.scheduler.remove(key)

    @torch.no_grad()
    def step(self) -> None:
        """Admit what fits, feed one piece of a prompt, and decode one token for everyone else."""
        for generation in self.scheduler.admit():
            assert generation.slot is not None
            self._cache.reset(generation.slot)
        decoding = self.scheduler.decoding()
        prefill = self.scheduler.next_prefill()
        if prefill is not None:
            self._forward([prefill], self._chunk_tokens)
        if decoding:
            self._forward(decoding, 1)

    def _forward(self, generations: Sequence[Generation], tokens: int) -> None:
        rows = [generation.take(tokens) for generation in generations]
        tokens_BT = torch.tensor(rows, dtype=torch.long, device=self._device)
        slots_B = torch.tensor([g.slot for g in generations], dtype=torch.long, device=self._device)
        logits_BV = self._model(tokens_BT, cache=self._cache, slots=slots_B)[:, -1]
        if not generations[0].pending:
            self._draw(generations, logits_BV)

    def _draw(self, generations: Sequence[Generation], logits_BV: torch.Tensor) -> None:
        banned_BV = torch.stack([self._mask(g, logits_BV.shape[-1]) for g in generations])
        drawn = sample(logits_BV, banned_BV, [g.draw for g in generations])
        for generation, token in zip(generations, drawn, strict=True):
            self._advance(generation, token)

    def _advance(self, generation: Generation, token: int) -> None:
        advance = generation.reply.accept(token)
        generation.record(token, advance.insert)
        full = generation.used >= self._model.config.sequence_len
        if advance.finish is None and (full or generation.sampled_tokens >= generation.max_tokens):
            advance = Advance(advance.text + generation.reply.flush(), finish="length")
        if advance.finish is not None:
            self.scheduler.remove(generation.key)
        self._report(generation, advance)

    def _mask(self, generation: Generation, vocab_size: int) -> torch.Tensor:
        allowed = generation.reply.allowed_specials()
        if allowed not in self._masks:
            banned = banned_mask(self._tokenizer, vocab_size, allowed)
            self._masks[allowed] = torch.from_numpy(banned).to(self._device)
        return self._masks[allowed]
