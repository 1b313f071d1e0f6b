"""Seeded mutations of JSON documents, from plausible mistakes to hostile bytes."""

import copy
import json
import random
from collections.abc import Callable
from typing import Any

EXTREMES: tuple[Any, ...] = (
    0, -1, 1, -0.0, 0.5, 1e-320, 1e308, 10**18, 2**63, 10**40, 10**400, True, False, None, "", "0", "nan",
    [], {}, "\u0000", "a\nb", "\ud800", "\u202e", "x" * 2000, "../../../etc/passwd", "/dev/zero", "~",
    "$(id)", "%s%n", "0123456789-1", "0123456789-1\n", [[[[]]]], {"a": {"b": {}}}, [1, "2", None],
)  # fmt: skip
RAW = (
    "NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1" * 5000, "0x10", "1_000", "01", "+1", "'a'",
    "undefined", '"\\ud800"', '"\\u0000"', "[" * 60 + "]" * 60, "[" * 3000, '{"a":' * 40 + "1" + "}" * 40,
    "1.", ".5", "1 2", "//",
)  # fmt: skip
_MARK = "@@raw@@"


def mutated(document: dict[str, Any], chance: random.Random) -> bytes:
    """One to three structural mutations, and for every third document one of its bytes."""
    broken: Any = copy.deepcopy(document)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        chance.choice(_STRUCTURAL)(broken, chance)
    text = json.dumps(broken)
    while f'"{_MARK}"' in text:
        text = text.replace(f'"{_MARK}"', chance.choice(RAW), 1)
    if chance.random() < 0.1:
        text = text.replace("{", '{"seed": 1, ', 1)  # given twice, where it is there
    data = text.encode("utf-8", "surrogatepass")
    return chance.choice(_BYTES)(data, chance) if chance.random() < 0.33 else data


def _section(document: Any, chance: random.Random) -> Any:
    """The document, or an object or list somewhere in it."""
    node = document
    while chance.random() < 0.6:
        inner = [child for child in (node.values() if isinstance(node, dict) else node) if child]
        inner = [child for child in inner if isinstance(child, (dict, list))]
        if not inner:
            break
        node = chance.choice(inner)
    return node


def _change(document: Any, chance: random.Random, make: Callable[[Any], Any]) -> None:
    node = _section(document, chance)
    keys = list(node) if isinstance(node, dict) else list(range(len(node)))
    if keys:
        key = chance.choice(keys)
        node[key] = make(node[key])


def _drop(document: Any, chance: random.Random) -> None:
    node = _section(document, chance)
    if node:
        node.pop(chance.choice(list(node)) if isinstance(node, dict) else 0)


def _rename(document: Any, chance: random.Random) -> None:
    node = _section(document, chance)
    if isinstance(node, dict) and node:
        key = chance.choice(list(node))
        names = (key[:-1], key.upper(), f"{key}s", f" {key}", "a\nb", "\u0000", "k" * 5000, "", "\udcff")
        name = chance.choice(names)
        node[name] = node.pop(key)


def _swap_type(document: Any, chance: random.Random) -> None:
    def swapped(value: Any) -> Any:
        return chance.choice((str(value)[:200], [value], {"value": value}, None, value == 0))

    _change(document, chance, swapped)


def _extreme(document: Any, chance: random.Random) -> None:
    _change(document, chance, lambda _: copy.deepcopy(chance.choice(EXTREMES)))


def _raw(document: Any, chance: random.Random) -> None:
    _change(document, chance, lambda _: _MARK)


def _nudge(document: Any, chance: random.Random) -> None:
    """A number that may well be valid."""
    _change(document, chance, lambda old: type(old)(old * 2 + 1) if type(old) in (int, float) else old)


def _transplant(document: Any, chance: random.Random) -> None:
    source = copy.deepcopy(_section(document, chance))
    _change(document, chance, lambda _: source)


_STRUCTURAL: tuple[Callable[[Any, random.Random], None], ...] = (
    _drop, _rename, _swap_type, _extreme, _extreme, _raw, _nudge, _nudge, _transplant,
)  # fmt: skip


def _truncate(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _flip(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randrange(1, 5)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _encode(data: bytes, chance: random.Random) -> bytes:
    text = data.decode("utf-8", "replace")
    return text.encode(chance.choice(("utf-16", "utf-32", "utf-8-sig", "utf-16-le", "utf-7")))


def _noise(data: bytes, chance: random.Random) -> bytes:
    return chance.randbytes(chance.randrange(200))


def _append(data: bytes, chance: random.Random) -> bytes:
    return data + chance.choice((b"\0", b"{}", b"]", b"\xff", b" \n", data))


_BYTES: tuple[Callable[[bytes, random.Random], bytes], ...] = (_truncate, _flip, _encode, _noise, _append)
