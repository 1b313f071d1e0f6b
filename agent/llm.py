"""The language model as a proposer: asked once, repaired once, and then done without."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from agent.llm_client import LlmClient, LlmError, Outcome, Refused, Reply
from agent.llm_prompt import prompt, repair
from agent.llm_schema import AnswerError, answer_schema, check_effect, read_answer, to_proposal
from agent.proposals.drafts import DraftError, Drafts, with_pending
from agent.proposals.proposer import LabContext, ProposerProtocol
from agent.search.proposer import SearchProposer
from agent.settings import LlmSettings
from agent.spender import Spender
from journal.errors import OverBudget
from journal.records import Proposal

SUGGESTIONS = 3
# An answer may hold hundreds; what is past these is not worth a row.
MOST_READ = 32


@dataclass
class _Reading:
    """What one answer came to."""

    accepted: list[Proposal] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


class LlmProposer:
    """Proposes what a language model answers; `fallback` proposes what it leaves open.

    After failures in a row the model is not asked for a while (agent/breaker.py). `clock` is the
    lab's, in Unix seconds.
    """

    name = "llm"

    def __init__(
        self,
        settings: LlmSettings,
        spender: Spender,
        fallback: ProposerProtocol | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._client = LlmClient(settings, spender, clock)
        self._fallback = fallback or SearchProposer()

    def propose(self, context: LabContext, count: int) -> list[Proposal]:
        """At most `count` drafts; never raises for what the model or its server does."""
        if count < 1:
            return []
        drafts = Drafts(context)
        accepted: list[Proposal] = []
        if not self._client.is_paused():
            # Each attempt is on record with its error; the search goes on without the model.
            with suppress(LlmError, OverBudget):
                self._converse(context, count, drafts, accepted)
            self._client.note_breaker()
        missing = count - len(accepted)
        if missing:
            accepted += self._fallback.propose(with_pending(context, accepted), missing)
        return accepted

    def _converse(self, context: LabContext, count: int, drafts: Drafts, accepted: list[Proposal]) -> None:
        schema = answer_schema(context, count)
        messages = prompt(context, count, self._fallback.propose(context, SUGGESTIONS))
        first = self._client.ask(messages, schema, "propose")
        reading = _read(first, drafts, context, count)
        accepted += reading.accepted
        faults = "; ".join(reading.faults)
        if not reading.faults or len(accepted) == count:
            first.close("ok", faults, reading.refused)
            return
        first.close("ok" if accepted else "invalid", faults, reading.refused)
        second = self._client.ask(repair(messages, first.text, reading.faults), schema, "repair")
        again = _read(second, drafts, context, count - len(accepted))
        outcome: Outcome = "repaired" if again.accepted else "invalid"
        second.close(outcome, "; ".join(again.faults), again.refused)
        accepted += again.accepted


def _read(reply: Reply, drafts: Drafts, context: LabContext, count: int) -> _Reading:
    reading = _Reading()
    try:
        raws = read_answer(reply.text)
    except AnswerError as error:
        return _Reading(faults=[str(error)])
    if not raws:
        reading.faults.append("proposals: []; allowed: at least one")
    for raw in raws[:MOST_READ]:
        if len(reading.accepted) == count:
            break
        try:
            proposal = to_proposal(raw)
            check_effect(proposal, context)
        except AnswerError as error:
            reading.faults.append(str(error))
            continue
        try:
            reading.accepted.append(drafts.accept(proposal))
        except DraftError as error:
            reading.faults.append(str(error))
            reading.refused.append((proposal, str(error)))
    return reading
