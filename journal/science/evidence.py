"""From rows to verdicts: which jobs count as evidence, and judging them (again) from the journal.

What counts, and what is left out and listed in `Evidence.excluded`:
seeds of one arm are jobs whose spec differs in `seed` and `limits` alone; a seed counts once;
all evidence shares code, data, tokenizer and device; cancelled jobs and failures that say
nothing about the settings (lost, time limit, out of memory …) are no evidence.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from journal.records import Hypothesis, JobRow, Verdict
from journal.science.earlier_rules.version_1 import RulesV1
from journal.science.earlier_rules.version_2 import RulesV2
from journal.science.judge import Rules, judge
from journal.science.pairs import Pairs, paired
from journal.science.statistics import mean, pooled_noise
from journal.store import Journal
from trainer.job import JobResult, canonical_bytes, validate_job

DIVERGED_REASONS = ("nan", "diverged")
# An arm that much worse than the baseline may have another spread too. It is left out of the noise
# by its mean, which for normal values is independent of its variance: the choice adds no bias.
HARM_FRACTION = 0.02
RULES = {rules.version: rules for rules in (RulesV1(), RulesV2(), Rules())}

Conditions = tuple[object, ...]


@dataclass(frozen=True)
class Seeds:
    """One arm: evidence jobs (diverged ones included), values of those that have one."""

    jobs: tuple[str, ...] = ()
    values: tuple[float, ...] = ()
    diverged: tuple[str, ...] = ()
    by_seed: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Evidence:
    """All that a verdict rests on, and (job id, why) of what was left out."""

    baseline: Seeds
    treatment: Seeds
    noise: tuple[Seeds, ...] = ()
    excluded: tuple[tuple[str, str], ...] = field(default=())

    @property
    def pairs(self) -> Pairs:
        """Both arms by shared seed, and the spread of other arms' differences to the same baseline."""
        base = self.baseline.by_seed
        others = [Pairs(paired(base, arm.by_seed)).differences for arm in self.noise]
        return Pairs(paired(base, self.treatment.by_seed), pooled_noise(others))


def arm_key(spec: str | bytes) -> str:
    """Hash of a job's canonical text without `seed` and `limits`: equal for seeds of one arm."""
    document = json.loads(spec)
    kept = {name: value for name, value in document.items() if name not in ("seed", "limits")}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()


def rung_key(spec: str | bytes) -> str:
    """What makes val_bpb and its noise comparable: data, tokenizer, depth, horizon, validation tokens."""
    document = json.loads(spec)
    kept = [
        document.get(name) for name in ("data", "tokenizer", "train_tokens", "train_seconds", "val_tokens")
    ]
    return json.dumps([*kept, document.get("model", {}).get("depth")])


def conditions(row: JobRow) -> Conditions | None:
    """Code, device, data, tokenizer and whether it was simulated; None when the job left no result."""
    if row.result is None:
        return None
    p = JobResult.model_validate_json(row.result).provenance
    return (p.code_hash, p.device, p.data_hash, p.tokenizer_hash, row.simulated)


def outcome_of(row: JobRow) -> float | str | None:
    """The job's val_bpb, `"diverged"`, or None when it says nothing about its settings."""
    if row.state == "succeeded":
        return row.metrics.get("val_bpb")
    return "diverged" if row.state == "failed" and row.reason in DIVERGED_REASONS else None


def collect_evidence(journal: Journal, hypothesis_id: str) -> Evidence:
    """Everything in the journal that bears on a hypothesis now."""
    hypothesis = journal.hypothesis(hypothesis_id)
    recipe = journal.recipe(hypothesis.baseline_recipe)
    base_spec = canonical_bytes(validate_job(recipe.job_document(0)))
    test_key = arm_key(canonical_bytes(validate_job(recipe.job_document(0, hypothesis.patch))))
    ended = journal.jobs(kind="pretrain", states=("succeeded", "failed"))
    rung = [row for row in ended if rung_key(row.spec) == rung_key(base_spec)]
    treated = [r for r in ended if r.hypothesis_id == hypothesis_id and r.arm == "treatment"]
    wanted = _common_conditions(treated or [r for r in rung if arm_key(r.spec) == arm_key(base_spec)])
    sorted_out: list[tuple[str, str]] = []
    treatment = _seeds([r for r in treated if arm_key(r.spec) == test_key], wanted, sorted_out)
    # A treatment that won is a selected sample; its recipe earns its own fresh baseline seeds.
    plain = [r for r in rung if arm_key(r.spec) == arm_key(base_spec) and r.arm != "treatment"]
    baseline = _seeds(plain, wanted, sorted_out)
    used = {*treatment.jobs, *baseline.jobs}
    others = [
        r for r in rung if r.job_id not in used and arm_key(r.spec) not in (test_key, arm_key(base_spec))
    ]
    noise = _noise_arms(others, wanted, baseline, sorted_out)
    return Evidence(baseline, treatment, noise, tuple(sorted_out))


def judge_hypothesis(journal: Journal, hypothesis_id: str, at: float, closing: bool = False) -> Verdict:
    """Judge a hypothesis on the journal as it stands; the caller stores the verdict.

    Raises:
        NotFound: no such hypothesis.
    """
    evidence = collect_evidence(journal, hypothesis_id)
    look = 1 + len(journal.verdicts(hypothesis_id))
    return judge_evidence(journal.hypothesis(hypothesis_id), evidence, look, at, closing)


def judge_evidence(
    hypothesis: Hypothesis,
    evidence: Evidence,
    look: int,
    at: float,
    closing: bool,
    rules: Rules | None = None,
) -> Verdict:
    """`judge()` on collected evidence; the hypothesis's number is its place in the error budget."""
    return judge(
        hypothesis,
        evidence.baseline.values,
        evidence.treatment.values,
        pooled_noise([arm.values for arm in evidence.noise]),
        look,
        hypothesis_index(hypothesis.hypothesis_id),
        baseline_jobs=evidence.baseline.jobs,
        treatment_jobs=evidence.treatment.jobs,
        diverged_jobs=evidence.baseline.diverged + evidence.treatment.diverged,
        noise_jobs=[arm.jobs for arm in evidence.noise],
        pairs=evidence.pairs,
        closing=closing,
        judged_at=at,
        rules=rules,
    )


def recompute(journal: Journal, stored: Verdict) -> Verdict:
    """The verdict that `judge()` gives today on the jobs the stored one names, by the rules it names.

    Rules that this code does not know are taken to be today's: the verdict then differs in its version.
    """
    rows = {row.job_id: row for row in journal.jobs(kind="pretrain")}
    evidence = Evidence(
        _named(stored.baseline_jobs, rows),
        _named(stored.treatment_jobs, rows),
        tuple(_named(arm, rows) for arm in stored.noise_jobs),
    )
    hypothesis = journal.hypothesis(stored.hypothesis_id)
    rules = RULES.get(stored.judge_version)
    return judge_evidence(hypothesis, evidence, stored.look, stored.judged_at, stored.final, rules)


def recompute_all(journal: Journal) -> list[tuple[Verdict, Verdict]]:
    """(stored, recomputed) for every verdict of the journal."""
    return [(stored, recompute(journal, stored)) for stored in journal.verdicts()]


def hypothesis_index(hypothesis_id: str) -> int:
    """`h7` → 7."""
    return int(hypothesis_id[1:])


def _named(job_ids: Sequence[str], rows: Mapping[str, JobRow]) -> Seeds:
    return _split([rows[job_id] for job_id in job_ids if job_id in rows])


def _split(rows: Iterable[JobRow]) -> Seeds:
    jobs, values, diverged, by_seed = [], [], [], {}
    for row in rows:
        outcome = outcome_of(row)
        jobs.append(row.job_id)
        if isinstance(outcome, float):
            values.append(outcome)
            by_seed[row.seed] = outcome
        else:
            diverged.append(row.job_id)
    return Seeds(tuple(jobs), tuple(values), tuple(diverged), by_seed)


def _common_conditions(rows: Sequence[JobRow]) -> Conditions | None:
    """Those of the latest job that left a result."""
    known = [found for row in rows if (found := conditions(row)) is not None]
    return known[-1] if known else None


def _seeds(rows: Sequence[JobRow], wanted: Conditions | None, excluded: list[tuple[str, str]]) -> Seeds:
    kept: dict[int, JobRow] = {}
    for row in rows:
        why = _why_not(row, wanted) or ("seed counted already" if row.seed in kept else None)
        if why is None:
            kept[row.seed] = row
        else:
            excluded.append((row.job_id, why))
    return _split(kept.values())


def _why_not(row: JobRow, wanted: Conditions | None) -> str | None:
    if outcome_of(row) is None:
        return f"says nothing about its settings ({row.reason or 'no val_bpb'})"
    found = conditions(row)
    if found is not None and wanted is not None and found != wanted:
        return "other code, data, tokenizer or device"
    return None


def _noise_arms(
    rows: Sequence[JobRow],
    wanted: Conditions | None,
    baseline: Seeds,
    excluded: list[tuple[str, str]],
) -> tuple[Seeds, ...]:
    grouped: dict[str, list[JobRow]] = {}
    for row in rows:
        grouped.setdefault(arm_key(row.spec), []).append(row)
    arms = []
    for group in grouped.values():
        arm = _seeds(group, wanted, excluded)
        harmful = bool(arm.diverged) or (
            bool(arm.values and baseline.values)
            and mean(arm.values) > (1.0 + HARM_FRACTION) * mean(baseline.values)
        )
        if harmful:
            excluded.extend((job_id, "of a harmful arm: no measure of noise") for job_id in arm.jobs)
        elif len(arm.values) > 1:
            arms.append(arm)
    return tuple(arms)
