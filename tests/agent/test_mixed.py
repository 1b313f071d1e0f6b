"""Shares: the model is a minority, and nobody repeats anybody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.knowledge.track_record import Gain
from agent.mixed import LEAST_SHARE, MixedProposer, earned_shares, slots
from agent.random import RandomProposer
from agent.search.proposer import SearchProposer
from tests.support.agent_support import check_drafts, context, tried

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


def gain(bpb: float, micro_usd: int, hypotheses: int = 10) -> Gain:
    return Gain("search", hypotheses, bpb, micro_usd)


def test_until_something_is_confirmed_the_shares_of_the_start_hold() -> None:
    assert earned_shares([7, 3], [None, None]) == [0.7, 0.3]
    assert earned_shares([7, 3], [gain(0.0, 100), gain(0.0, 900)]) == [0.7, 0.3]
    assert earned_shares([7, 3], [gain(0.1, 0), None]) == [0.7, 0.3]


def test_equal_gain_per_dollar_changes_nothing() -> None:
    assert earned_shares([0.7, 0.3], [gain(0.2, 2000, 20), gain(0.1, 1000, 10)]) == pytest.approx([0.7, 0.3])


def test_the_better_bargain_gains_share_with_evidence() -> None:
    few = earned_shares([0.7, 0.3], [gain(0.01, 200, 2), gain(0.03, 200, 2)])
    many = earned_shares([0.7, 0.3], [gain(0.1, 2000, 20), gain(0.3, 2000, 20)])
    assert 0.3 < few[1] < many[1] < 1 - LEAST_SHARE
    # The same gain at ten times the bill.
    assert earned_shares([0.7, 0.3], [gain(0.1, 2000, 20), gain(0.1, 20_000, 20)])[1] < 0.3


@given(SHARES, st.data())
def test_nobody_is_silenced_and_shares_sum_to_one(shares: list[float], data: st.DataObject) -> None:
    won = st.just(0.0) | st.floats(1e-9, 10)
    record = st.builds(gain, won, st.integers(0, 10**9), st.integers(1, 1000)) | st.none()
    records = [data.draw(record) for _ in shares]
    found = earned_shares(shares, records)
    assert sum(found) == pytest.approx(1.0)
    earned = any(r and r.confirmed_bpb for r in records) and any(r and r.micro_usd for r in records)
    if earned:
        assert min(found) >= LEAST_SHARE / (1 + LEAST_SHARE * len(found)) - 1e-9


@pytest.mark.parametrize("shares", [[], [0.0], [-1.0, 2.0]])
def test_bad_shares_are_refused(shares: list[float]) -> None:
    with pytest.raises(ValueError, match="allowed"):
        MixedProposer([(RandomProposer(), share) for share in shares])
