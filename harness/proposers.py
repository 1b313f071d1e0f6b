"""The proposers by name; each is imported only when it is chosen."""

import os

from agent.proposer import ProposerProtocol
from harness.errors import UserError
from journal.errors import MoneyError
from journal.store import Journal

PROPOSERS = ("random", "search", "llm", "mixed")
LLM_SHARE = 0.3


def build_proposer(name: str, journal: Journal) -> ProposerProtocol:
    """The proposer called `name`; `mixed` lets a language model propose 30% beside the search.

    Raises:
        UserError: no such proposer, or it lacks what it needs.
    """
    if name == "random":
        from agent.random import RandomProposer

        return RandomProposer()
    if name in ("search", "mixed"):
        from agent.search import SearchProposer

        return SearchProposer() if name == "search" else _mixed(journal)
    if name == "llm":
        return _llm(journal)
    raise UserError(f'--proposer: "{name}"; allowed: {", ".join(PROPOSERS)}')


def _mixed(journal: Journal) -> ProposerProtocol:
    from agent.mixed import MixedProposer
    from agent.search import SearchProposer

    return MixedProposer([(SearchProposer(), 1.0 - LLM_SHARE), (_llm(journal), LLM_SHARE)])


def _llm(journal: Journal) -> ProposerProtocol:
    from agent.llm import LlmProposer
    from agent.settings import MODEL_VARIABLE, LlmSettings
    from agent.spender import LedgerSpender

    try:
        settings = LlmSettings.from_environment(os.environ)
    except MoneyError as error:
        raise UserError(str(error)) from None
    if settings is None:
        raise UserError(
            f"--proposer: a language model is wanted, but {MODEL_VARIABLE} names none; allowed: set it, and "
            "OPENAI_API_KEY or OPENAI_BASE_URL; or --proposer search"
        )
    return LlmProposer(settings, LedgerSpender(journal))
