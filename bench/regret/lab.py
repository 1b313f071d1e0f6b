"""The lab's own proposers as searchers: the same code, asked through the same context."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from agent.proposals.drafts import DraftError, DraftsProtocol
from agent.proposals.proposer import LabContext, Observation, ProposerProtocol
from agent.proposals.space import Dimension, Setting, Settings
from bench.regret.play import MICRO_USD_PER_SECOND
from bench.regret.problem import Outcome, Parameter, Point, Problem, Value
from bench.regret.searchers import Random
from journal.records import Patch, Proposal, Proposer, Recipe

RECIPE = Recipe(recipe_id="r1", parent=None, patch={}, document={}, origin="starter", created_at=0.0)
DIVERGED = "nan"
ProposerMaker = Callable[[Callable[[LabContext], DraftsProtocol]], ProposerProtocol]


@dataclass(frozen=True)
class Run:
    """What was told."""

    point: Point
    outcome: Outcome


@dataclass(frozen=True)
class Claim:
    """A draft: that its point betters the baseline of the moment, and how sure the proposer was."""

    point: Point
    baseline: Point
    prior: float


class ProblemDrafts:
    """Drafts on a benchmark problem instead of a job document."""

    def __init__(self, problem: Problem, base: Point, runs: Sequence[Run]) -> None:
        self._parameters = {p.name: p for p in problem.parameters}
        self.base: Settings = dict(base)
        self.space = [_dimension(p, base[p.name]) for p in problem.parameters]
        self._seen: list[Settings] = [dict(run.point) for run in runs]
        self._seconds = {_key(run.point): run.outcome.seconds for run in runs}

    def draft(self, patch: Patch, proposer: Proposer, prior: float) -> Proposal:
        """Raises DraftError for a point that was tried."""
        allowed = {name: self._nearest(name, value) for name, value in patch.items()}
        changed: Patch = {name: value for name, value in allowed.items() if value != self.base[name]}
        settings = {**self.base, **changed}
        if settings in self._seen:
            raise DraftError("was tried before")
        self._seen.append(settings)
        return Proposal(
            statement="A change.", patch=changed, minimum_effect=None, prior=prior, proposer=proposer
        )

    def seconds(self, patch: Patch) -> float | None:
        """What the run of this patch took."""
        return self._seconds.get(_key({**self.base, **patch}))

    def _nearest(self, name: str, value: object) -> Value:
        parameter = self._parameters[name]
        return str(value) if parameter.choices else parameter.nearest(float(str(value)))


class LabSearcher:
    """One proposer asked for one draft a round, its context rebuilt from what it was told.

    The baseline is the best run so far, as in a lab that has confirmed it.
    """

    def __init__(self, make: ProposerMaker, problem: Problem, start: Point, seed: int) -> None:
        self._problem, self._best, self._seed = problem, start, seed
        self._proposer = make(lambda context: ProblemDrafts(problem, self._best, self._runs))
        self._runs: list[Run] = []
        self._lowest = float("inf")
        self._fallback = Random(problem, start, seed)
        self.claims: list[Claim] = []

    def ask(self) -> Point:
        drafts = self._proposer.propose(self._context(), 1)
        if not drafts:
            return self._fallback.ask()
        point = {**self._best, **_values(drafts[0].patch)}
        self.claims.append(Claim(point, self._best, drafts[0].prior))
        return point

    def tell(self, point: Point, outcome: Outcome) -> None:
        self._runs.append(Run(point, outcome))
        if outcome.loss is not None and outcome.loss < self._lowest:
            self._best, self._lowest = point, outcome.loss

    def _context(self) -> LabContext:
        paid = sum(run.outcome.seconds for run in self._runs)
        losses = [run.outcome.loss for run in self._runs if run.point == self._best]
        return LabContext(
            baseline=RECIPE,
            baseline_values=tuple(loss for loss in losses if loss is not None),
            noise_sd=None,  # a lab measures it first; here nobody has paid for that
            observations=tuple(self._observation(r) for r in self._runs if r.point != self._best),
            brief="",
            remaining_micro_usd=max(round((self._problem.budget_seconds - paid) * MICRO_USD_PER_SECOND), 0),
            job_cost_micro_usd=max(round(paid / max(len(self._runs), 1) * MICRO_USD_PER_SECOND), 1),
            seed=self._seed,
        )

    def _observation(self, run: Run) -> Observation:
        patch: Patch = {name: value for name, value in run.point.items() if value != self._best[name]}
        loss = run.outcome.loss
        return Observation(
            patch=patch, values=() if loss is None else (loss,), failed=DIVERGED if loss is None else None
        )


def _key(settings: Mapping[str, object]) -> tuple[object, ...]:
    return tuple(sorted(settings.items()))


def _values(patch: Mapping[str, object]) -> Point:
    return {name: value for name, value in patch.items() if isinstance(value, (int, float, str))}


def _dimension(parameter: Parameter, base: Value) -> Dimension:
    setting = Setting(
        parameter.name,
        parameter.name,
        parameter.low,
        parameter.high,
        parameter.log,
        integer=parameter.integer,
    )
    return Dimension(setting, base, parameter.low, parameter.high, parameter.choices)
