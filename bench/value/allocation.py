"""Where the next runs go, for a decision: knowledge gradient, top-two, successive halving, equal seeds.

All arms use the seeds 1, 2, … in that order, so that from the first run on they have seeds in common.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from bench.value.decision import RING, State, alone
from bench.value.lab import Run, View
from bench.value.policies import BASELINE
from bench.value.surface import Ideas
from harness.plan.seeds import seed_numbers

Vector = NDArray[np.float64]
SURE = 1.645  # sds, so that harm by the smallest effect has a chance of 5%
REPEATS = (1, 2, 4)
MOST_ARMS = 40


def next_run(view: View, ideas: Ideas, planned: list[Run], above: bool = False) -> Run:
    """An arm's next seed: round the baseline's first ones from a place of its own, then onwards."""
    count = 1
    while True:
        run = replace(first_runs(ideas, count)[-1], above=above)
        if run not in view.results and run not in planned:
            return run
        count += 1


def first_runs(ideas: Ideas, count: int) -> list[Run]:
    """An arm's first runs, by the seeds of `next_run`."""
    start = ideas[-1] if ideas else RING - 1
    return [Run(ideas, seed) for seed in seed_numbers(count, RING, start % RING)]


@dataclass(frozen=True)
class KnowledgeGradient:
    """Runs with the largest expected gain of the decision for their money (Frazier & Powell 2010).

    A decision is made for each idea: it is adopted where its expected gain is positive and harm unlikely. As
    one run may be too few to change anything, two and four count, too, each with its share of what all gain.
    The runs of one round are chosen one after the other, each as if those before it had ended as expected.
    `on_top`: ideas are also tried beside those that would be adopted; `fresh_on_top`: new ones only there.
    `stop`: a run whose value is below this, in smallest effects, is not made. `above_from`: the share of the
    money from which the rung above is open.
    """

    stop: float = 0.0
    on_top: bool = True
    fresh_on_top: bool = True
    above_from: float = 0.5
    above_seeds: int = 3

    def __call__(self, state: State, count: int) -> list[Run]:
        view, planned = state.view, list[Run]()
        opening = self._opening(state)
        if opening:
            return opening
        covariance = state.posterior.covariance.copy()
        while len(planned) < count:
            runs = [run for run in self._candidates(state, planned) if view.price(run) <= view.units_left]
            if not runs:
                break
            values, moves, variances = self._values(state, covariance, runs)
            best = int(np.argmax(values))
            if values[best] <= self.stop * state.posterior.minimum:
                break
            planned.append(runs[best])
            covariance -= np.outer(moves[:, best], moves[:, best]) / variances[best]
        return planned

    def _opening(self, state: State) -> list[Run]:
        """The baseline's first runs on the rung above: without them nothing is known there."""
        view, units = state.view, state.view.lab.search_units
        is_time = view.rung_units is not None and view.units_left <= (1.0 - self.above_from) * units
        if (
            not is_time
            or len(view.values(BASELINE, above=True)) >= self.above_seeds
            or not state.choice.ideas
        ):
            return []
        return [Run(BASELINE, seed, above=True) for seed in range(1, self.above_seeds + 1)]

    def _candidates(self, state: State, planned: list[Run]) -> list[Run]:
        view, posterior = state.view, state.posterior
        places = np.array([posterior.layout.ideas[idea] + 1 for idea in state.allowed], dtype=np.int64)
        hope = posterior.mean[places] + 2.0 * np.sqrt(posterior.covariance[places, places])
        ranked = [state.allowed[i] for i in np.argsort(-hope)[:MOST_ARMS] if hope[i] > 0.0]
        fresh = [idea for idea in state.fresh if not any(idea in run.ideas for run in planned)][:1]
        tried: list[Ideas] = [BASELINE, *((idea,) for idea in ranked)]
        chosen = state.choice.ideas
        joint = self._joint(state, [*ranked, *fresh]) if self.on_top and chosen else []
        tried += [chosen] if len(chosen) > 1 else []
        single = [] if joint and self.fresh_on_top else [(idea,) for idea in fresh]
        runs = [next_run(view, ideas, planned) for ideas in [*tried, *joint, *single]]
        if view.values(BASELINE, above=True):
            runs += [next_run(view, ideas, planned, above=True) for ideas in tried]
        return runs

    def _joint(self, state: State, ideas: list[int]) -> list[Ideas]:
        """Each idea beside those that would be adopted now, in the place of those that it clashes with."""
        chosen, clash = state.choice.ideas, state.view.clash
        added = [
            (*(other for other in chosen if not clash(idea, other)), idea)
            for idea in ideas
            if idea not in chosen
        ]
        left_out = [tuple(other for other in chosen if other != idea) for idea in chosen]
        return [ideas for ideas in [*added, *left_out] if len(ideas) > 1]

    def _values(self, state: State, covariance: Vector, runs: list[Run]) -> tuple[Vector, Vector, Vector]:
        """Value of each run for its price; how it moves all unknowns; its variance."""
        posterior, layout = state.posterior, state.posterior.layout
        gains = self._gains(state)
        rows = layout.design(runs)
        moves = covariance @ rows.T
        known = (rows * moves.T).sum(axis=1)
        new = np.array([(run.seed, run.above) not in layout.seeds for run in runs])
        noise = posterior.rest_variance + new * posterior.seed_variance
        mean = (gains @ posterior.mean)[:, None]
        variance = ((gains @ covariance) * gains).sum(axis=1)[:, None]
        shifts = np.abs(gains @ moves)
        now = mean * (mean > np.maximum(0.0, SURE * np.sqrt(variance) - posterior.minimum))
        best = np.zeros(len(runs))
        for repeats in REPEATS:
            shift = shifts / np.sqrt(known + noise / repeats) + 1e-12
            left = np.sqrt(np.maximum(0.0, variance - shift**2))
            gate = np.maximum(0.0, SURE * left - posterior.minimum)
            far = (mean - gate) / shift
            then = mean * ndtr(far) + shift * np.exp(-0.5 * far**2) / math.sqrt(2.0 * math.pi)
            best = np.maximum(best, (then - now).sum(axis=0) / repeats)
        return best / np.array([state.view.price(run) for run in runs]), moves, known + noise

    def _gains(self, state: State) -> Vector:
        """What each idea gains a champion: beside others, where others would be adopted."""
        layout = state.posterior.layout
        ideas = [*state.allowed, *state.fresh]
        gains = np.zeros((len(ideas), layout.size))
        for row, idea in zip(gains, ideas, strict=True):
            row[layout.ideas[idea] + 1] = 1.0
            if set(state.choice.ideas) - {idea}:
                row[layout.ideas[idea] + 2] = -1.0
        return gains


@dataclass(frozen=True)
class Chain:
    """New ideas beside those that would be adopted now, one run each; at the end the knowledge gradient.

    Each run says something of the new idea and of all that it stands on, together. `share`: of the money, and
    where there is a rung above.
    """

    share: float = 0.9
    share_below: float = 0.5
    then: KnowledgeGradient = KnowledgeGradient()

    def __call__(self, state: State, count: int) -> list[Run]:
        view, planned = state.view, list[Run]()
        share = self.share if view.rung_units is None else self.share_below
        if view.units_left <= (1.0 - share) * view.lab.search_units:
            return self.then(state, count)
        for fresh in state.fresh[:count]:
            kept = (idea for idea in state.choice.ideas if not view.clash(fresh, idea))
            planned.append(next_run(view, (*kept, fresh), planned))
        return planned


@dataclass(frozen=True)
class Equal:
    """Every idea gets the same seeds, then the next idea; what is left goes to the chosen set."""

    seeds: int = 2

    def __call__(self, state: State, count: int) -> list[Run]:
        arms: list[Ideas] = [BASELINE, *((i,) for i in state.allowed), *((i,) for i in state.fresh)]
        runs = [run for ideas in arms for run in first_runs(ideas, self.seeds)]
        return [run for run in runs if run not in state.view.results][:count]


@dataclass(frozen=True)
class Halving:
    """Successive halving: many ideas with one seed, of these the better part with two, with four, …

    `share`: of the money, for first seeds. What is left at the end goes to the chosen set and the baseline.
    """

    share: float = 0.45
    kept: float = 0.4

    def __call__(self, state: State, count: int) -> list[Run]:
        view = state.view
        ideas = max(1, round(self.share * view.lab.search_units))
        if max(state.allowed, default=0) < ideas and len({r.ideas for r in view.results}) <= ideas:
            fresh = [idea for idea in state.fresh if idea <= ideas]
            if fresh:
                return [first_runs((idea,), 1)[0] for idea in fresh][:count]
        ranked = sorted(state.allowed, key=lambda idea: -alone(state.posterior, idea))
        stage, seeds = max(1, math.ceil(self.kept * len(ranked))), 2
        while stage >= 1:
            arms: list[Ideas] = [BASELINE, *((idea,) for idea in ranked[:stage])]
            runs = [run for ideas in arms for run in first_runs(ideas, seeds)]
            missing = [run for run in runs if run not in view.results]
            if missing:
                return missing[:count]
            if stage == 1:
                break
            stage, seeds = max(1, math.ceil(self.kept * stage)), 2 * seeds
        arms = [state.choice.ideas or BASELINE, BASELINE]
        planned: list[Run] = []
        for i in range(count):
            planned.append(next_run(view, arms[i % 2], planned))
        return planned


@dataclass(frozen=True)
class TopTwo:
    """Top-two Thompson sampling (Russo 2020): the idea that a draw calls best, or half of the time its rival.

    An idea that has not run is drawn from the prior; the baseline keeps step with the longest arm.
    """

    rival: float = 0.5

    def __call__(self, state: State, count: int) -> list[Run]:
        generator = np.random.default_rng(len(state.view.results))
        ideas = (*state.allowed, *state.fresh)
        places = [state.posterior.layout.ideas[idea] + 1 for idea in ideas]
        mean, cov = state.posterior.mean[places], state.posterior.covariance[np.ix_(places, places)]
        planned: list[Run] = []
        longest = max((len(state.view.values((idea,))) for idea in state.allowed), default=0)
        if len(state.view.values(BASELINE)) < longest:
            planned.append(next_run(state.view, BASELINE, planned))
        while len(planned) < count:
            first, second = (
                np.argsort(-generator.multivariate_normal(mean, cov, method="eigh"))[:2] for _ in "12"
            )
            chosen = (
                first[0]
                if generator.random() > self.rival
                else next((i for i in second if i != first[0]), second[0])
            )
            planned.append(next_run(state.view, (ideas[int(chosen)],), planned))
        return planned
