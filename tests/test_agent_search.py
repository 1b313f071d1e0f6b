"""TPE proposals: rebuilt from what the journal says, better than luck, never a repetition."""

from hypothesis import given, settings
from hypothesis import strategies as st
from optuna.trial import TrialState

from agent.drafts import Drafts
from agent.proposer import LabContext, Observation
from agent.random import RandomProposer
from agent.search import SearchProposer, build_study
from tests.agent_support import check_drafts, context, settings_of, tried

FREE = ("model", "schedule", "total_batch_size", "optim.matrix_optimizer", "optim.muon_momentum",
        "optim.adam_beta1", "optim.adam_beta2", "optim.weight_decay")  # fmt: skip


def test_before_there_is_evidence_it_tries_single_changes() -> None:
    lab = context(*tried(3))
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


def test_study_is_told_values_divergence_failures_and_what_runs() -> None:
    lab = context(
        Observation({"optim.matrix_lr": 0.03}, (1.9, 1.92)),
        Observation({"optim.matrix_lr": 0.6}, (), failed="nan"),
        Observation({"optim.weight_decay": 0.1}, (), failed="lost"),
        Observation({"model.qk_scale": 2.0}, ()),
    )
    study, _ = build_study(lab, Drafts(lab))
    told = [(t.state, t.value) for t in study.get_trials()]
    assert told == [
        (TrialState.COMPLETE, 2.005),
        (TrialState.COMPLETE, 1.91),
        (TrialState.PRUNED, None),
        (TrialState.FAIL, None),
        (TrialState.RUNNING, None),
    ]
    trials = study.get_trials()
    assert trials[1].params["optim.matrix_lr@muon"] == 0.03
    assert trials[2].params["optim.matrix_lr@muon"] == 0.6
    assert "optim.matrix_lr@adamw" not in trials[1].params


def test_settings_of_one_optimizer_are_told_for_it_alone() -> None:
    lab = context(
        Observation({"optim.matrix_optimizer": "adamw", "optim.matrix_lr": 0.003}, (1.9,)), *tried(5)
    )
    study, _ = build_study(lab, Drafts(lab))
    params = study.get_trials()[1].params
    assert params["optim.matrix_lr@adamw"] == 0.003
    assert not {"optim.matrix_lr@muon", "optim.muon_momentum@muon"} & set(params)


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
    from agent.space import flat_settings

    return dict(flat_settings(lab.baseline.job_document(0)))


def test_it_beats_random_search_on_a_bowl() -> None:
    seeds = range(6)
    searched = sum(play(SearchProposer(), seed, 15) for seed in seeds)
    drawn = sum(play(RandomProposer(), seed, 15) for seed in seeds)
    assert searched < drawn
