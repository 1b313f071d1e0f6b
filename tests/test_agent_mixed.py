"""Shares: the model is a minority, and nobody repeats anybody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.mixed import MixedProposer, slots
from agent.random import RandomProposer
from agent.search import SearchProposer
from tests.agent_support import check_drafts, context, tried

SHARES = st.lists(st.floats(0.01, 1.0), min_size=1, max_size=4)


@given(SHARES, st.integers(0, 60), st.integers(0, 12))
def test_every_stretch_of_slots_is_dealt_out(shares: list[float], start: int, count: int) -> None:
    dealt = slots(shares, start, count)
    assert sum(dealt) == count and min(dealt) >= 0
    together = [a + b for a, b in zip(slots(shares, 0, start), dealt, strict=True)]
    assert together == slots(shares, 0, start + count)


@given(SHARES, st.integers(1, 100))
def test_shares_hold_from_the_start(shares: list[float], count: int) -> None:
    for share, got in zip(shares, slots(shares, 0, count), strict=True):
        assert abs(got - count * share / sum(shares)) < len(shares)


def test_a_third_goes_to_the_minority() -> None:
    assert slots([0.7, 0.3], 0, 10) == [7, 3]
    assert [slots([0.7, 0.3], n, 1).index(1) for n in range(10)].count(1) == 3


def test_drafts_differ_between_proposers() -> None:
    lab = context(*tried(2))
    drafts = MixedProposer([(SearchProposer(), 0.5), (RandomProposer(), 0.5)]).propose(lab, 8)
    assert [d.proposer for d in drafts] == ["search"] * 4 + ["random"] * 4
    check_drafts(lab, [d.model_copy(update={"proposer": "x"}) for d in drafts], 8, "x")


@pytest.mark.parametrize("shares", [[], [0.0], [-1.0, 2.0]])
def test_bad_shares_are_refused(shares: list[float]) -> None:
    with pytest.raises(ValueError, match="allowed"):
        MixedProposer([(RandomProposer(), share) for share in shares])
