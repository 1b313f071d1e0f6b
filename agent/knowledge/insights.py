"""What the results suggest, in words made from rows: a hint to people and proposers, never a verdict."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from agent.proposals.space import Settings, flat_settings
from journal.records import Hypothesis, Patch, Verdict
from journal.science.screen import one_seed_difference, screen_record
from journal.science.statistics import mean
from journal.store import Journal
from trainer.job.result import Scalar

INSIGHT_EVENT = "insight"
# Where questions are always open no batch ever ends; so many answers are one.
BATCH_VERDICTS = 4
# Below two standard errors a direction is not worth a sentence of its own.
NOTABLE_STANDARD_ERRORS = 2.0

Change = tuple[str, str]


@dataclass(frozen=True)
class Direction:
    """Hypotheses that changed the same settings the same way, and their mean improvement in val_bpb."""

    changes: tuple[Change, ...]
    hypothesis_ids: tuple[str, ...]
    estimate: float
    standard_error: float

    @property
    def strength(self) -> float:
        """Standard errors from 0."""
        return abs(self.estimate) / self.standard_error if self.standard_error > 0 else 0.0


def add_insight(journal: Journal, at: float) -> str | None:
    """Record what the verdicts since the last insight suggest, when a batch of them is complete.

    Returns its text; None when no batch has ended. A pure function of the journal decides.
    """
    final = [verdict for verdict in journal.verdicts() if verdict.final]
    events = journal.events(INSIGHT_EVENT)
    new = len(final) - (int(str(events[-1].detail["verdicts"])) if events else 0)
    is_open = len({v.hypothesis_id for v in final}) < len(journal.hypotheses())
    if new < (BATCH_VERDICTS if is_open else 1):
        return None
    detail = draft_insight(directions(journal))
    if detail is None:
        return None
    text = " ".join([str(detail["text"]), *_screened(journal)])
    journal.add_event(INSIGHT_EVENT, {**detail, "text": text, "verdicts": len(final)}, at)
    return text


def directions(journal: Journal) -> list[Direction]:
    """Every direction that was tried on the rung of the last final verdict, in order of first trial.

    Verdicts without an interval (an arm that diverged) say nothing here, but for those whose first seed
    was so bad that no second was run.
    """
    verdicts = {key: v for key, v in journal.latest_verdicts().items() if v.final}
    effects = {key: effect for key, v in verdicts.items() if (effect := _effect(journal, v)) is not None}
    judged = [h for h in journal.hypotheses() if h.hypothesis_id in effects]
    if not judged:
        return []
    newest = max(judged, key=lambda h: verdicts[h.hypothesis_id].judged_at)
    bases = {r.recipe_id: flat_settings(r.job_document(0)) for r in journal.recipes()}
    grouped: dict[tuple[Change, ...], list[Hypothesis]] = {}
    for hypothesis in (h for h in judged if h.rung == newest.rung):
        changes = _changes(hypothesis.patch, bases[hypothesis.baseline_recipe])
        grouped.setdefault(changes, []).append(hypothesis)
    return [
        _direction(changes, [(verdicts[h.hypothesis_id], effects[h.hypothesis_id]) for h in group])
        for changes, group in grouped.items()
    ]


def draft_insight(found: Sequence[Direction]) -> dict[str, object] | None:
    """The strongest direction as a claim in words, with the rows and numbers it rests on.

    A notable improvement goes before any harm: it says what to try.
    """
    if not found:
        return None
    promising = [d for d in found if d.estimate > 0 and d.strength >= NOTABLE_STANDARD_ERRORS]
    best = max(promising or found, key=lambda direction: direction.strength)
    return {
        "text": _text(best, len(found)),
        "hypothesis_ids": list(best.hypothesis_ids),
        "changes": [list(change) for change in best.changes],
        "estimate": best.estimate,
        "standard_error": best.standard_error,
        "directions": len(found),
    }


def _screened(journal: Journal) -> list[str]:
    """What the first seeds have stopped, and how often that was wrong where it was checked."""
    record = screen_record(journal)
    return [f"{record.text[0].upper()}{record.text[1:]}."] if record.stopped or record.audited else []


def _effect(journal: Journal, verdict: Verdict) -> float | None:
    """The improvement that a verdict saw, be it with one seed."""
    if verdict.lower is not None:
        return verdict.effect
    difference = None if verdict.sd is None else one_seed_difference(journal, verdict)
    return None if difference is None else -difference


def _direction(changes: tuple[Change, ...], seen: Sequence[tuple[Verdict, float]]) -> Direction:
    verdicts = [verdict for verdict, _ in seen]
    treated = [len(v.treatment_jobs) - len(set(v.diverged_jobs) & set(v.treatment_jobs)) for v in verdicts]
    weighted = [effect * seeds for (_, effect), seeds in zip(seen, treated, strict=True)]
    # Hypotheses share their baseline's seeds: its error does not average out.
    baseline = min(len(v.baseline_jobs) - len(set(v.diverged_jobs) & set(v.baseline_jobs)) for v in verdicts)
    variance = mean([(v.sd or 0.0) ** 2 for v in verdicts])
    return Direction(
        changes=changes,
        hypothesis_ids=tuple(v.hypothesis_id for v in verdicts),
        estimate=math.fsum(weighted) / sum(treated),
        standard_error=math.sqrt(variance * (1 / baseline + 1 / sum(treated))),
    )


def _changes(patch: Patch, base: Settings) -> tuple[Change, ...]:
    return tuple((path, _way(value, base.get(path))) for path, value in sorted(patch.items()))


def _way(value: Scalar, base: Scalar) -> str:
    numbers = [x for x in (value, base) if isinstance(x, (int, float)) and not isinstance(x, bool)]
    if len(numbers) < 2:
        return f"= {value}"
    return "higher" if numbers[0] > numbers[1] else "lower"


def _text(best: Direction, count: int) -> str:
    words = " and ".join(
        f"{path} {way}" if way.startswith("=") else f"a {way} {path}" for path, way in best.changes
    )
    numbers = f"{best.estimate:+.4f} ± {best.standard_error:.4f} val_bpb ({', '.join(best.hypothesis_ids)})"
    if best.strength < NOTABLE_STANDARD_ERRORS:
        return f"No direction stands out of {count} tried; the strongest is {words}: {numbers}."
    claim = "may lower val_bpb further" if best.estimate > 0 else "may raise val_bpb"
    # The strongest of several flatters itself.
    luck = f"; the strongest of {count}, so expect less" if count > 1 else ""
    return f"{words[0].upper()}{words[1:]} {claim}: {numbers}{luck}."
