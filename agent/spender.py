"""Who pays for the language model: every attempt is reserved before and settled after."""

import time
from collections.abc import Callable, Sequence
from typing import Protocol

from agent.breaker import BACK_EVENT, PAUSED_EVENT, UNKNOWN, Breaker, breaker
from journal.ledger.account import account_kind
from journal.ledger.ledger import Ledger
from journal.records import LlmCall, Proposal
from journal.store import Journal


class Spender(Protocol):
    """Takes the money for LLM calls, and their record."""

    def reserve(self, account: str, micro_usd: int) -> None:
        """Set the worst case aside.

        Raises:
            OverBudget: it is not to be had.
        """

    def settle(
        self, account: str, micro_usd: int, call: LlmCall, refused: Sequence[tuple[Proposal, str]] = ()
    ) -> None:
        """Charge what the call cost and record it, with the drafts in it that were refused and why."""

    def breaker(self, model: str, base_url: str) -> Breaker:
        """How the latest calls of this endpoint went."""
        ...

    def note_breaker(self, model: str, base_url: str, state: Breaker, at: float) -> None:
        """Say once that the endpoint is left alone, and once that it answers again."""


class LedgerSpender:
    """Pays from a lab's ledger, and records the call in the same transaction."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._ledger = Ledger(journal)

    def reserve(self, account: str, micro_usd: int) -> None:
        self._ledger.reserve(account, micro_usd, "llm")

    def settle(
        self, account: str, micro_usd: int, call: LlmCall, refused: Sequence[tuple[Proposal, str]] = ()
    ) -> None:
        with self._journal.atomic():
            if self._ledger.settle(account, micro_usd, "llm", call.model):
                self._journal.add_llm_call(call)
                for draft, why in refused:
                    self._journal.add_proposal(draft, False, why, call.at)

    def breaker(self, model: str, base_url: str) -> Breaker:
        return breaker(self._journal.llm_calls(), model, base_url)

    def note_breaker(self, model: str, base_url: str, state: Breaker, at: float) -> None:
        endpoint: dict[str, object] = {"model": model, "base_url": base_url}
        was_open = self._last_said(endpoint) == PAUSED_EVENT
        if state.is_open and not was_open:
            detail = {**endpoint, "failures": state.failures, "why": state.why}
            self._journal.add_event(PAUSED_EVENT, detail, at)
        elif was_open and not state.failures:
            self._journal.add_event(BACK_EVENT, endpoint, at)

    def _last_said(self, endpoint: dict[str, object]) -> str | None:
        said = [event for kind in (PAUSED_EVENT, BACK_EVENT) for event in self._journal.events(kind)]
        own = [event for event in said if endpoint.items() <= event.detail.items()]
        return max(own, key=lambda event: event.event_id).kind if own else None


def settle_lost_calls(journal: Journal, clock: Callable[[], float] = time.time) -> int:
    """Charge calls that a crash cut off in full (nobody knows what they cost); returns how many."""
    ledger = Ledger(journal)
    lost = [(a, held) for a, held in ledger.reservations().items() if account_kind(a) == "llm"]
    for account, held in lost:
        call = LlmCall(
            at=clock(),
            model=UNKNOWN,
            base_url=UNKNOWN,
            purpose="propose",
            prompt_tokens=None,
            completion_tokens=None,
            cost_micro_usd=held,
            outcome="error",
            detail="cut off by a crash; charged in full",
        )
        with journal.atomic():
            if ledger.settle(account, held, "llm", "cut off by a crash"):
                journal.add_llm_call(call)
    return len(lost)
