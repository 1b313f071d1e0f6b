"""What another lab tried, said as shares of its baseline's loss: a first idea of a new lab's landscape."""

from collections.abc import Sequence

from agent.proposals.drafts import allowed_paths
from agent.proposals.proposer import Observation
from agent.proposals.space import Settings, flat_settings
from journal.records import Patch, Recipe, VerdictName
from journal.science.evidence import rung_key
from journal.science.recipe_seeds import recipe_noise
from journal.science.statistics import mean
from journal.science.trials import Trial, trials
from journal.store import Journal
from trainer.job import Contract, canonical_bytes, validate_job

EARLIER_EVENT = "earlier_trial"
MOST_TRIALS = 500


class EarlierTrial(Contract):
    """One hypothesis of another lab. `gain` is the share of its baseline's val_bpb that it saved."""

    source: str
    hypothesis_id: str
    statement: str
    patch: Patch
    gain: float | None
    failed: str | None
    verdict: VerdictName | None


def earlier_trials(journal: Journal) -> list[EarlierTrial]:
    """What a lab tried on the rung of its first recipe, each patch said relative to that recipe."""
    recipes = journal.recipes()
    if not recipes:
        return []
    root = recipes[0]
    values = recipe_noise(journal, root.recipe_id).values
    baseline = mean(values) if values else None
    by_id = {recipe.recipe_id: recipe for recipe in recipes}
    found = (
        _said(trial, by_id[trial.hypothesis.baseline_recipe], root, baseline) for trial in trials(journal)
    )
    return [trial for trial in found if trial is not None][-MOST_TRIALS:]


def earlier_observations(journal: Journal, baseline_values: Sequence[float]) -> tuple[Observation, ...]:
    """The trials that this lab was told of, as if they had been made on its own baseline."""
    if not baseline_values:
        return ()
    baseline = mean(baseline_values)
    told = [EarlierTrial.model_validate(event.detail) for event in journal.events(EARLIER_EVENT)]
    return tuple(
        Observation(
            patch=trial.patch,
            values=() if trial.gain is None else (baseline * (1.0 - trial.gain),),
            failed=trial.failed,
            statement=f"In an earlier lab: {trial.statement}",
        )
        for trial in told
    )


def _said(trial: Trial, origin: Recipe, root: Recipe, baseline: float | None) -> EarlierTrial | None:
    document = origin.job_document(0, trial.hypothesis.patch)
    patch = _allowed_difference(flat_settings(document), flat_settings(root.job_document(0)))
    is_same_rung = _rung(document) == _rung(root.job_document(0))
    is_known = bool(trial.values and baseline) or trial.failed is not None
    if not patch or not is_same_rung or not is_known:
        return None
    return EarlierTrial(
        source="",
        hypothesis_id=trial.hypothesis.hypothesis_id,
        statement=trial.hypothesis.statement,
        patch=patch,
        gain=1.0 - mean(trial.values) / baseline if trial.values and baseline else None,
        failed=None if trial.values else trial.failed,
        verdict=trial.verdict,
    )


def _allowed_difference(settings: Settings, base: Settings) -> Patch:
    return {p: settings[p] for p in allowed_paths() if p in settings and settings[p] != base.get(p)}


def _rung(document: dict[str, object]) -> str:
    return rung_key(canonical_bytes(validate_job(document)))
