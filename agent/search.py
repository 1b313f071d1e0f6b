"""Optuna's TPE, ask-and-tell, rebuilt from the journal's observations at every round.

Bergstra et al. 2011 (TPE); its multivariate, grouped form handles settings that only one of the
matrix optimizers has. What the study knows is what the journal says, so a restart loses nothing.
"""

import random
import warnings
from collections.abc import Callable, Iterable

import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution
from optuna.trial import FrozenTrial, Trial, TrialState, create_trial

from agent.drafts import DraftError, Drafts, DraftsProtocol, with_pending
from agent.proposer import LabContext, Observation
from agent.random import RandomProposer
from agent.space import Dimension, Settings, rounded
from journal.evidence import DIVERGED_REASONS
from journal.records import Patch, Proposal
from journal.statistics import mean

PRIOR = 0.2
STARTUP_OBSERVATIONS = 4
MAX_CHANGES = 4
NEW_CHANGES = 1  # besides what the best patch changes: a claim that seeds can still settle
MIN_STEP = 0.04  # of the range: smaller moves are kernel jitter, not a claim
ASKS_PER_DRAFT = 20


class SearchProposer:
    """Proposes where TPE expects improvement; random single changes until it has seen a few."""

    name = "search"

    def __init__(self, drafts: Callable[[LabContext], DraftsProtocol] = Drafts) -> None:
        self._drafts = drafts
        self._random = RandomProposer(drafts)

    def propose(self, context: LabContext, count: int) -> list[Proposal]:
        """At most `count` new drafts; the same context gives the same drafts."""
        if sum(bool(o.values) for o in context.observations) < STARTUP_OBSERVATIONS:
            return [_as_search(draft) for draft in self._random.propose(context, count)]
        drafts = self._drafts(context)
        study, space = build_study(context, drafts)
        kept = _incumbent(context)
        generator = random.Random(f"{context.seed}:{len(context.observations)}")
        proposals: list[Proposal] = []
        for _ in range(ASKS_PER_DRAFT * count):
            if len(proposals) == count:
                break
            moves = _moves(_ask(study, space), space, drafts.base)
            patch = _some(moves, kept, generator)
            try:
                proposals.append(drafts.draft(patch, "search", PRIOR))
            except (DraftError, ValueError):
                continue
        missing = self._random.propose(with_pending(context, proposals), count - len(proposals))
        return proposals + [_as_search(draft) for draft in missing]


def build_study(context: LabContext, drafts: DraftsProtocol) -> tuple[optuna.Study, list[Dimension]]:
    """A study told the baseline and every observation: values, failures, and what is still running."""
    tried = [(o, {**drafts.base, **o.patch}) for o in context.observations]
    space = [
        _widen(dimension, [drafts.base, *(settings for _, settings in tried)]) for dimension in drafts.space
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        sampler = optuna.samplers.TPESampler(
            seed=random.Random(f"{context.seed}:{len(context.observations)}").randrange(2**31),
            n_startup_trials=1,
            multivariate=True,
            group=True,
            constant_liar=True,
        )
    verbosity = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        study = optuna.create_study(direction="minimize", sampler=sampler)
    finally:
        optuna.logging.set_verbosity(verbosity)
    study.add_trials(_told(context, drafts.base, tried, space))
    return study, space


def _told(
    context: LabContext, base: Settings, tried: Iterable[tuple[Observation, Settings]], space: list[Dimension]
) -> list[FrozenTrial]:
    trials = []
    if context.baseline_values:
        trials.append(_trial(base, space, TrialState.COMPLETE, mean(context.baseline_values)))
    for observation, settings in tried:
        if observation.values:
            trials.append(_trial(settings, space, TrialState.COMPLETE, mean(observation.values)))
        elif observation.failed in DIVERGED_REASONS:
            # TPE ranks pruned trials below all complete ones and leaves failed ones out:
            # a divergence is knowledge about the settings, a lost job is not.
            trials.append(_trial(settings, space, TrialState.PRUNED, None))
        elif observation.failed:
            trials.append(_trial(settings, space, TrialState.FAIL, None))
        else:
            trials.append(_trial(settings, space, TrialState.RUNNING, None))
    return trials


def _trial(settings: Settings, space: list[Dimension], state: TrialState, value: float | None) -> FrozenTrial:
    params: dict[str, object] = {}
    distributions: dict[str, BaseDistribution] = {}
    for dimension in space:
        found = settings.get(dimension.setting.path)
        if applies(dimension, settings) and _representable(dimension, found):
            params[dimension.setting.key] = found
            distributions[dimension.setting.key] = _distribution(dimension)
    return create_trial(state=state, value=value, params=params, distributions=distributions)


def _ask(study: optuna.Study, space: list[Dimension]) -> Settings:
    trial = study.ask()
    settings: Settings = {}
    for dimension in space:
        if applies(dimension, settings):
            settings[dimension.setting.path] = _suggest(trial, dimension)
    return settings


def _suggest(trial: Trial, dimension: Dimension) -> str | int | float | bool | None:
    key = dimension.setting.key
    if dimension.choices:
        choice: str | int | float | bool | None = trial.suggest_categorical(key, dimension.choices)
        return choice
    return rounded(trial.suggest_float(key, dimension.low, dimension.high, log=dimension.setting.log))


def _moves(settings: Settings, space: list[Dimension], base: Settings) -> Patch:
    """Where the optimiser's point lies visibly away from the baseline."""
    return {
        dimension.setting.path: settings[dimension.setting.path]
        for dimension in space
        if dimension.setting.path in settings
        and applies(dimension, settings)
        and settings[dimension.setting.path] != base.get(dimension.setting.path)
        and _step(dimension, settings[dimension.setting.path]) >= MIN_STEP
    }


def _incumbent(context: LabContext) -> frozenset[str]:
    """What the best patch so far changes; nothing when none beat the baseline."""
    scored = [(mean(o.values), sorted(o.patch)) for o in context.observations if o.values]
    best, paths = min(scored, default=(0.0, []))
    beaten = context.baseline_values and best < mean(context.baseline_values)
    return frozenset(paths if beaten else ())


def _some(moves: Patch, kept: frozenset[str], generator: random.Random) -> Patch:
    """The moves in what the best patch changes, and a new one."""
    others = sorted(set(moves) - kept)
    chosen = [*sorted(set(moves) & kept), *generator.sample(others, min(NEW_CHANGES, len(others)))]
    chosen = chosen[:MAX_CHANGES]
    # Rates belong to their optimizer: neither moves without the other.
    pair = {"optim.matrix_optimizer", "optim.matrix_lr"} & set(moves)
    if "optim.matrix_optimizer" in moves and pair & set(chosen):
        chosen = sorted({*chosen, *pair})
    return {path: moves[path] for path in chosen}


def _step(dimension: Dimension, value: str | int | float | bool | None) -> float:
    if dimension.choices or dimension.base is None:
        return 1.0
    return abs(dimension.unit(value) - dimension.unit(dimension.base))


def applies(dimension: Dimension, settings: Settings) -> bool:
    """Whether a job with these settings has this one: an optimizer's belong to it alone."""
    wanted = dimension.setting.optimizer
    return wanted is None or settings.get("optim.matrix_optimizer", wanted) == wanted


def _representable(dimension: Dimension, value: object) -> bool:
    return value in dimension.choices if dimension.choices else isinstance(value, (int, float))


def _distribution(dimension: Dimension) -> BaseDistribution:
    if dimension.choices:
        return CategoricalDistribution(dimension.choices)
    return FloatDistribution(dimension.low, dimension.high, log=dimension.setting.log)


def _widen(dimension: Dimension, tried: list[Settings]) -> Dimension:
    """Hold every value that was tried: the baseline, and with it the range, may have moved since."""
    if dimension.choices:
        return dimension
    values = [s.get(dimension.setting.path) for s in tried if applies(dimension, s)]
    numbers = [float(v) for v in values if isinstance(v, (int, float)) and not isinstance(v, bool)]
    positive = [v for v in numbers if v > 0.0 or not dimension.setting.log]
    return dimension.widened(positive)


def _as_search(draft: Proposal) -> Proposal:
    return draft.model_copy(update={"proposer": "search"})
