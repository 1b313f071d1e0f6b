"""Steps are prepared a window ahead: packing the next one does not keep the training waiting."""

import threading
from collections.abc import Iterator

import pytest

from trainer.batches.packing import ROWS_PER_WINDOW
from trainer.batches.prefetch import LEAST_DEPTH, Prefetch, depth_of


@pytest.mark.parametrize("rows", [1, 8, 64, 128, 512, 4096])
def test_a_window_of_rows_is_ahead_and_few_large_steps(rows: int) -> None:
    assert depth_of(rows) * rows >= ROWS_PER_WINDOW
    assert depth_of(rows) == LEAST_DEPTH or (depth_of(rows) - 1) * rows <= ROWS_PER_WINDOW


def test_so_many_items_are_made_before_the_first_is_asked_for() -> None:
    made, reached = [], threading.Event()

    def items() -> Iterator[int]:
        for number in range(100):
            made.append(number)
            if number == 10:
                reached.set()
            yield number

    ahead = Prefetch(items(), depth=10)
    assert reached.wait(30.0), "ten wait, the eleventh is at the door"
    assert [next(ahead) for _ in range(100)] == list(range(100))
    with pytest.raises(StopIteration):
        next(ahead)
    ahead.close()


def test_an_error_is_raised_where_it_would_be_read() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("the second")

    ahead = Prefetch(items())
    assert next(ahead) == 1
    for _ in range(2):
        with pytest.raises(ValueError, match="the second"):
            next(ahead)
    ahead.close()
