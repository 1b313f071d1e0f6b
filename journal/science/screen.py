"""The first seed as a screen: an idea that is surely worse than its baseline gets no second run. Pure.

Stopping can only lose an improvement, never make one up: one seed supports nothing, and the judge's looks
and their error budget do not know of it (non-binding futility, Lan, Simon & Halperin 1982). One in eight
that would be stopped goes on all the same, so that the record says how often the screen is wrong.

An extrapolation of the train-loss curve was measured beside it and left out: docs/logs/verdicts.md.
"""

import hashlib
from collections.abc import Mapping, Sequence

from journal.records import JobRow, Verdict
from journal.science.evidence import outcome_of
from journal.science.statistics import Noise, estimate, mean, pooled_noise, quantile
from journal.store import Journal
from trainer.job import Contract

SCREEN_ALPHA = 0.01
AUDITED_ONE_IN = 8
LEAST_BASELINE_SEEDS = 2


class Stopped(Contract):
    """A hypothesis that was closed after its first seed."""

    hypothesis_id: str
    job_id: str
    difference: float  # val_bpb, its one seed - the baseline's mean; positive is worse

    @property
    def text(self) -> str:
        """In words."""
        return f"stopped after one seed: {self.difference:+.4f} val_bpb"


class Audited(Contract):
    """A hypothesis that went on though its first seed said stop, and how its last look ended."""

    hypothesis_id: str
    difference: float
    is_wrong: bool


class ScreenRecord(Contract):
    """What the screen did in this journal, and how often it was wrong where it was checked."""

    stopped: tuple[Stopped, ...]
    audited: tuple[Audited, ...]

    @property
    def wrong(self) -> int:
        """Audited hypotheses that were no worse than the baseline in the end."""
        return sum(found.is_wrong for found in self.audited)

    @property
    def text(self) -> str:
        """In words."""
        counts = f"{len(self.stopped)}, audited {len(self.audited)}, wrong {self.wrong}"
        return f"stopped after one seed: {counts}"


def upper_bound(baseline: Sequence[float], value: float, noise: Noise) -> float | None:
    """One-sided 99% upper bound of the improvement, from one seed of the treatment.

    mean(baseline) - value + t(ν, 0.99) · s · √(1 + 1/n), s and ν being the pooled noise's. None where the
    noise is not known or the baseline has one seed.
    """
    if noise.sd is None or len(baseline) < LEAST_BASELINE_SEEDS:
        return None
    effect, error = estimate(baseline, [value], noise)
    return effect + quantile(noise, SCREEN_ALPHA) * error


def is_hopeless(baseline: Sequence[float], value: float, noise: Noise) -> bool:
    """Whether the first seed is worse than the baseline, seed noise allowed for."""
    bound = upper_bound(baseline, value, noise)
    return bound is not None and bound < 0.0


def known_noise(baseline: Sequence[float], verdicts: Sequence[Verdict]) -> Noise:
    """The best known of: the baseline's own spread, and what each verdict on it was judged by."""
    judged = [
        Noise(verdict.sd**2 * verdict.degrees_of_freedom, verdict.degrees_of_freedom)
        for verdict in verdicts
        if verdict.sd is not None
    ]
    return max([pooled_noise([baseline]), *judged], key=lambda noise: noise.degrees_of_freedom)


def is_audited(job_id: str) -> bool:
    """Whether a first seed is one of the eighth that goes on whatever it says; the same in every replay."""
    return int(hashlib.sha256(job_id.encode()).hexdigest(), 16) % AUDITED_ONE_IN == 0


def screen_record(journal: Journal) -> ScreenRecord:
    """What was stopped, and what became of those that were not, recomputed from the rows.

    A verdict names its baseline's jobs, and the verdicts before it the noise that was known. Audited are the
    eighth that went on, and those whose seeds ran at once because slots were free: for these the screen
    speaks on the baseline of the first look.
    """
    rows = {row.job_id: row for row in journal.jobs(kind="pretrain")}
    recipes = {h.hypothesis_id: h.baseline_recipe for h in journal.hypotheses()}
    last = journal.latest_verdicts()
    before: dict[str, list[Verdict]] = {}
    stopped: list[Stopped] = []
    audited: list[Audited] = []
    for verdict in journal.verdicts():
        known = before.setdefault(recipes[verdict.hypothesis_id], [])
        seen = _says_stop(verdict, rows, known) if verdict.look == 1 else None
        known.append(verdict)
        if seen is not None and len(verdict.treatment_jobs) == 1:
            stopped.append(seen)
        elif seen is not None:
            audited.append(_audited(seen, last[verdict.hypothesis_id]))
    return ScreenRecord(stopped=tuple(stopped), audited=tuple(audited))


def one_seed_difference(journal: Journal, verdict: Verdict) -> float | None:
    """val_bpb, treatment - baseline (positive is worse), of a verdict that rests on one seed; else None."""
    named = [journal.job(job_id) for job_id in (*verdict.baseline_jobs, *verdict.treatment_jobs)]
    rows = {row.job_id: row for row in named if row is not None}
    seen = _first_seed(verdict, rows) if len(verdict.treatment_jobs) == 1 else None
    return None if seen is None else seen.difference


def _says_stop(look: Verdict, rows: Mapping[str, JobRow], known: Sequence[Verdict]) -> Stopped | None:
    """A first look's first seed, where the screen says stop."""
    seen, baseline = _first_seed(look, rows), _values(look.baseline_jobs, rows)
    if seen is None:
        return None
    value = mean(baseline) + seen.difference
    return seen if is_hopeless(baseline, value, known_noise(baseline, known)) else None


def _first_seed(look: Verdict, rows: Mapping[str, JobRow]) -> Stopped | None:
    """The first seed of a look's treatment beside the baseline."""
    launched = sorted((rows[job] for job in look.treatment_jobs), key=lambda row: (row.created_at, row.seed))
    first = launched[0] if launched else None
    value = None if first is None else outcome_of(first)
    baseline = _values(look.baseline_jobs, rows)
    if first is None or not isinstance(value, float) or not baseline:
        return None
    return Stopped(hypothesis_id=look.hypothesis_id, job_id=first.job_id, difference=value - mean(baseline))


def _values(job_ids: Sequence[str], rows: Mapping[str, JobRow]) -> list[float]:
    return [value for job in job_ids if isinstance(value := outcome_of(rows[job]), float)]


def _audited(seen: Stopped, last: Verdict) -> Audited:
    return Audited(
        hypothesis_id=seen.hypothesis_id,
        difference=seen.difference,
        is_wrong=last.lower is not None and last.effect >= 0.0,
    )
