"""JSON from strangers: bounded UTF-8, each key once, finite numbers, little nesting."""

import json
from typing import Any

from trainer.job.refusals import field_name

MAX_DEPTH = 32
MAX_INTEGER_DIGITS = 1000


class JsonError(ValueError):
    """A text that is not taken; `str()` is one line naming what is wrong and what is allowed."""


def parse_strict(data: bytes | str, name: str, max_bytes: int) -> Any:
    """Decode one JSON document.

    Args:
        data: UTF-8 bytes, or text.
        name: what to call the document in a refusal.
        max_bytes: the most that is looked at (characters of a text count one each).

    Raises:
        JsonError: for everything that is not exactly one document within the bounds.
    """
    if len(data) > max_bytes:
        raise JsonError(f"{name}: {len(data)} bytes; allowed: at most {max_bytes}")
    text = _text(data, name)
    try:
        document = strict_decoder(name).decode(text)
    except JsonError:
        raise
    except (ValueError, RecursionError) as error:
        raise JsonError(f"{name}: not JSON ({shortened(str(error))})") from None
    if is_deep(document):
        raise JsonError(f"{name}: nested too deeply; allowed: at most {MAX_DEPTH} levels")
    if not _is_text(document):
        raise JsonError(f"{name}: holds half a surrogate pair; allowed: whole characters")
    return document


def strict_decoder(name: str) -> json.JSONDecoder:
    """A decoder that raises `JsonError` for what JSON forbids and Python's own lets through."""

    def integer(text: str) -> int:
        if len(text) > MAX_INTEGER_DIGITS:
            raise JsonError(
                f"{name}: an integer of {len(text)} digits; allowed: at most {MAX_INTEGER_DIGITS}"
            )
        return int(text)

    def constant(text: str) -> Any:
        raise JsonError(f"{name}: {text} is not a number JSON allows; allowed: finite numbers")

    return json.JSONDecoder(parse_int=integer, parse_constant=constant, object_pairs_hook=_each_once)


def is_deep(document: Any) -> bool:
    """Whether anything lies more than `MAX_DEPTH` lists and objects down."""
    level = [document]
    for _ in range(MAX_DEPTH + 1):
        level = [inner for node in level for inner in _inside(node)]
        if not level:
            return False
    return True


def shortened(text: str) -> str:
    """At most 200 characters, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= 200 else line[:197] + "..."


def _text(data: bytes | str, name: str) -> str:
    if isinstance(data, str):
        return data
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise JsonError(f"{name}: begins with a byte-order mark; allowed: UTF-8 without one")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise JsonError(f"{name}: not UTF-8 (byte {error.start}); allowed: JSON in UTF-8") from None


def _is_text(document: Any) -> bool:
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise JsonError(f"{field_name(key)}: given twice; allowed: once")
        found[key] = value
    return found


def _inside(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return list(node.values())
    return node if isinstance(node, list) else []
