"""Drawing tokens: greedy, nucleus, seeds, masks."""

import pytest
import torch

from trainer.engine.sampler import Draw, sample
from trainer.job.engine import Sampling

NOTHING = torch.zeros(1, 6, dtype=torch.bool)
LOGITS = torch.log(torch.tensor([[0.4, 0.3, 0.15, 0.1, 0.04, 0.01]]))


def draws(count: int, **sampling: float) -> list[int]:
    draw = Draw(Sampling.model_validate({"seed": 5, **sampling}))
    return [sample(LOGITS, NOTHING, [draw])[0] for _ in range(count)]


def test_temperature_zero_takes_the_likeliest() -> None:
    assert set(draws(20, temperature=0.0)) == {0}


def test_frequencies_follow_the_probabilities() -> None:
    counts = torch.bincount(torch.tensor(draws(4000)), minlength=6) / 4000
    assert torch.allclose(counts, LOGITS.exp()[0], atol=0.03)


def test_temperature_sharpens() -> None:
    tempered = (LOGITS / 0.5).softmax(-1)[0]
    counts = torch.bincount(torch.tensor(draws(4000, temperature=0.5)), minlength=6) / 4000
    assert torch.allclose(counts, tempered, atol=0.03)


def test_top_p_keeps_the_fewest_tokens_that_reach_it() -> None:
    assert set(draws(300, top_p=0.4)) == {0}
    assert set(draws(300, top_p=0.69)) == {0, 1}
    assert set(draws(300, top_p=0.84)) == {0, 1, 2}


def test_banned_tokens_are_never_drawn() -> None:
    banned = torch.tensor([[True, True, False, True, True, False]])
    draw = Draw(Sampling(seed=1))
    assert {sample(LOGITS, banned, [draw])[0] for _ in range(300)} == {2, 5}
    assert sample(LOGITS, banned, [Draw(Sampling(temperature=0.0))]) == [2]


@pytest.mark.parametrize("top_p", [1.0, 0.95, 0.3])
def test_a_seed_gives_the_same_tokens_whoever_shares_the_batch(top_p: float) -> None:
    generator = torch.Generator().manual_seed(0)
    steps = [torch.randn(4, 500, generator=generator) for _ in range(30)]
    nothing = torch.zeros(4, 500, dtype=torch.bool)
    settings = Sampling(seed=7, temperature=0.9, top_p=top_p)
    alone = Draw(settings)
    expected = [sample(logits[2:3], nothing[:1], [alone])[0] for logits in steps]
    flat = Sampling(seed=2, temperature=2.0, top_p=0.999)
    batch = [Draw(Sampling(temperature=0.0)), Draw(Sampling(seed=1)), Draw(settings), Draw(flat)]
    assert [sample(logits, nothing, batch)[2] for logits in steps] == expected


def test_different_seeds_and_no_seed_differ() -> None:
    def stream(seed: int | None) -> list[int]:
        draw = Draw(Sampling(seed=seed))
        return [sample(LOGITS, NOTHING, [draw])[0] for _ in range(60)]

    assert stream(1) == stream(1)
    assert stream(1) != stream(2)
    assert stream(None) != stream(None)


def test_a_nucleus_larger_than_the_part_sorted_first_is_whole() -> None:
    logits = torch.zeros(1, 1000)
    draw = Draw(Sampling(seed=3, top_p=0.9))
    drawn = {sample(logits, torch.zeros(1, 1000, dtype=torch.bool), [draw])[0] for _ in range(4000)}
    assert 850 < len(drawn) <= 901
