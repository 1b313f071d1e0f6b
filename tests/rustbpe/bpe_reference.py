"""Byte-level BPE, slow and obvious: everything is counted anew for each merge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

import regex

Merge = tuple[int, int]

PATTERN = regex.compile(
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,2}|"
    r" ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"
)


def split(text: str) -> list[str]:
    """The pieces that are merged within, never across."""
    return PATTERN.findall(text)


def train(texts: Iterable[str], merges: int, max_token_bytes: int) -> list[Merge]:
    """Merge the most frequent pair, among equals the smallest, `merges` times or until none is left."""
    words = Counter(tuple(piece.encode()) for text in texts for piece in split(text))
    tokens = dict.fromkeys(range(256), 1)
    learnt: list[Merge] = []
    while len(learnt) < merges:
        counts = Counter[Merge]()
        for word, count in words.items():
            for pair in pairwise(word):
                counts[pair] += count
        short = {
            pair: n for pair, n in counts.items() if tokens[pair[0]] + tokens[pair[1]] <= max_token_bytes
        }
        if not short:
            break
        best = min(short, key=lambda pair: (-short[pair], pair))
        token = 256 + len(learnt)
        tokens[token] = tokens[best[0]] + tokens[best[1]]
        learnt.append(best)
        replaced = Counter[tuple[int, ...]]()
        for word, count in words.items():
            replaced[tuple(_replace(word, best, token))] += count
        words = replaced
    return learnt


def encode(text: str, merges: list[Merge]) -> list[int]:
    """Apply every merge in the order in which it was learnt."""
    ids: list[int] = []
    for piece in split(text):
        word = list(piece.encode())
        for index, pair in enumerate(merges):
            word = _replace(word, pair, 256 + index)
        ids += word
    return ids


def _replace(word: Iterable[int], pair: Merge, token: int) -> list[int]:
    old, new, place = list(word), [], 0
    while place < len(old):
        found = tuple(old[place : place + 2]) == pair
        new.append(token if found else old[place])
        place += 1 + found
    return new
