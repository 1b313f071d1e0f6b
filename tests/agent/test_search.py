"""Search proposals: rebuilt from what the journal says, better than luck, never a repetition."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.proposals.drafts import Drafts
from agent.proposals.proposer import LabContext, Observation
from agent.random import RandomProposer
from agent.search.candidates import UNKNOWN, Array, Axes
from agent.search.proposer import SearchProposer
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


def test_with_a_long_budget_the_first_drafts_are_wide() -> None:
    drafts = SearchProposer().propose(context(remaining_micro_usd=100_000_000), 4)
    assert max(len(draft.patch) for draft in drafts) > 1


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
