"""Keep-if-better on a lab's own runs, beside the lab's verdicts.

    python -m bench.greedy LAB

The rule of karpathy/autoresearch: one run a change, kept when its val_bpb is lower than the best so far.
"""

import argparse
import math
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from journal.errors import JournalError
from journal.records import Hypothesis, JobRow, Verdict
from journal.science.evidence import outcome_of, rung_key
from journal.science.recipe_seeds import recipe_jobs, recipe_noise
from journal.science.statistics import Noise, pooled_noise
from journal.science.trials import trials
from journal.store import Journal
from trainer.job import canonical_bytes, validate_job

# A gap of so many standard deviations of the difference of two single runs is hardly luck.
CLEAR_GAP_SDS = 2.0
NOTES = """
Each hypothesis enters with its first seed, against the best single run so far on its rung; the first is
the baseline's first seed. Noise is the spread within arms of equal settings.

This says what the rule would have kept of these runs, one comparison each. It does not say where the
rule would have led: with other changes kept, other changes would have been tried, from another baseline.
A verdict is not the truth either: `inconclusive` means that these seeds could not tell."""


@dataclass(frozen=True)
class Decision:
    """One hypothesis: `value` is its first run's val_bpb (None: no number), `best` the one to beat."""

    hypothesis: Hypothesis
    value: float | None
    best: float
    verdict: Verdict | None

    @property
    def keeps(self) -> bool:
        """The greedy rule."""
        return self.value is not None and self.value < self.best

    @property
    def called(self) -> str:
        """The lab's word."""
        return self.verdict.verdict if self.verdict else "open"


def replay(journal: Journal) -> list[Decision]:
    """The rule on every hypothesis that ran, in the order of registration; each rung by itself."""
    verdicts, best = journal.latest_verdicts(), _first_baselines(journal)
    decisions = []
    for hypothesis in journal.hypotheses():
        rung = _rung(journal, hypothesis)
        rows = [r for r in journal.jobs(hypothesis_id=hypothesis.hypothesis_id) if r.arm == "treatment"]
        first = _first_outcome(rows)
        if rung in best and first is not None:
            value = first if isinstance(first, float) else None
            decided = Decision(hypothesis, value, best[rung], verdicts.get(hypothesis.hypothesis_id))
            decisions.append(decided)
            best[rung] = value if value is not None and decided.keeps else best[rung]
    return decisions


def measured_noise(journal: Journal) -> Noise:
    """Spread between seeds, pooled within recipes and within treatments."""
    recipes = [recipe_noise(journal, recipe.recipe_id).values for recipe in journal.recipes()]
    return pooled_noise([*recipes, *(trial.values for trial in trials(journal))])


def counts(decisions: Sequence[Decision], noise: Noise) -> list[str]:
    """What the two ways agree on, a line each."""
    kept = [d for d in decisions if d.keeps]
    words = Counter(d.called for d in kept)
    missed = [d for d in decisions if d.called == "supported" and not d.keeps]
    lines = [
        f"greedy keeps {len(kept)} of {len(decisions)}: by the lab {_listed(words)}",
        f"the lab supports {sum(d.called == 'supported' for d in decisions)}, "
        f"of which greedy discards {len(missed)}",
    ]
    if noise.sd is None:
        return [*lines, "noise: no two seeds of equal settings"]
    within = [d for d in kept if d.value is not None and d.best - d.value < clear_gap(noise.sd)]
    return [
        *lines,
        f"noise: sd {noise.sd:.5f} val_bpb between seeds ({noise.degrees_of_freedom} degrees of freedom)",
        f"kept by less than {clear_gap(noise.sd):.5f} ({CLEAR_GAP_SDS:g} sd of a difference of two runs): "
        f"{len(within)} of {len(kept)}",
    ]


def clear_gap(sd: float) -> float:
    """A gap between two single runs that luck hardly makes."""
    return CLEAR_GAP_SDS * math.sqrt(2.0) * sd


def table(decisions: Iterable[Decision]) -> str:
    """The decisions as a markdown table."""
    head = "| hypothesis | first run | best so far | greedy | the lab | improvement [interval] |"
    return "\n".join([head, "|---|---|---|---|---|---|", *map(_line, decisions)])


def _line(d: Decision) -> str:
    value = "no number" if d.value is None else f"{d.value:.4f}"
    has_interval = d.verdict is not None and d.verdict.lower is not None
    interval = (
        f"{d.verdict.effect:+.4f} [{d.verdict.lower:+.4f}, {d.verdict.upper:+.4f}]"
        if d.verdict is not None and has_interval
        else ""
    )
    kept = "keeps" if d.keeps else "discards"
    return f"| {d.hypothesis.hypothesis_id} | {value} | {d.best:.4f} | {kept} | {d.called} | {interval} |"


def _listed(words: Counter[str]) -> str:
    return ", ".join(f"{count} {word}" for word, count in words.most_common()) or "none"


def _first_baselines(journal: Journal) -> dict[str, float]:
    """The first number of each rung: what a greedy session would have begun with."""
    first: dict[str, float] = {}
    for recipe in journal.recipes():
        rows = [row for row in recipe_jobs(journal, recipe) if row.arm != "treatment"]
        value = _first_outcome(rows)
        if isinstance(value, float):
            first.setdefault(rung_key(rows[0].spec), value)
    return first


def _first_outcome(rows: Sequence[JobRow]) -> float | str | None:
    """The val_bpb of the first seed, or "diverged"; runs that say nothing about settings are passed over."""
    ended = [(row.seed, row.created_at, outcome) for row in rows if (outcome := outcome_of(row)) is not None]
    return min(ended, key=lambda found: found[:2])[2] if ended else None


def _rung(journal: Journal, hypothesis: Hypothesis) -> str:
    recipe = journal.recipe(hypothesis.baseline_recipe)
    return rung_key(canonical_bytes(validate_job(recipe.job_document(0, hypothesis.patch))))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table and the counts; 2 when there is no journal."""
    parser = argparse.ArgumentParser(description="Keep-if-better on a lab's own runs, beside its verdicts.")
    parser.add_argument("lab", type=Path, help="a lab's folder")
    lab = parser.parse_args(arguments).lab
    try:
        with Journal.read_only(lab / "journal.db") as journal:
            decisions, noise = replay(journal), measured_noise(journal)
            simulated = any(row.simulated for row in journal.jobs())
    except JournalError as error:
        print(error, file=sys.stderr)
        return 2
    if simulated:
        print("simulated: nothing here was trained\n")
    print(table(decisions), *counts(decisions, noise), sep="\n\n")
    print(NOTES)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
