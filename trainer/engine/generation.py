"""One request on its way through the engine."""

from dataclasses import dataclass, field

from trainer.engine.replies import Reply
from trainer.engine.sampler import Draw
from trainer.engine.scheduler import Key


@dataclass
class Generation:
    """`pending` are the tokens still to be fed; `used` counts prompt, sampled and inserted tokens."""

    key: Key
    prompt_tokens: int
    max_tokens: int
    draw: Draw
    reply: Reply
    pending: list[int]
    slot: int | None = None
    sampled_tokens: int = 0
    used: int = field(init=False)

    def __post_init__(self) -> None:
        self.used = self.prompt_tokens

    def take(self, count: int) -> list[int]:
        """The next `count` tokens to feed, which are then no longer pending."""
        taken, self.pending = self.pending[:count], self.pending[count:]
        return taken

    def record(self, token: int, insert: tuple[int, ...]) -> None:
        """Book a sampled token and what is inserted behind it; all of it is to be fed."""
        self.pending = [*self.pending, token, *insert]
        self.sampled_tokens += 1
        self.used += 1 + len(insert)
