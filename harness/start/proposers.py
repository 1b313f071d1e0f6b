"""The proposers by name; each is imported only when it is chosen."""

import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from agent.proposals.proposer import ProposerProtocol
from harness.errors import UserError
from journal.errors import MoneyError
from journal.store import Journal

if TYPE_CHECKING:
    from agent.settings import LlmSettings

PROPOSERS = ("random", "search", "llm", "mixed")
LLM_SHARE = 0.3
Now = Callable[[], float]


def build_proposer(name: str, journal: Journal, now: Now = time.time) -> ProposerProtocol:
    """The proposer called `name`; `mixed` lets a language model propose 30% beside the search.

    `now` is the lab's clock, in Unix seconds.

    Raises:
        UserError: no such proposer, or it lacks what it needs.
    """
    if name == "random":
        from agent.random import RandomProposer

        return RandomProposer()
    if name in ("search", "mixed"):
        from agent.search.proposer import SearchProposer

        return SearchProposer() if name == "search" else _mixed(journal, now)
    if name == "llm":
        return _llm(journal, now)
    raise UserError(f'--proposer: "{name}"; allowed: {", ".join(PROPOSERS)}')


def _mixed(journal: Journal, now: Now) -> ProposerProtocol:
    from agent.mixed import MixedProposer
    from agent.search.proposer import SearchProposer

    return MixedProposer([(SearchProposer(), 1.0 - LLM_SHARE), (_llm(journal, now), LLM_SHARE)])


def check_proposer(name: str) -> None:
    """Refuse a proposer that lacks what it needs, before anything is made.

    Raises:
        UserError: saying what to set.
    """
    if name in ("llm", "mixed"):
        _llm_settings()


def _llm(journal: Journal, now: Now) -> ProposerProtocol:
    from agent.llm import LlmProposer
    from agent.spender import LedgerSpender

    return LlmProposer(_llm_settings(), LedgerSpender(journal), clock=now)


def _llm_settings() -> "LlmSettings":
    from agent.settings import MODEL_VARIABLE, LlmSettings

    try:
        settings = LlmSettings.from_environment(os.environ)
    except MoneyError as error:
        raise UserError(str(error)) from None
    if settings is None:
        raise UserError(
            f"--proposer: a language model is wanted, but {MODEL_VARIABLE} names none; allowed: set it, and "
            "OPENAI_API_KEY or OPENAI_BASE_URL; or --proposer search"
        )
    return settings
