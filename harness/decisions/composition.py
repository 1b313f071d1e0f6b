"""What climbs to the next rung, and what the champion is made of. Pure.

A label (`journal.science.transfer`) is a claim and needs evidence. What is built into the champion is a
decision under uncertainty: the sign of the expected gain at the highest rung tested decides, so that
a survivor too small to be confirmed is kept and a reversal too small to be refuted is not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.plan.jobs import Document, as_recipe_document
from journal.records import Hypothesis, Patch, Recipe, Verdict
from trainer.job import JobError


def expected_gain(verdict: Verdict) -> float:
    """Posterior mean of the improvement on the verdict's rung; nothing of what was refuted there.

    Refuted means that it diverged, or that less is left of it than is worth carrying. The prior is the
    judge's, centred on zero: of what wins on a small rung about as much reverses above as survives,
    so the rung below shifts it little.
    """
    return 0.0 if verdict.verdict == "refuted" else verdict.shrunken_effect


def climbs(verdict: Verdict) -> bool:
    """Whether a finding is worth testing on the next rung, or keeping at the top."""
    return expected_gain(verdict) > 0.0


def composition(top: Mapping[str, Verdict]) -> list[str]:
    """The findings, by name, that the champion is made of, strongest first."""
    kept = [name for name, verdict in top.items() if climbs(verdict)]
    return sorted(kept, key=lambda name: expected_gain(top[name]), reverse=True)


def after_combined_test(names: Sequence[str], combined: Verdict | None) -> list[str]:
    """What is left of a composition once it was tested as a whole; None: it was not.

    A combination that is refuted though each part promised something has parts that spoil each
    other: the strongest alone goes on.
    """
    if combined is None or climbs(combined):
        return list(names)
    return list(names[:1])


@dataclass(frozen=True)
class Merged:
    """Findings built into a recipe: what of them, as one patch, and the document that this gives."""

    findings: tuple[Hypothesis, ...]
    patch: Patch
    document: Document


def merge(recipe: Recipe, findings: Sequence[Hypothesis]) -> Merged | None:
    """Findings, weakest first, built into a recipe; the strongest alone where together they are no valid job.

    None where that is none either.
    """
    for chosen in (findings, findings[-1:]):
        patch = joint_patch(chosen)
        try:
            document = as_recipe_document(recipe.job_document(0, patch))
        except JobError:
            continue
        return Merged(tuple(chosen), patch, document)
    return None


def joint_patch(findings: Sequence[Hypothesis]) -> Patch:
    """All their changes; where two change the same setting, the later one's."""
    patch: Patch = {}
    for hypothesis in findings:
        patch.update(hypothesis.patch)
    return patch
