"""The options of `harness start`: from words to checked values."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from harness.errors import UserError
from harness.lab.session import load_session
from harness.node.machine import Machine
from harness.start.end import on_finish_words
from harness.start.proposers import PROPOSERS
from journal.lab_paths import LabPaths
from journal.prices import parse_money
from journal.store import Journal
from trainer.job import data_dir

MOST_SEED = 1000


@dataclass(frozen=True)
class StartOptions:
    """The options of `harness start`."""

    budget_micro_usd: int
    price_micro_usd_per_hour: int | None = None
    hours: float | None = None
    bill: Literal["wall", "share"] = "wall"
    data: str = "starter"
    proposer: str = "search"
    slots: int | None = None
    port: int = 8000
    keep_serving: bool = False
    seed: int = 0
    max_hypotheses: int | None = None
    simulate: str | None = None
    stops_at_plateau: bool = True
    on_finish: tuple[str, ...] = ()
    poll_seconds: float = 0.25
    grace_seconds: float = 15.0


def options_of(
    budget: str,
    price: str | None,
    hours: float | None,
    bill: str,
    data: str | None,
    proposer: str,
    slots: int | None,
    port: int,
    keep_serving: bool,
    seed: int,
    max_hypotheses: int | None,
    simulate: str | None = None,
    plateau: bool = True,
    on_finish: str | None = None,
) -> StartOptions:
    """The command line's words as options.

    Raises:
        UserError, MoneyError: naming the option, its value and what is allowed.
    """
    if bill not in ("wall", "share"):
        raise UserError(f'--bill: "{bill}"; allowed: wall, share')
    if proposer not in PROPOSERS:
        raise UserError(f'--proposer: "{proposer}"; allowed: {", ".join(PROPOSERS)}')
    if hours is not None and not 0.0 < hours < 24 * 366:
        raise UserError(f"--hours: {hours}; allowed: more than 0")
    if not 0 <= seed <= MOST_SEED:
        raise UserError(f"--seed: {seed}; allowed: 0 to {MOST_SEED}")
    if max_hypotheses is not None and max_hypotheses < 0:
        raise UserError(f"--max-hypotheses: {max_hypotheses}; allowed: 0 or more")
    if not 0 <= port <= 65535:
        raise UserError(f"--port: {port}; allowed: 0 to 65535")
    if simulate is not None and proposer in ("llm", "mixed"):
        raise UserError(f'--proposer: "{proposer}"; a simulated lab calls no model; allowed: random, search')
    return StartOptions(
        budget_micro_usd=parse_money(budget),
        price_micro_usd_per_hour=None if price is None else parse_money(price),
        hours=hours,
        bill="wall" if bill == "wall" else "share",
        data=data or ("" if simulate is None else "default"),
        proposer=proposer,
        slots=slots,
        port=port,
        keep_serving=keep_serving,
        seed=seed,
        max_hypotheses=max_hypotheses,
        simulate=simulate,
        stops_at_plateau=plateau,
        on_finish=on_finish_words(on_finish),
    )


def default_lab(simulate: str | None) -> Path:
    """Simulated results have a folder of their own."""
    return Path("lab" if simulate is None else "lab-simulated")


def default_data(lab: LabPaths, machine: Machine) -> str:
    """The lab's own data set; in a new lab the starter set on a CPU, the default one on a GPU node."""
    if lab.journal.exists():
        with Journal.read_only(lab.journal) as journal:
            session = load_session(journal)
        if session is not None:
            return session.data
    return "default" if machine.gpus else "starter"


def check_data(name: str) -> None:
    """Refuse a data set that is not there before anything is launched.

    Raises:
        UserError: naming what is allowed.
    """
    if name != "starter" and not data_dir(name).is_dir():
        raise UserError(
            f'--data: "{name}"; no such data set; allowed: starter, default (the folder that HARNESS_DATA '
            "names), a fetched name (see: harness data list), or a folder"
        )
