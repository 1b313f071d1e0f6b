"""Reading token by token through the cache gives the logits of reading everything at once."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.model_support import random_tokens, tiny_config, tiny_model
from trainer.model.kv_cache import KVCache

MIXED = {"smear": True, "backout": True, "bigram_tables": 2}
SHAPES = [{}, {"kv_heads": 2}, {"block": "llama"}, {"window_pattern": "L"}, MIXED]


@pytest.mark.parametrize("overrides", SHAPES)
@torch.no_grad()
def test_prefill_and_steps_equal_the_full_pass(overrides: dict[str, object]) -> None:
    config = tiny_config(**overrides)
    model = tiny_model(config, noise=0.1)
    tokens = random_tokens(2, 30)
    cache = KVCache(config, 2, 30)
    pieces = [model(tokens[:, :11], cache=cache)]
    pieces += [model(tokens[:, i : i + 1], cache=cache) for i in range(11, 30)]
    assert torch.allclose(torch.cat(pieces, 1), model(tokens), atol=1e-4)
    assert cache.lengths.tolist() == [30, 30]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 6)), min_size=1, max_size=8), st.integers(0, 99))
def test_slots_of_any_lengths_do_not_see_each_other(calls: list[tuple[int, int]], seed: int) -> None:
    config = tiny_config(**MIXED)
    model = tiny_model(config, noise=0.1)
    rows = random_tokens(4, 48, seed=seed)
    cache = KVCache(config, 4, 48)
    with torch.no_grad():
        full = model(rows)
        for slot, count in calls:
            start = int(cache.lengths[slot])
            logits = model(rows[slot, None, start : start + count], cache=cache, slots=torch.tensor([slot]))
            assert torch.allclose(logits[0], full[slot, start : start + count], atol=1e-4)
        order = torch.tensor([3, 1, 0, 2])
        starts = cache.lengths[order]
        together = model(rows[order, starts][:, None], cache=cache, slots=order)
    assert torch.allclose(together[:, 0], full[order, starts], atol=1e-4)


@torch.no_grad()
def test_rows_of_different_lengths_are_read_in_one_padded_pass() -> None:
    config = tiny_config(**MIXED)
    model = tiny_model(config, noise=0.1)
    rows, counts = random_tokens(3, 20), torch.tensor([5, 12, 9])
    padded = rows.clone()
    for row, count in enumerate(counts.tolist()):
        padded[row, count:] = 0
    cache = KVCache(config, 3, 20)
    last = model(padded[:, :12], cache=cache, counts=counts, last_only=True)
    full = model(rows)
    assert torch.allclose(last[:, 0], full[torch.arange(3), counts - 1], atol=1e-4)
    assert cache.lengths.tolist() == counts.tolist()
    after = model(rows[torch.arange(3), counts][:, None], cache=cache)
    assert torch.allclose(after[:, 0], full[torch.arange(3), counts], atol=1e-4)


@torch.no_grad()
def test_a_slot_can_be_reset() -> None:
    config = tiny_config()
    model = tiny_model(config, noise=0.1)
    rows = random_tokens(2, 12)
    full = model(rows)
    cache = KVCache(config, 3, 16)
    model(rows[1:, :10], cache=cache, slots=torch.tensor([0]))
    cache.reset(0)
    model(rows[:1, :8], cache=cache, slots=torch.tensor([0]))
    assert torch.allclose(
        model(rows[:1, 8:9], cache=cache, slots=torch.tensor([0]))[:, 0], full[:1, 8], atol=1e-4
    )


@torch.no_grad()
def test_last_only_is_the_last_column() -> None:
    model = tiny_model(noise=0.1)
    tokens = random_tokens(2, 12)
    assert torch.allclose(model(tokens, last_only=True), model(tokens)[:, -1:], atol=1e-6)


@torch.no_grad()
def test_a_full_slot_is_refused_and_left_as_it_was() -> None:
    config = tiny_config()
    model = tiny_model(config)
    cache = KVCache(config, 2, 8)
    model(random_tokens(2, 6), cache=cache)
    with pytest.raises(ValueError, match="9 tokens in a cache for 8"):
        model(random_tokens(2, 3), cache=cache)
    assert cache.lengths.tolist() == [6, 6]


@torch.no_grad()
def test_rows_and_slots_must_match() -> None:
    config = tiny_config()
    with pytest.raises(ValueError, match="2 rows of tokens for 1 slots"):
        tiny_model(config)(random_tokens(2, 3), cache=KVCache(config, 2, 8), slots=torch.tensor([0]))


@torch.no_grad()
def test_positions_past_the_model_s_are_refused() -> None:
    config = tiny_config()
    model, cache = tiny_model(config), KVCache(config, 1, 3000)
    cache.lengths[0] = 2047
    with pytest.raises(ValueError, match="2049 tokens; allowed: at most 2048"):
        model(random_tokens(1, 2), cache=cache)
