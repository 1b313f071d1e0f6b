"""The standard streams of a command, whatever characters their encoding has."""

import codecs
import io
import sys

_PLAIN = {"×": "x", "±": "+/-", "→": "->", "–": "-", "−": "-", "…": "...", "≤": "<=", "≥": ">=", "·": "-"}
_HANDLER = "harness.plain"


def take_any_text() -> None:
    """Print plain characters for those that the encoding lacks; what is no text is read as U+FFFD."""
    codecs.register_error(_HANDLER, _plain)
    for stream, errors in ((sys.stdout, _HANDLER), (sys.stderr, _HANDLER), (sys.stdin, "replace")):
        if isinstance(stream, io.TextIOWrapper) and stream.errors in ("strict", "backslashreplace"):
            stream.reconfigure(errors=errors)


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(_PLAIN.get(character, "?") for character in text), error.end
