"""Conversations in rows: whole, masked, padded, the same for any ranks and cuts."""

from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.batches.conversations import ConversationStream, Rendered, learnt_targets, pack_conversations
from trainer.data.errors import DataError
from trainer.tokens import IGNORE

PADDING = 777
Talk = tuple[int, int]


def render(talk: Talk) -> Rendered:
    """A prompt and an answer, each token of the answer being the conversation's own number."""
    number, length = talk
    tokens = np.array([PADDING] + [1] * length + [1000 + number] * length, np.int32)
    return tokens, tokens >= 1000


def stream(
    talks: list[Talk], epochs: float | None = 1.0, sequence_len: int = 16, seed: int = 0
) -> ConversationStream[Talk]:
    return ConversationStream(talks, render, sequence_len, PADDING, seed, epochs)


talk_lists = st.lists(st.integers(1, 7), min_size=1, max_size=60).map(
    lambda lengths: list(enumerate(lengths))
)


def test_targets_are_the_next_token_inside_the_mask_only() -> None:
    tokens = np.array([5, 6, 7, 8], np.int32)
    inputs, targets = learnt_targets(tokens, np.array([False, True, False, True]), 5, PADDING)
    assert inputs.tolist() == [5, 6, 7, PADDING, PADDING]
    assert targets.tolist() == [6, IGNORE, 8, IGNORE, IGNORE]


@given(talk_lists)
def test_an_epoch_teaches_every_answer_exactly_once(talks: list[Talk]) -> None:
    learnt = [
        int(token)
        for batch in stream(talks).steps(4, 0, 1)
        for token in batch.targets[batch.targets != IGNORE]
    ]
    expected = [1000 + number for number, length in talks for _ in range(length)]
    assert sorted(learnt) == sorted(expected)


@given(talk_lists)
def test_a_conversation_stays_in_one_row(talks: list[Talk]) -> None:
    rows = pack_conversations([render(talk) for talk in talks], 16, PADDING)
    homes = [set(targets[targets != IGNORE].tolist()) for _, targets in rows]
    assert sum(len(home) for home in homes) == len(talks)


@settings(deadline=None)
@given(talk_lists, st.sampled_from([1, 2, 4]))
def test_target_count_is_that_of_all_ranks(talks: list[Talk], world_size: int) -> None:
    whole = list(stream(talks).steps(4, 0, 1))
    shares = [list(stream(talks).steps(4, rank, world_size)) for rank in range(world_size)]
    for step, batch in enumerate(whole):
        targets = np.concatenate([share[step].targets for share in shares])
        np.testing.assert_array_equal(targets, batch.targets)
        assert all(share[step].target_count == (targets != IGNORE).sum() for share in shares)


@settings(deadline=None, max_examples=40)
@given(talk_lists, st.integers(0, 20), st.sampled_from([0.4, 1.0, 2.5]))
def test_any_position_continues_the_stream_exactly(talks: list[Talk], cut: int, epochs: float) -> None:
    whole = list(stream(talks, epochs).steps(2, 0, 1))
    cut = min(cut, len(whole) - 1)
    rest = list(stream(talks, epochs).steps(2, 0, 1, whole[cut - 1].position if cut else None))
    assert len(rest) == len(whole) - cut
    for expected, got in zip(whole[cut:], rest, strict=True):
        np.testing.assert_array_equal(expected.inputs, got.inputs)
        np.testing.assert_array_equal(expected.targets, got.targets)
        assert (expected.progress, expected.epochs) == (got.progress, got.epochs)


def test_progress_ends_at_one_and_epochs_at_what_was_asked() -> None:
    talks = [(number, 5) for number in range(100)]
    *_, last = stream(talks, 2.5).steps(4, 0, 1)
    assert last.progress == 1.0 and last.epochs == 2.5


def test_without_epochs_the_stream_has_no_end_and_each_pass_another_order() -> None:
    talks = [(number, 5) for number in range(20)]
    batches = list(islice(stream(talks, None).steps(1, 0, 1), 60))
    order = [int(batch.targets.max()) for batch in batches]
    assert sorted(order[:20]) == sorted(order[20:40]) and order[:20] != order[20:40]


def test_the_seed_orders_the_conversations() -> None:
    talks = [(number, 5) for number in range(50)]
    first, second = (next(stream(talks, seed=seed).steps(8, 0, 1)).inputs for seed in (0, 1))
    assert not np.array_equal(first, second)


def test_conversations_with_nothing_to_learn_are_refused() -> None:
    empty = ConversationStream(
        [(0, 5)], lambda talk: (render(talk)[0], np.zeros(11, bool)), 16, PADDING, 0, None
    )
    with pytest.raises(DataError, match="no conversation"):
        next(empty.steps(1, 0, 1))
