"""Smear, backout and bigram embeddings: nothing at the start, and each token sees only what is before it."""

import pytest
import torch

from tests.support.model_support import random_tokens, tiny_config, tiny_model
from trainer.model.embedding import bigram_rows

PLAIN = {"smear": False, "backout": False}
MIXED = {"smear": True, "backout": True, "bigram_tables": 2}


@pytest.mark.parametrize("overrides", [{"smear": True}, {"bigram_tables": 2}])
@torch.no_grad()
def test_nothing_is_mixed_in_at_the_start(overrides: dict[str, object]) -> None:
    plain, mixed = (tiny_model(tiny_config(**PLAIN | more)) for more in ({}, overrides))
    tokens = random_tokens(2, 16)
    assert torch.equal(plain(tokens), mixed(tokens))


@pytest.mark.parametrize("overrides", [{"smear": True}, {"backout": True}, {"bigram_tables": 2}, MIXED])
@torch.no_grad()
def test_a_token_changes_itself_and_what_follows(overrides: dict[str, object]) -> None:
    model = tiny_model(tiny_config(**PLAIN | overrides), noise=0.3)
    tokens = random_tokens(1, 16)
    changed = tokens.clone()
    changed[0, 7] = (changed[0, 7] + 1) % model.config.vocab_size
    before, after = model(tokens), model(changed)
    assert torch.allclose(before[0, :7], after[0, :7], atol=1e-5)
    assert not torch.allclose(before[0, 7], after[0, 7], atol=1e-3)


@torch.no_grad()
def test_smear_and_bigrams_tell_apart_what_came_before() -> None:
    """Of one layer with a window of one token: without them only the token itself could matter."""
    shape = {"depth": 1, "window_fraction": 1 / 16}
    tokens = torch.tensor([[5, 9], [6, 9]])
    for overrides, differ in (({}, False), ({"smear": True}, True), ({"bigram_tables": 2}, True)):
        model = tiny_model(tiny_config(**shape, **PLAIN | overrides), noise=0.3)
        model.layers[0].self_attn.o_proj.weight.zero_()
        first, second = model(tokens)[:, 1]
        assert torch.allclose(first, second, atol=1e-5) is not differ


def test_pairs_have_rows_of_their_own_and_the_first_token_the_last_one() -> None:
    tokens = torch.arange(300).repeat(2, 1)
    before = torch.stack((torch.full((300,), -1), torch.full((300,), 17)))
    rows = bigram_rows(before, tokens, 600)
    assert (rows[0] == 599).all()
    assert 0 <= int(rows[1].min()) <= int(rows[1].max()) < 599
    assert len(rows[1].unique()) > 200  # some pairs share a row, most do not


def test_every_new_parameter_learns() -> None:
    model = tiny_model(tiny_config(**MIXED), noise=0.1)
    tokens = random_tokens(2, 16)
    model.loss_per_token(tokens[:, :-1], tokens[:, 1:]).mean().backward()
    for name in ("smear_gate.weight", "smear_lambda", "backout_lambda", "bigram_embeddings.weight"):
        gradient = model.get_parameter(name).grad
        assert gradient is not None
        assert float(gradient.abs().max()) > 0.0, name
