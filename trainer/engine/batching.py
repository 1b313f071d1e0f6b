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
    from trainer.model.gpt import GPT
    from trainer.model.kv_cache import KVCache

# Long prompts are fed in pieces, so that they hold up the others' tokens only briefly.
PREFILL_TOKENS = {"cuda": 2048, "cpu": 256}
Report = Callable[[Generation, Advance], None]


class Batcher:
    """Runs the model for all requests in flight; `report` hears of every token's outcome."""

    def __init__(
        self,
        model: "GPT",
        tokenizer: Tokenizer,
        cache: "KVCache",
        slots: int,
        report: Report,
        prefill_tokens: int | None = None,
    ) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self._cache = cache
        self._report = report
        self._slots = slots
        self._prefill_tokens = prefill_tokens or PREFILL_TOKENS.get(model.device.type, 256)
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
            self._forward([prefill], self._prefill_tokens)
        if decoding:
            self._forward(sorted(decoding, key=lambda g: g.slot or 0), 1)

    def _forward(self, generations: Sequence[Generation], tokens: int) -> None:
        tokens_BT = torch.tensor([g.take(tokens) for g in generations], device=self._model.device)
        slots = [g.slot for g in generations]
        # Without a list of slots the cache is read in place, not gathered row by row.
        slots_B = None if slots == list(range(self._slots)) else torch.tensor(slots)
        logits_BTV = self._model(tokens_BT, cache=self._cache, slots=slots_B, last_only=True)
        if not generations[0].pending:
            self._draw(generations, logits_BTV[:, -1])

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
            self._masks[allowed] = torch.from_numpy(banned).to(self._model.device)
        return self._masks[allowed]
