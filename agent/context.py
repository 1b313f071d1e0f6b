"""The lab as a proposer sees it, from the journal alone."""

from agent.knowledge.earlier import earlier_observations
from agent.knowledge.track_record import InformedContext, gather_knowledge
from agent.proposals.proposer import Observation
from agent.proposals.space import Settings, flat_settings
from journal.records import Patch, Recipe
from journal.science.evidence import rung_key
from journal.science.recipe_seeds import recipe_noise
from journal.science.trials import Trial, trials
from journal.store import Journal
from trainer.job import canonical_bytes, validate_job


def build_context(
    journal: Journal,
    baseline: Recipe,
    *,
    brief: str,
    remaining_micro_usd: int,
    job_cost_micro_usd: int,
    seed: int,
    forbidden: tuple[str, ...] = (),
) -> InformedContext:
    """Everything a proposer is given."""
    noise = recipe_noise(journal, baseline.recipe_id)
    return InformedContext(
        baseline=baseline,
        baseline_values=noise.values,
        noise_sd=noise.sd,
        observations=earlier_observations(journal, noise.values) + observations_on(journal, baseline),
        brief=brief,
        remaining_micro_usd=remaining_micro_usd,
        job_cost_micro_usd=job_cost_micro_usd,
        seed=seed,
        forbidden=forbidden,
        knowledge=gather_knowledge(journal),
    )


def observations_on(journal: Journal, baseline: Recipe) -> tuple[Observation, ...]:
    """What was tried on the baseline's rung, every patch said relative to this baseline.

    A patch tried on an earlier champion becomes the whole difference between what ran and what
    is the baseline now; what ran as today's baseline (the patch that won) is left out.
    """
    rung = _rung(baseline.job_document(0))
    base = flat_settings(baseline.job_document(0))
    recipes = {recipe.recipe_id: recipe for recipe in journal.recipes()}
    found = []
    for trial in trials(journal):
        origin = recipes[trial.hypothesis.baseline_recipe]
        document = origin.job_document(0, trial.hypothesis.patch)
        patch = _difference(flat_settings(document), base)
        if patch and _rung(document) == rung:
            found.append(_observation(trial, patch))
    return tuple(found)


def _observation(trial: Trial, patch: Patch) -> Observation:
    return Observation(
        patch=patch,
        values=trial.values,
        failed=trial.failed,
        hypothesis_id=trial.hypothesis.hypothesis_id,
        statement=trial.hypothesis.statement,
        verdict=trial.verdict,
        effect=trial.effect,
    )


def _rung(document: dict[str, object]) -> str:
    return rung_key(canonical_bytes(validate_job(document)))


def _difference(settings: Settings, base: Settings) -> Patch:
    return {path: value for path, value in settings.items() if value != base.get(path)}
