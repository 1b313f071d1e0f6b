"""Lab contexts for proposer tests."""

from dataclasses import replace
from typing import Any

from agent.proposals.drafts import allowed_paths
from agent.proposals.proposer import LabContext, Observation
from agent.proposals.space import Settings, flat_settings
from journal.records import Proposal, Recipe
from tests.support.journal_support import DOCUMENT
from trainer.job import validate_job

BASELINE = Recipe(
    recipe_id="r1",
    parent=None,
    patch={},
    document={**DOCUMENT, "total_batch_size": 4096},
    origin="starter",
    created_at=1.0,
)


def context(*observations: Observation, **changes: Any) -> LabContext:
    plain = LabContext(
        baseline=BASELINE,
        baseline_values=(2.0, 2.01),
        noise_sd=0.005,
        observations=observations,
        brief="Aim for a low loss.",
        remaining_micro_usd=1_000_000,
        job_cost_micro_usd=1_000,
        seed=1,
    )
    return replace(plain, **changes)


def tried(count: int) -> tuple[Observation, ...]:
    """So many observations of matrix learning rates, best near 0.03."""
    rates = [round(0.006 + 0.004 * n, 4) for n in range(count)]
    return tuple(Observation({"optim.matrix_lr": r}, (2.0 + abs(r - 0.03),)) for r in rates)


def settings_of(lab: LabContext, proposal: Proposal) -> Settings:
    """The full settings a proposal leads to; fails when it is not a valid job."""
    document = lab.baseline.job_document(0, proposal.patch)
    validate_job(document)
    return flat_settings(document)


def check_drafts(lab: LabContext, proposals: list[Proposal], count: int, name: str) -> None:
    """What every proposer promises: valid, new, allowed, unlike each other, rightly signed."""
    assert len(proposals) == count
    seen = [flat_settings(lab.baseline.job_document(0))]
    seen += [flat_settings(lab.baseline.job_document(0, o.patch)) for o in lab.observations]
    for proposal in proposals:
        settings = settings_of(lab, proposal)
        assert settings not in seen
        assert set(proposal.patch) <= set(allowed_paths(lab.forbidden))
        assert proposal.proposer == name
        assert proposal.statement.endswith("val_bpb.")
        seen.append(settings)
