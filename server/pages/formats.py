"""Numbers, money and times as a person reads them."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from journal.prices import format_money

DASH = "–"


def usd(micro_usd: int | None) -> str:
    """Micro-dollars as dollars."""
    return DASH if micro_usd is None else format_money(micro_usd)


def number(value: float | int | None, digits: int = 4) -> str:
    """A metric: whole numbers grouped, others with fixed digits."""
    if value is None:
        return DASH
    if isinstance(value, int) or (float(value).is_integer() and abs(value) >= 1000):
        return f"{int(value):,}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.{digits}f}"


def signed(value: float | None, digits: int = 4) -> str:
    """An effect, with its sign."""
    return DASH if value is None else f"{value:+.{digits}f}".replace("-", "−")


def clock(at: float | None) -> str:
    """A moment, in UTC."""
    return DASH if at is None else time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(at))


def duration(seconds: float | None) -> str:
    """A span of time in its two largest units."""
    if seconds is None:
        return DASH
    total = round(seconds)
    for unit, size, rest, step in (("d", 86400, "h", 3600), ("h", 3600, "min", 60), ("min", 60, "s", 1)):
        if total >= size:
            return f"{total // size} {unit} {total % size // step} {rest}"
    return f"{seconds:.1f} s" if seconds < 10 else f"{total} s"


def short_hash(text: object) -> object:
    """The first twelve digits of a long hash; anything else as it is."""
    is_hash = isinstance(text, str) and len(text) >= 32 and set(text) <= set("0123456789abcdef")
    return str(text)[:12] if is_hash else text


def patch_text(patch: Mapping[str, object]) -> str:
    """A patch as `setting = value` pairs."""
    return ", ".join(f"{name} = {value}" for name, value in patch.items())


FILTERS: dict[str, Callable[..., Any]] = {
    "usd": usd, "number": number, "signed": signed, "clock": clock, "duration": duration, "patch": patch_text,
    "short_hash": short_hash,
}  # fmt: skip
