"""Encoding: tiktoken's ids on the same ranks, and back to the same text."""

import tiktoken
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rustbpe import bpe_reference
from trainer._rustbpe import PATTERN, Bpe
from trainer.tokenizer import SPECIAL_TOKENS, Tokenizer

PROSE = (
    "It's 2024, and we'll see 1000s of tokens; don't panic!\n\n\tdef f(x):\n        return x ** 2  # größe\n"
    "日本語のテキスト、пример текста, مثال 😀👍🏽 1½ ٣٤٥ I'LL they'Ve ... --- ==== "
) * 20
fragments = st.sampled_from(
    [*PROSE.split(" "), " ", "  ", "\n", "\r\n", "'s", "a" * 300, "-" * 90, "ab" * 70]
)
# Unassigned code points may belong to different classes in the reference's version of Unicode.
assigned = st.text(st.characters(exclude_categories=("Cs", "Cn")))
known = st.one_of(st.lists(fragments, max_size=30).map(" ".join), st.text("ab -\n", max_size=300))
texts = st.one_of(st.text(), known)


def tiktoken_of(bpe: Bpe) -> tiktoken.Encoding:
    ordinary = bpe.vocab_size - len(bpe.special_tokens)
    ranks = {bpe.token(id) or b"": id for id in range(ordinary)}
    special = {name: ordinary + index for index, name in enumerate(bpe.special_tokens)}
    return tiktoken.Encoding("ours", pat_str=PATTERN, mergeable_ranks=ranks, special_tokens=special)


PROSE_BPE = Bpe.train([PROSE, "-" * 500, "ab" * 400], 700, SPECIAL_TOKENS)
PROSE_TIKTOKEN = tiktoken_of(PROSE_BPE)


@settings(max_examples=400, deadline=None)
@given(texts)
def test_ids_equal_tiktoken(text: str) -> None:
    assert PROSE_BPE.encode(text).tolist() == PROSE_TIKTOKEN.encode_ordinary(text)


@settings(max_examples=100, deadline=None)
@given(st.one_of(assigned, known), st.one_of(assigned, known))
def test_ids_equal_tiktoken_and_the_reference_for_any_vocabulary(corpus: str, text: str) -> None:
    bpe = Bpe.train([corpus], 50)
    ids = bpe.encode(text + corpus).tolist()
    assert ids == tiktoken_of(bpe).encode_ordinary(text + corpus)
    assert ids == bpe_reference.encode(text + corpus, bpe.merges)


@settings(max_examples=200, deadline=None)
@given(st.lists(texts, max_size=12), st.integers(1, 4))
def test_batches_equal_single_texts_and_decode_to_them(batch: list[str], threads: int) -> None:
    tokenizer = Tokenizer(PROSE_BPE)
    encoded = tokenizer.encode_batch(batch, threads)
    assert [ids.tolist() for ids in encoded] == [tokenizer.encode(text).tolist() for text in batch]
    assert [tokenizer.decode(ids) for ids in encoded] == batch
    assert all(ids.dtype == "int32" for ids in encoded)


def test_a_word_of_a_megabyte_is_encoded() -> None:
    word = "abc" * 350_000
    ids = PROSE_BPE.encode(word)
    assert Tokenizer(PROSE_BPE).decode(ids) == word


def test_special_tokens_in_text_are_text() -> None:
    bpe = Bpe.train(["".join(SPECIAL_TOKENS) * 50], 400, SPECIAL_TOKENS)
    ids = bpe.encode("".join(SPECIAL_TOKENS))
    assert ids.max() < bpe.vocab_size - len(SPECIAL_TOKENS)
    assert Tokenizer(bpe).decode_bytes(ids) == "".join(SPECIAL_TOKENS).encode()


def test_lone_surrogates_become_the_replacement_character() -> None:
    tokenizer = Tokenizer(PROSE_BPE)
    assert set(tokenizer.decode(tokenizer.encode("\ud800"))) == {"\ufffd"}
    assert tokenizer.decode(tokenizer.encode_batch(["a\udfffb"])[0]).replace("\ufffd", "") == "ab"
