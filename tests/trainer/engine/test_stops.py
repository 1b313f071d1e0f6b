"""Streamed text: whole characters, no part of a stop string, the same however the bytes are cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.engine.stops import TextStream

TEXTS = st.text(alphabet="ab.<é✓", max_size=30)
STOPS = st.lists(st.text(alphabet="ab.<é✓", min_size=1, max_size=4), max_size=3)


def expected(text: str, stop: list[str]) -> tuple[str, bool]:
    """Read the text one character at a time, and cut where a stop string is first complete."""
    for end in range(1, len(text) + 1):
        complete = [s for s in stop if text[:end].endswith(s)]
        if complete:
            return text[: end - len(max(complete, key=len))], True
    return text, False


@given(TEXTS, STOPS, st.lists(st.integers(1, 4), max_size=60))
def test_any_cut_of_the_bytes_gives_the_text_before_the_first_complete_stop(
    text: str, stop: list[str], sizes: list[int]
) -> None:
    stream, data, shown = TextStream(stop), text.encode(), ""
    for size in [*sizes, len(data)]:
        piece, data = data[:size], data[size:]
        shown += stream.feed(piece)
        if stream.stopped:
            break
    shown += stream.flush()
    assert (shown, stream.stopped) == expected(text, stop)


@given(TEXTS, STOPS)
def test_what_is_shown_can_always_be_kept(text: str, stop: list[str]) -> None:
    stream, shown = TextStream(stop), ""
    final, _ = expected(text, stop)
    for byte in text.encode():
        shown += stream.feed(bytes([byte]))
        assert final.startswith(shown)


@given(TEXTS)
def test_without_stop_strings_no_whole_character_is_held_back(text: str) -> None:
    stream = TextStream()
    assert [stream.feed(character.encode()) for character in text] == list(text)


def test_an_unfinished_character_becomes_the_replacement_character_at_the_end() -> None:
    stream = TextStream()
    assert stream.feed("é".encode()[:1]) == ""
    assert stream.flush() == "\ufffd"


def test_nothing_comes_after_a_stop() -> None:
    stream = TextStream(["END"])
    assert stream.feed(b"one END two") == "one "
    assert stream.feed(b"three") == ""
    assert stream.flush() == ""


def test_an_empty_stop_string_stops_nothing() -> None:
    assert TextStream([""]).feed(b"text") == "text"


@pytest.mark.parametrize("stop", [["a", "b"], ["b", "a"], ["xab", "a"], ["axb", "a"]])
def test_of_several_stop_strings_the_one_complete_first_counts(stop: list[str]) -> None:
    stream = TextStream(stop)
    assert (stream.feed(b"xaxb"), stream.stopped) == ("x", True)
