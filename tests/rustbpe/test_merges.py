"""Training: the same merges as the slow reference, whatever the text and however it arrives."""

import threading
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rustbpe import bpe_reference
from trainer._rustbpe import MAX_TOKEN_BYTES, PATTERN, Bpe, split

# Unassigned code points may belong to different classes in different versions of Unicode.
unicode_text = st.text(st.characters(exclude_categories=("Cs", "Cn")))
crowded_text = st.text("aab'sS ſlLé字1²٣ \t\r\n\u00a0\u2028!-😀\u0301", max_size=40)
repetitive_text = st.text("ab ", max_size=60)
corpora = st.lists(st.one_of(unicode_text, crowded_text, repetitive_text), max_size=8)


@settings(max_examples=300, deadline=None)
@given(st.one_of(unicode_text, crowded_text))
def test_split_equals_the_pattern(text: str) -> None:
    assert split(text) == bpe_reference.split(text)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("it's we'LL 'ſo", ["it", "'s", " we", "'LL", " '", "ſo"]),
        ("x'ſy y'vel", ["x", "'ſ", "y", " y", "'ve", "l"]),
        ("20245 ١٢٣½", ["20", "24", "5", " ", "١٢", "٣½"]),
        ("a  b \t\n \r\n  c  ", ["a", " ", " b", " \t\n \r\n", " ", " c", "  "]),
        ("f(x)!\n\ny", ["f", "(x", ")!\n\n", "y"]),
    ],
)
def test_split_by_example(text: str, pieces: list[str]) -> None:
    assert split(text) == pieces == bpe_reference.split(text)


def test_the_pattern_is_the_reference_pattern() -> None:
    assert bpe_reference.PATTERN.pattern == PATTERN


@settings(max_examples=200, deadline=None)
@given(corpora, st.integers(0, 40))
def test_merges_equal_the_reference(texts: list[str], merges: int) -> None:
    assert Bpe.train(texts, merges).merges == bpe_reference.train(texts, merges, MAX_TOKEN_BYTES)


@settings(max_examples=50, deadline=None)
@given(corpora, st.integers(1, 5))
def test_threads_order_and_iterator_change_nothing(texts: list[str], threads: int) -> None:
    once = Bpe.train(texts, 30, threads=1).merges
    assert Bpe.train(iter(texts[::-1]), 30, threads=threads).merges == once


def test_equal_counts_go_to_the_smallest_ids() -> None:
    assert Bpe.train(["dc ba"], 1).merges == [(ord(" "), ord("b"))]
    assert Bpe.train(["dc", "ba"], 2).merges == [(ord("b"), ord("a")), (ord("d"), ord("c"))]


def test_a_long_run_stops_at_the_token_limit() -> None:
    texts = ["-" * 3000]
    bpe = Bpe.train(texts, 40)
    assert bpe.merges == bpe_reference.train(texts, 40, MAX_TOKEN_BYTES)
    assert max(len(bpe.token(id) or b"") for id in range(bpe.vocab_size)) == MAX_TOKEN_BYTES


def test_text_larger_than_a_chunk_is_counted_whole() -> None:
    texts = ["ab " * 1_000_000] * 4 + ["xy " * 5_000_000]
    assert Bpe.train(texts, 1).merges == [(ord("x"), ord("y"))]


def test_errors_of_the_iterator_come_through() -> None:
    def broken() -> Iterator[str]:
        yield "ab"
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        Bpe.train(broken(), 3)


def test_only_text_is_accepted() -> None:
    with pytest.raises(TypeError, match=r"texts\.1: bytes; allowed: str"):
        Bpe.train(["a", b"b"], 3)  # type: ignore[list-item]


def test_other_threads_run_while_merging() -> None:
    wakeups = 0
    done = threading.Event()

    def wake_up_often() -> None:
        nonlocal wakeups
        while not done.wait(0.001):
            wakeups += 1

    # One word: counted at once, merged for a long time.
    text = "".join(chr(0x4E00 + (i * i * 7919) % 20000) for i in range(300_000)) * 10
    thread = threading.Thread(target=wake_up_often)
    thread.start()
    try:
        before = wakeups
        Bpe.train([text], 1000, threads=1)
        during = wakeups - before
    finally:
        done.set()
        thread.join()
    assert during > 30
