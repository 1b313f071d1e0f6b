"""What the journal knows of pairing: how much runs of equal seeds have in common on a rung and machine."""

from collections.abc import Mapping

from journal.records import JobRow, Recipe
from journal.science.evidence import HARM_FRACTION, arm_key, conditions, outcome_of, rung_key
from journal.science.pairs import Correlation, paired, seed_correlation
from journal.science.statistics import mean
from journal.store import Journal
from trainer.job import canonical_bytes, validate_job


def pair_knowledge(journal: Journal, baseline: Recipe) -> Correlation:
    """The correlation over seeds of finished arms comparable with new runs of `baseline`.

    A pair of arms is that of a final verdict: the jobs it names, by seed. It counts on the same rung, with
    the code, data, tokenizer and device of the baseline's latest run. An arm that diverged or is more than 2%
    worse is left out, as it is of the noise.
    """
    spec = canonical_bytes(validate_job(baseline.job_document(0)))
    rows = {row.job_id: row for row in journal.jobs(kind="pretrain", states=("succeeded", "failed"))}
    own = [row for row in rows.values() if arm_key(row.spec) == arm_key(spec) and row.arm == "baseline"]
    now = next((found for row in reversed(own) if (found := conditions(row)) is not None), None)
    alike = {
        name: row
        for name, row in rows.items()
        if now is not None and conditions(row) == now and rung_key(row.spec) == rung_key(spec)
    }
    arms: dict[str, list[dict[int, float]]] = {}
    recipes = {h.hypothesis_id: h.baseline_recipe for h in journal.hypotheses()}
    for verdict in journal.latest_verdicts().values():
        if verdict.final and not verdict.diverged_jobs:
            group = arms.setdefault(recipes[verdict.hypothesis_id], [{}])
            _add(group, _values(verdict.baseline_jobs, alike), _values(verdict.treatment_jobs, alike))
    return seed_correlation(arms.values())


def _add(group: list[dict[int, float]], baseline: dict[int, float], treatment: dict[int, float]) -> None:
    pairs = paired(baseline, treatment)
    is_harmful = bool(pairs) and mean([t for _, t in pairs]) > (1.0 + HARM_FRACTION) * mean(
        [b for b, _ in pairs]
    )
    if len(pairs) > 1 and not is_harmful:
        group[0].update(baseline)
        group.append(treatment)


def _values(job_ids: tuple[str, ...], rows: Mapping[str, JobRow]) -> dict[int, float]:
    found = [rows[name] for name in job_ids if name in rows]
    return {row.seed: value for row in found if isinstance(value := outcome_of(row), float)}
