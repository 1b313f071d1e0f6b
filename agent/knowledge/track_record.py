"""What a lab has learnt about its proposers and its settings, from the journal alone."""

from dataclasses import dataclass, field

from agent.knowledge.insights import INSIGHT_EVENT
from agent.proposals.proposer import LabContext
from journal.ledger.ledger import Ledger
from journal.records import Hypothesis, Proposer
from journal.science.statistics import mean
from journal.store import Journal

MOST_INSIGHTS = 5


@dataclass(frozen=True)
class Forecast:
    """A registered prior (a probability of support) and what became of it."""

    proposer: Proposer
    prior: float
    supported: bool


@dataclass(frozen=True)
class Gain:
    """What a proposer's hypotheses brought and cost, its calls to a model included.

    `confirmed_bpb` sums the shrunken effects of those that were supported.
    """

    proposer: Proposer
    hypotheses: int
    confirmed_bpb: float
    micro_usd: int


@dataclass(frozen=True)
class Knowledge:
    """Priors against verdicts, gains of each proposer, and what the results suggest in words."""

    forecasts: tuple[Forecast, ...] = ()
    gains: tuple[Gain, ...] = ()
    insights: tuple[str, ...] = ()

    def forecasts_of(self, proposer: Proposer) -> tuple[Forecast, ...]:
        """Those of one proposer."""
        return tuple(forecast for forecast in self.forecasts if forecast.proposer == proposer)


@dataclass(frozen=True)
class InformedContext(LabContext):
    """A context that knows what the lab has learnt."""

    knowledge: Knowledge = field(default=Knowledge())


def knowledge_in(context: LabContext) -> Knowledge:
    """What a context knows; nothing where it was made by hand."""
    return context.knowledge if isinstance(context, InformedContext) else Knowledge()


def gather_knowledge(journal: Journal) -> Knowledge:
    """All of it, from final verdicts, bills and insights."""
    return Knowledge(
        forecasts=_forecasts(journal),
        gains=_gains(journal),
        insights=tuple(str(e.detail["text"]) for e in journal.events(INSIGHT_EVENT)[-MOST_INSIGHTS:]),
    )


def brier_score(forecasts: tuple[Forecast, ...]) -> float:
    """Mean squared distance of the priors from what came (Brier 1950): 0 is perfect, 0.25 is a coin."""
    return mean([(f.prior - f.supported) ** 2 for f in forecasts])


def base_rate(forecasts: tuple[Forecast, ...]) -> float:
    """Share that was supported."""
    return mean([float(f.supported) for f in forecasts])


def _forecasts(journal: Journal) -> tuple[Forecast, ...]:
    verdicts = journal.latest_verdicts()
    judged = [(h, verdicts.get(h.hypothesis_id)) for h in _proposed(journal)]
    return tuple(Forecast(h.proposer, h.prior, v.verdict == "supported") for h, v in judged if v and v.final)


def _proposed(journal: Journal) -> list[Hypothesis]:
    """All but the tests of findings on a rung above, which nobody proposed."""
    rungs = {r.recipe_id for r in journal.recipes() if r.origin == "rung"}
    return [h for h in journal.hypotheses() if h.baseline_recipe not in rungs]


def _gains(journal: Journal) -> tuple[Gain, ...]:
    hypotheses, verdicts, jobs = _proposed(journal), journal.latest_verdicts(), journal.jobs()
    gains = []
    for proposer in dict.fromkeys(h.proposer for h in hypotheses):
        own = {h.hypothesis_id for h in hypotheses if h.proposer == proposer}
        won = [v for v in map(verdicts.get, own) if v and v.final and v.verdict == "supported"]
        bill = sum(row.cost_micro_usd or 0 for row in jobs if row.hypothesis_id in own)
        bill += Ledger(journal).spent_on("llm") if proposer == "llm" else 0
        gains.append(Gain(proposer, len(own), sum(v.shrunken_effect for v in won), bill))
    return tuple(gains)
