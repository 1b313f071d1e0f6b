"""Keys and values of tokens already read, one row of the batch (a slot) a conversation."""

import torch
from torch import Tensor

from trainer.model.config import ModelConfig


class KVCache:
    """Room for `batch_slots` sequences of up to `max_len` tokens, each with a length of its own.

    `keys` and `values` are [layer, slot, kv_head, position, head_dim], `tokens` [slot, position].
    `lengths` [slot] lives on the CPU, so that no step waits for the GPU to learn where it writes.
    """

    def __init__(
        self,
        config: ModelConfig,
        batch_slots: int,
        max_len: int,
        device: torch.device | str = "cpu",
        dtype: torch.dtype = torch.float32,
    ) -> None:
        shape = (config.depth, batch_slots, config.kv_heads, max_len, config.head_dim)
        self.keys = torch.zeros(shape, device=device, dtype=dtype)
        self.values = torch.zeros(shape, device=device, dtype=dtype)
        self.tokens = torch.zeros(batch_slots, max_len, device=device, dtype=torch.long)
        self.lengths = torch.zeros(batch_slots, dtype=torch.long)
        self.max_len = max_len

    def reset(self, slot: int | None = None) -> None:
        """Forget one slot, or all of them."""
        if slot is None:
            self.lengths.zero_()
        else:
            self.lengths[slot] = 0

    def place(self, tokens_BT: Tensor, slots: Tensor | None) -> "Placement":
        """Where these tokens go.

        Raises:
            ValueError: if a slot has no room for them.
        """
        slots_cpu = torch.arange(len(self.lengths)) if slots is None else slots.to("cpu", torch.long)
        starts = self.lengths[slots_cpu]
        if len(slots_cpu) != tokens_BT.size(0):
            raise ValueError(f"{tokens_BT.size(0)} rows of tokens for {len(slots_cpu)} slots")
        end = int(starts.max()) + tokens_BT.size(1)
        if end > self.max_len:
            raise ValueError(f"{end} tokens in a cache for {self.max_len}")
        positions = starts[:, None] + torch.arange(tokens_BT.size(1))
        placement = Placement(self, slots_cpu, positions, end, all_slots=slots is None)
        placement.read(tokens_BT)
        return placement

    def advance(self, slots: Tensor | None, counts: Tensor | int) -> None:
        """Count tokens as read: all that were placed, or `counts` [B] of each row."""
        if slots is None:
            self.lengths += counts
        else:
            self.lengths[slots.to("cpu", torch.long)] += counts


class Placement:
    """One forward pass's view of the cache: rows `slots`, columns `positions_BT`."""

    def __init__(self, cache: KVCache, slots: Tensor, positions: Tensor, end: int, all_slots: bool) -> None:
        device = cache.keys.device
        self.positions_BT = positions.to(device)
        self.end = end
        self._cache, self._all_slots = cache, all_slots
        self._slots = slots.to(device)
        self._first, self._single = int(slots[0]), len(slots) == 1

    def read(self, tokens_BT: Tensor) -> None:
        """Note the tokens, and the one before each: -1 at position 0."""
        tokens, slots = self._cache.tokens, self._slots[:, None]
        tokens[slots, self.positions_BT] = tokens_BT
        before = tokens[slots, (self.positions_BT - 1).clamp(min=0)]
        self.before_BT = torch.where(self.positions_BT > 0, before, -1)

    def append(self, layer: int, k_BTKD: Tensor, v_BTKD: Tensor) -> tuple[Tensor, Tensor]:
        """Store new keys and values; return all of the rows so far, [B, kv_head, S, head_dim]."""
        return (
            self._append(self._cache.keys[layer], k_BTKD),
            self._append(self._cache.values[layer], v_BTKD),
        )

    def _append(self, store: Tensor, new_BTKD: Tensor) -> Tensor:
        store[self._slots[:, None], :, self.positions_BT] = new_BTKD.to(store.dtype)
        if self._all_slots:
            return store[:, :, : self.end]
        if self._single:
            return store[self._first : self._first + 1, :, : self.end]
        return store[self._slots, :, : self.end]
