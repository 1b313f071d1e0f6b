"""Search proposals: rebuilt from what the journal says, better than luck, never a repetition."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.proposals.drafts import Drafts
from agent.proposals.proposer import LabContext, Observation
from agent.proposals.space import Dimension, applies
from agent.random import RandomProposer
from agent.search.candidates import STEP_SD, UNKNOWN, Array, Axes
from agent.search.proposer import SearchProposer
from agent.search.reach import FIRST_RATE, LOCAL, WIDE, reach_of, success_rate
from agent.search.surrogate import Surrogate
from journal.records import Patch
from tests.support.agent_support import check_drafts, context, settings_of, tried

FREE = ("model", "schedule", "total_batch_size", "optim.matrix_optimizer", "optim.muon_momentum",
        "optim.adam_beta1", "optim.adam_beta2", "optim.weight_decay")  # fmt: skip


def test_before_there_is_evidence_a_short_lab_tries_single_changes() -> None:
    lab = context(remaining_micro_usd=10_000)
    drafts = SearchProposer().propose(lab, 4)
    check_drafts(lab, drafts, 4, "search")
    assert all(len(draft.patch) <= 2 for draft in drafts)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**31 - 1), st.integers(1, 4), st.integers(4, 25))
def test_drafts_keep_the_promises(seed: int, count: int, history: int) -> None:
    lab = context(*tried(history), seed=seed)
    check_drafts(lab, SearchProposer().propose(lab, count), count, "search")


def test_same_journal_gives_the_same_drafts() -> None:
    lab = context(*tried(8))
    assert SearchProposer().propose(lab, 3) == SearchProposer().propose(lab, 3)
    assert SearchProposer().propose(lab, 3) != SearchProposer().propose(context(*tried(8), seed=9), 3)


def test_a_batch_is_as_if_its_first_drafts_were_running() -> None:
    lab = context(*tried(8))
    drafts = SearchProposer().propose(lab, 4)
    assert drafts[:2] == SearchProposer().propose(lab, 2)
    assert len({str(sorted(draft.patch.items())) for draft in drafts}) == 4


def test_what_diverged_is_kept_away_from() -> None:
    near = Observation({"optim.matrix_lr": 0.03}, (1.9,))
    fine = surrogate(near, Observation({"optim.matrix_lr": 0.07}, (1.91,)))
    broken = surrogate(near, Observation({"optim.matrix_lr": 0.07}, (), failed="nan"))
    lost = surrogate(near, Observation({"optim.matrix_lr": 0.07}, (), failed="lost"))
    assert broken.worth(at(broken, 0.068))[0] < fine.worth(at(fine, 0.068))[0]
    assert broken.worth(at(broken, 0.068))[0] < lost.worth(at(lost, 0.068))[0]


def test_what_runs_is_not_worth_a_second_run() -> None:
    idle = surrogate(*tried(8))
    busy = surrogate(*tried(8), Observation({"optim.matrix_lr": 0.05}, ()))
    assert busy.worth(at(busy, 0.0501))[0] < idle.worth(at(idle, 0.0501))[0]


def test_the_stated_probability_follows_what_was_seen() -> None:
    seen = surrogate(*tried(8))
    good, bad = (seen.chance(at(seen, rate)[0]) for rate in (0.029, 0.011))
    assert 0.0 < bad < good < 1.0


def test_costly_runs_have_to_promise_more() -> None:
    lab = context(*tried(8))
    cheap, dear = Surrogate(lab, Drafts(lab)), Surrogate(lab, Priced(lab))
    moved = [model.worth(at(model, 0.034))[0] - model.worth(at(model, 0.010))[0] for model in (cheap, dear)]
    assert moved[1] < moved[0]


def test_from_a_good_baseline_drafts_are_small_steps_of_few_settings() -> None:
    worse = tuple(Observation({"optim.matrix_lr": round(0.02 + 0.004 * n, 3)}, (2.1,)) for n in range(1, 9))
    for seed in range(5):
        lab = context(*worse, seed=seed, baseline_values=(2.0,))
        assert reach_of(lab) is LOCAL
        for draft in SearchProposer().propose(lab, 3):
            assert len(draft.patch) <= 2 + ("optim.matrix_optimizer" in draft.patch)
            assert all(abs(step) < 5 * STEP_SD for step in steps(lab, draft.patch))


def test_while_runs_improve_the_search_is_wide() -> None:
    falling = tuple(
        Observation({"optim.matrix_lr": round(0.02 + 0.004 * n, 3)}, (2.0 - 0.1 * n,)) for n in range(1, 12)
    )
    lab = context(*falling, baseline_values=(0.5,))
    assert reach_of(lab) is WIDE
    assert max(len(draft.patch) for draft in SearchProposer().propose(lab, 6)) > 2


def test_running_drafts_are_no_failures_to_improve() -> None:
    seen = (Observation({"optim.matrix_lr": 0.03}, (1.9,)), Observation({"optim.matrix_lr": 0.04}, (1.8,)))
    pending = tuple(Observation({"optim.scalar_lr": 0.1 + 0.1 * n}, ()) for n in range(9))
    alone, busy = (success_rate(context(*runs, baseline_values=(1.7,))) for runs in (seen, seen + pending))
    assert busy == alone == (2 + FIRST_RATE) / 3


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**31 - 1), st.integers(5, 18), st.booleans())
def test_numbers_stay_in_their_ranges_and_choices_among_theirs(seed: int, runs: int, falling: bool) -> None:
    seen = tuple(Observation(o.patch, (o.values[0] - 0.1 * n * falling,)) for n, o in enumerate(tried(runs)))
    lab = context(*seen, seed=seed)
    space = Drafts(lab).space
    for draft in SearchProposer().propose(lab, 2):
        values = settings_of(lab, draft)
        for dimension in space:
            value = values[dimension.setting.path]
            if dimension.setting.path not in draft.patch or not applies(dimension, values):
                continue
            assert value in dimension.choices if dimension.choices else inside(dimension, float(str(value)))


def inside(dimension: Dimension, value: float) -> bool:
    return dimension.low * 0.99 <= value <= dimension.high * 1.01


def steps(lab: LabContext, patch: Patch) -> list[float]:
    """How far numbers go, in shares of their ranges."""
    drafts = Drafts(lab)
    return [
        dimension.unit(patch[dimension.setting.path]) - dimension.unit(dimension.base)
        for dimension in drafts.space
        if not dimension.choices
        and dimension.setting.path in patch
        and dimension.setting.optimizer in (None, drafts.base["optim.matrix_optimizer"])
        and "optim.matrix_optimizer" not in patch
    ]


class Priced(Drafts):
    """Higher rates take longer."""

    def seconds(self, patch: Patch) -> float | None:
        return 10.0 + 1e5 * float(str(patch.get("optim.matrix_lr", 0.02))) ** 2


def surrogate(*observations: Observation) -> Surrogate:
    lab = context(*observations)
    return Surrogate(lab, Drafts(lab))


def at(model: Surrogate, rate: float) -> Array:
    lab = context()
    return model.axes.place({**Drafts(lab).base, "optim.matrix_lr": rate})[None]


def test_settings_of_one_optimizer_have_no_place_with_the_other() -> None:
    base = Drafts(context()).base
    axes = Axes(Drafts(context()).space, base)
    owned = [(dimension.setting.path, dimension.setting.optimizer) for dimension in axes.space]
    place = axes.place({**base, "optim.matrix_optimizer": "adamw", "optim.matrix_lr": 0.003})
    assert place[owned.index(("optim.matrix_lr", "muon"))] == UNKNOWN
    assert axes.patch(place) == {"optim.matrix_optimizer": "adamw", "optim.matrix_lr": 0.003}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31 - 1), st.integers(1, 17))
def test_every_drawn_place_is_a_patch_and_back(seed: int, changes: int) -> None:
    base = Drafts(context()).base
    axes = Axes(Drafts(context()).space, base)
    homes = np.tile(axes.base, (8, 1))
    for place in axes.near(np.random.default_rng(seed), homes, np.full(8, changes)):
        again = axes.place({**base, **axes.patch(place)})
        assert np.allclose(again, place, atol=1e-2)


def test_patches_outside_the_space_do_no_harm() -> None:
    odd = Observation({"model.window_fraction": 0.5, "model.window_pattern": "LLS"}, (1.9,))
    impossible = Observation({"model.no_such_field": 1}, (1.9,))
    lab = context(odd, impossible, *tried(6))
    drafts = SearchProposer().propose(lab, 2)
    assert [settings_of(lab, draft) for draft in drafts]


def loss(lab: LabContext, values: dict[str, object]) -> float:
    rates = [float(str(values[f"optim.{n}_lr"])) for n in ("matrix", "embedding", "unembedding", "scalar")]
    best = [0.05, 0.3, 0.02, 0.5]
    from math import log

    return 2.0 + sum(log(rate / wanted) ** 2 for rate, wanted in zip(rates, best, strict=True))


def play(proposer: RandomProposer | SearchProposer, seed: int, rounds: int) -> float:
    """The best loss found by proposing, observing and proposing again, baseline fixed."""
    lab = context(forbidden=FREE, seed=seed)
    start = loss(lab, settings_of_base(lab))
    lab = context(forbidden=FREE, seed=seed, baseline_values=(start,))
    for _ in range(rounds):
        seen = lab.observations
        for draft in proposer.propose(lab, 2):
            seen += (Observation(draft.patch, (loss(lab, dict(settings_of(lab, draft))),)),)
        lab = context(*seen, forbidden=FREE, seed=seed, baseline_values=(start,))
    return min(o.values[0] for o in lab.observations)


def settings_of_base(lab: LabContext) -> dict[str, object]:
    from agent.proposals.space import flat_settings

    return dict(flat_settings(lab.baseline.job_document(0)))


def test_it_beats_random_search_on_a_bowl() -> None:
    seeds = range(6)
    searched = sum(play(SearchProposer(), seed, 15) for seed in seeds)
    drawn = sum(play(RandomProposer(), seed, 15) for seed in seeds)
    assert searched < drawn
