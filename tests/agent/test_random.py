"""Random proposals: valid, new, visible, reproducible."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.proposals.proposer import LabContext, Observation
from agent.random import RandomProposer
from agent.search.proposer import SearchProposer
from journal.records import apply_patch
from tests.support.agent_support import BASELINE, check_drafts, context
from tests.support.journal_support import recipe

PROPOSERS = [RandomProposer(), SearchProposer()]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31 - 1), st.integers(1, 12))
def test_drafts_keep_the_promises(seed: int, count: int) -> None:
    lab = context(seed=seed)
    check_drafts(lab, RandomProposer().propose(lab, count), count, "random")


def test_same_context_gives_the_same_drafts() -> None:
    assert RandomProposer().propose(context(), 5) == RandomProposer().propose(context(), 5)
    assert RandomProposer().propose(context(), 5) != RandomProposer().propose(context(seed=2), 5)


def test_a_round_later_the_drafts_differ() -> None:
    first = RandomProposer().propose(context(), 3)
    later = context(*(Observation(p.patch, (2.0,)) for p in first))
    assert not {str(p.patch) for p in first} & {str(p.patch) for p in RandomProposer().propose(later, 3)}


@pytest.mark.parametrize("name", ["optim", "model", "optim.matrix_lr", "schedule"])
def test_forbidden_settings_and_sections_stay(name: str) -> None:
    drafts = RandomProposer().propose(context(forbidden=(name,)), 30)
    assert drafts
    assert not any(path == name or path.startswith(name + ".") for d in drafts for path in d.patch)


def test_nothing_left_to_vary_gives_nothing() -> None:
    everything = ("optim", "model", "schedule", "total_batch_size")
    for proposer in PROPOSERS:
        assert proposer.propose(context(forbidden=everything), 3) == []


def test_an_exhausted_space_gives_what_is_left() -> None:
    forbidden = ("optim", "schedule", "total_batch_size", "model.logit_softcap", "model.rope_base",
                 "model.qk_scale", "model.window_pattern")  # fmt: skip
    [only] = RandomProposer().propose(context(forbidden=forbidden), 3)
    assert only.patch == {"model.value_embeddings": False}
    assert only.statement == "Leaving out value embeddings lowers val_bpb."


@pytest.mark.parametrize(
    "patch",
    [
        {"model.block": "llama"},
        {"optim.matrix_optimizer": "adamw", "optim.matrix_lr": 0.003},
        {"model.logit_softcap": None, "optim.weight_decay": 0.0},
        {"optim.matrix_lr": 99.0, "schedule.warmdown_fraction": 0.98},
        {"total_batch_size": None},
    ],
)
def test_odd_baselines_are_served(patch: dict[str, object]) -> None:
    document = recipe().job_document(0)
    for path, value in patch.items():
        apply_patch(document, path, value)  # type: ignore[arg-type]
    document.pop("seed")
    base = BASELINE.model_copy(update={"document": document})
    lab: LabContext = context(baseline=base)
    check_drafts(lab, RandomProposer().propose(lab, 20), 20, "random")
    many = context(*(Observation(p.patch, (2.0,)) for p in RandomProposer().propose(lab, 12)), baseline=base)
    check_drafts(many, SearchProposer().propose(many, 3), 3, "search")
    llama = patch == {"model.block": "llama"}
    assert not llama or not any("softcap" in str(p.patch) for p in RandomProposer().propose(lab, 20))
