"""One finding about a machine or a lab, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

CheckState = Literal["ok", "note", "failed", "repaired"]
MOST_SHOWN = 3


@dataclass(frozen=True)
class Check:
    """One finding; `detail` says what holds, or what does not and what to do about it."""

    name: str
    state: CheckState
    detail: str


def check_of(name: str, faults: Sequence[str], fine: str, advice: str = "") -> Check:
    """`ok` without faults, else `failed` with the first of them and the advice."""
    if not faults:
        return Check(name, "ok", fine)
    return Check(name, "failed", listed(faults) + (f"; {advice}" if advice else ""))


def listed(items: Sequence[str]) -> str:
    """The first few, and how many more there are."""
    more = f" (and {len(items) - MOST_SHOWN} more)" if len(items) > MOST_SHOWN else ""
    return "; ".join(items[:MOST_SHOWN]) + more
