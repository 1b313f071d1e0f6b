"""The lab's own proposers as searchers: the same code, asked through the same context."""

from collections.abc import Callable, Mapping

from agent.drafts import DraftError, DraftsProtocol
from agent.proposer import LabContext, Observation, ProposerProtocol
from agent.space import Dimension, Setting, Settings
from bench.regret.problem import Outcome, Parameter, Point, Problem, Value
from bench.regret.searchers import Random
from journal.records import Patch, Proposal, Proposer, Recipe

RECIPE = Recipe(recipe_id="r1", parent=None, patch={}, document={}, reason="benchmark", created_at=0.0)
DIVERGED = "nan"
ProposerMaker = Callable[[Callable[[LabContext], DraftsProtocol]], ProposerProtocol]


class ProblemDrafts:
    """Drafts on a benchmark problem instead of a job document."""

    def __init__(self, problem: Problem, start: Point, context: LabContext) -> None:
        self._parameters = {p.name: p for p in problem.parameters}
        self.base: Settings = dict(start)
        self.space = [_dimension(p, start[p.name]) for p in problem.parameters]
        self._seen = [self.base, *({**self.base, **o.patch} for o in context.observations)]

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

    def _nearest(self, name: str, value: object) -> Value:
        parameter = self._parameters[name]
        return str(value) if parameter.choices else parameter.nearest(float(str(value)))


class LabSearcher:
    """One proposer, its context rebuilt from what it was told, one draft a round."""

    def __init__(self, make: ProposerMaker, problem: Problem, start: Point, seed: int) -> None:
        self._problem, self._start, self._seed = problem, start, seed
        self._proposer = make(lambda context: ProblemDrafts(problem, start, context))
        self._observations: list[Observation] = []
        self._baseline: tuple[float, ...] = ()
        self._fallback = Random(problem, start, seed)

    def ask(self) -> Point:
        drafts = self._proposer.propose(self._context(), 1)
        return {**self._start, **_values(drafts[0].patch)} if drafts else self._fallback.ask()

    def tell(self, point: Point, outcome: Outcome) -> None:
        loss = outcome.loss
        patch: Patch = {name: value for name, value in point.items() if value != self._start[name]}
        if not patch and loss is not None:
            self._baseline = (*self._baseline, loss)
        else:
            values, failed = ((), DIVERGED) if loss is None else ((loss,), None)
            self._observations.append(Observation(patch=patch, values=values, failed=failed))

    def _context(self) -> LabContext:
        return LabContext(
            baseline=RECIPE,
            baseline_values=self._baseline,
            noise_sd=self._problem.noise_sd,
            observations=tuple(self._observations),
            brief="",
            remaining_micro_usd=1,
            job_cost_micro_usd=1,
            seed=self._seed,
        )


def _values(patch: Mapping[str, object]) -> Point:
    return {name: value for name, value in patch.items() if isinstance(value, (int, float, str))}


def _dimension(parameter: Parameter, base: Value) -> Dimension:
    setting = Setting(parameter.name, parameter.name, parameter.low, parameter.high, parameter.log)
    return Dimension(setting, base, parameter.low, parameter.high, parameter.choices)
