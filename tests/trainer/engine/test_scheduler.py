"""Slots: first come, first served, none lost and none given twice."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.engine.scheduler import Key, Scheduler


@dataclass
class Waiting:
    key: Key
    pending: list[int] = field(default_factory=lambda: [1, 2, 3])
    slot: int | None = None


def request(number: int, tokens: int = 3) -> Waiting:
    return Waiting((1, str(number)), list(range(tokens)))


def test_slots_go_to_those_who_waited_longest() -> None:
    scheduler: Scheduler[Waiting] = Scheduler(2)
    requests = [request(n) for n in range(3)]
    for each in requests:
        scheduler.add(each)
    assert scheduler.admit() == requests[:2]
    assert scheduler.admit() == []
    scheduler.remove(requests[0].key)
    assert scheduler.admit() == [requests[2]]
    assert requests[2].slot is not None and requests[2].slot != requests[1].slot


def test_prompts_wait_for_a_prefill_and_single_tokens_decode_together() -> None:
    scheduler: Scheduler[Waiting] = Scheduler(3)
    long, first, second = request(0, 5), request(1, 1), request(2, 1)
    for each in (long, first, second):
        scheduler.add(each)
    scheduler.admit()
    assert scheduler.next_prefill() is long
    assert scheduler.decoding() == [first, second]


def test_an_id_in_flight_cannot_be_used_again() -> None:
    scheduler: Scheduler[Waiting] = Scheduler(1)
    scheduler.add(request(0))
    scheduler.admit()
    with pytest.raises(ValueError, match="already in flight"):
        scheduler.add(request(0))


@given(st.integers(1, 4), st.lists(st.tuples(st.sampled_from(["add", "remove", "admit"]), st.integers(0, 9))))
def test_slots_are_conserved(slots: int, actions: list[tuple[str, int]]) -> None:
    scheduler: Scheduler[Waiting] = Scheduler(slots)
    for action, number in actions:
        if action == "add" and (1, str(number)) not in scheduler:
            scheduler.add(request(number))
        elif action == "remove":
            scheduler.remove((1, str(number)))
        elif action == "admit":
            scheduler.admit()
        held = [each.slot for each in scheduler if each.slot is not None]
        assert len(held) == len(set(held)) <= slots
    for each in list(scheduler):
        scheduler.remove(each.key)
    for number in range(slots + 1):
        scheduler.add(request(number))
    assert sorted(r.slot for r in scheduler.admit() if r.slot is not None) == list(range(slots))
