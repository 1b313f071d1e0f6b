"""The language model as a proposer: asked once, repaired once, and then done without."""

from contextlib import suppress
from dataclasses import dataclass, field

from agent.drafts import DraftError, Drafts, with_pending
from agent.llm_client import LlmClient, LlmError, Reply
from agent.llm_prompt import prompt, repair
from agent.llm_schema import AnswerError, answer_schema, read_answer, to_proposal
from agent.proposer import LabContext, ProposerProtocol
from agent.search import SearchProposer
from agent.settings import LlmSettings
from agent.spender import Spender
from journal.errors import OverBudget
from journal.records import Proposal

SUGGESTIONS = 3


@dataclass
class _Reading:
    """What one answer came to."""

    accepted: list[Proposal] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


class LlmProposer:
    """Proposes what a language model answers; `fallback` proposes what it leaves open."""

    name = "llm"

    def __init__(
        self, settings: LlmSettings, spender: Spender, fallback: ProposerProtocol | None = None
    ) -> None:
        self._client = LlmClient(settings, spender)
        self._fallback = fallback or SearchProposer()

    def propose(self, context: LabContext, count: int) -> list[Proposal]:
        """At most `count` drafts; never raises for what the model or its server does."""
        if count < 1:
            return []
        drafts = Drafts(context)
        accepted: list[Proposal] = []
        # Each attempt is on record with its error; the search goes on without the model.
        with suppress(LlmError, OverBudget):
            self._converse(context, count, drafts, accepted)
        missing = count - len(accepted)
        if missing:
            accepted += self._fallback.propose(with_pending(context, accepted), missing)
        return accepted

    def _converse(self, context: LabContext, count: int, drafts: Drafts, accepted: list[Proposal]) -> None:
        schema = answer_schema(context, count)
        messages = prompt(context, count, self._fallback.propose(context, SUGGESTIONS))
        first = self._client.ask(messages, schema, "propose")
        reading = _read(first, drafts, count)
        accepted += reading.accepted
        if not reading.faults or len(accepted) == count:
            first.close("ok", "; ".join(reading.faults))
            return
        first.close("ok" if accepted else "invalid", "; ".join(reading.faults))
        second = self._client.ask(repair(messages, first.text, reading.faults), schema, "repair")
        again = _read(second, drafts, count - len(accepted))
        second.close("repaired" if again.accepted else "invalid", "; ".join(again.faults))
        accepted += again.accepted


def _read(reply: Reply, drafts: Drafts, count: int) -> _Reading:
    reading = _Reading()
    try:
        raws = read_answer(reply.text)
    except AnswerError as error:
        return _Reading(faults=[str(error)])
    if not raws:
        reading.faults.append("proposals: []; allowed: at least one")
    for raw in raws:
        if len(reading.accepted) == count:
            break
        try:
            reading.accepted.append(drafts.accept(to_proposal(raw)))
        except (AnswerError, DraftError) as error:
            reading.faults.append(str(error))
    return reading
