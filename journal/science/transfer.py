"""What may be said about a finding at larger scale: a claim, made of verdicts alone.

Whether it is built into the champion is a decision and made elsewhere (`harness.decisions.composition`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from journal.records import Hypothesis, Recipe, Verdict
from journal.science.judge import ALPHA, FUTILITY_ALPHA, looks_of
from journal.science.statistics import Noise, look_share, quantile

Label = Literal["scale-stable", "scale-bound", "unknown"]
# Of 320 runs tuned at depth 12 one setting survived at depth 20, with a third of its gain: a claim
# of transfer is refuted when not even that much is left of the smallest effect worth having.
SURVIVING_SHARE = 1 / 3


@dataclass(frozen=True)
class RungTest:
    """A claim of transfer to one rung, and the last verdict on it."""

    claim: Hypothesis
    verdict: Verdict

    @property
    def is_ruled_out(self) -> bool:
        """Refuted, or given up: the claimed effect is above a one-sided 95% bound."""
        verdict = self.verdict
        if verdict.verdict != "inconclusive":
            return verdict.verdict == "refuted"
        bound = _bound(self.claim, verdict)
        return bound is not None and bound < self.claim.minimum_effect


def label(above: Sequence[RungTest | None]) -> Label:
    """The label of a finding supported on the first rung.

    `above` holds its test on each rung above, lowest first and up to the top of the ladder; None where
    there was none. Scale-bound: some rung ruled it out, or it diverged there. Scale-stable: the top
    rung supported it and none ruled it out. All else, a ladder of one rung included, is unknown.

    Scale-stable is as sure as any `supported`. Scale-bound is less so: the judge gives up where a 95%
    bound says so, at any look; docs/logs/transfer.md counts the mistakes.
    """
    if any(test is not None and test.is_ruled_out for test in above):
        return "scale-bound"
    top = above[-1] if above else None
    return "scale-stable" if top is not None and top.verdict.verdict == "supported" else "unknown"


def transfer_minimum_effect(minimum_effect: float) -> float:
    """The smallest improvement a claim of transfer asserts, in the metric's units, for a finding's own."""
    return SURVIVING_SHARE * minimum_effect


def labels(
    recipes: Sequence[Recipe], hypotheses: Sequence[Hypothesis], latest: Mapping[str, Verdict]
) -> dict[str, Label]:
    """Labels of all findings, by hypothesis id. `latest` holds each hypothesis's last verdict.

    A finding was tested on a rung when its very patch was registered there afterwards.
    """
    rungs = [recipe.recipe_id for recipe in recipes if recipe.origin == "rung"]
    found: dict[str, Label] = {}
    for place, finding in enumerate(hypotheses):
        verdict = latest.get(finding.hypothesis_id)
        if finding.baseline_recipe in rungs or verdict is None or verdict.verdict != "supported":
            continue
        tests = [
            h for h in hypotheses[place + 1 :] if h.patch == finding.patch and h.baseline_recipe in rungs
        ]
        tests.sort(key=lambda test: rungs.index(test.baseline_recipe))
        seen = [(test, latest.get(test.hypothesis_id)) for test in tests]
        found[finding.hypothesis_id] = label([RungTest(claim, v) if v else None for claim, v in seen])
    return found


def _bound(claim: Hypothesis, verdict: Verdict) -> float | None:
    """One-sided upper bound on the improvement, of the level at which the judge gives up."""
    share = look_share(verdict.look, looks_of(claim.replicates))
    if verdict.lower is None or verdict.upper is None or not share:
        return None
    noise = Noise(0.0, verdict.degrees_of_freedom)
    reach = (verdict.upper - verdict.lower) / 2.0
    return verdict.effect + reach * quantile(noise, FUTILITY_ALPHA) / quantile(noise, ALPHA * share / 2.0)
