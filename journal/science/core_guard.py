"""What guards a promotion: CORE must not be worse, and memory and time must suffice. Pure, from rows.

Two looks share an error of 5%: the runs that a verdict names, before its patch is built into a recipe,
and the recipe's own fresh runs, before it becomes champion. Each holds back where the whole 95%
interval of the change of CORE is below zero, which chance alone does in 2.5% of harmless changes.
CORE and val_bpb can move in opposite directions; results that recorded no answers (older labs) or no
CORE hold nothing back.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from journal.records import Hypothesis, JobRow, Recipe, Verdict
from journal.science.core_change import CoreChange, core_change
from journal.science.evidence import Conditions
from journal.science.statistics import pooled_noise
from trainer.job import CoreReport, JobResult

# Purposes that are launched on a champion alone: a recipe that has such a job was promoted.
_BUILDING_PURPOSES = ("champion", "champion_sft", "champion_eval")


@dataclass(frozen=True)
class Guard:
    """What CORE and the limits say of a change. `subject` is a hypothesis or a recipe.

    `core` is None where it was not read; that holds nothing back. `limit_hits` are the change's own
    jobs that memory or time did not suffice for, () where the baseline has some, too.
    """

    subject: str
    core: CoreChange | None
    limit_hits: tuple[str, ...] = ()

    @property
    def is_held(self) -> bool:
        """Whether the change must not be promoted."""
        return bool(self.limit_hits) or (self.core is not None and self.core.is_worse)

    @property
    def words(self) -> str:
        """One line with the numbers: `held back by CORE: …`, or what was seen."""
        place = f" as {self.subject}" if self.subject.startswith("r") else ""
        limits = f"held back by memory or time{place}: {', '.join(self.limit_hits)}; "
        core = "CORE not read"
        if self.core is not None:
            core = (f"held back by CORE{place}: " if self.core.is_worse else "CORE ") + self.core.words
        return (limits if self.limit_hits else "") + core


def guard_of_verdict(verdict: Verdict, jobs: Iterable[JobRow]) -> Guard:
    """The runs that a verdict names, and the limits that its hypothesis's runs met.

    `jobs` are all of the journal's, or any that hold those the verdict names and the hypothesis's own.
    """
    rows = {row.job_id: row for row in jobs}
    baseline = [rows[name] for name in verdict.baseline_jobs if name in rows]
    treatment = [rows[name] for name in verdict.treatment_jobs if name in rows]
    noise = [[rows[name] for name in arm if name in rows] for arm in verdict.noise_jobs]
    tried = [row for row in rows.values() if row.hypothesis_id == verdict.hypothesis_id]
    recipes = {row.recipe_id for row in tried}
    plain = [row for row in rows.values() if row.purpose == "baseline" and row.recipe_id in recipes]
    return Guard(verdict.hypothesis_id, _change(baseline, treatment, noise), _limit_hits(plain, tried))


def guard_of_recipe(recipe: Recipe, jobs: Iterable[JobRow]) -> Guard:
    """A recipe's own runs beside those of its parent that had ended by then.

    Runs that its parent gets later are left out, so that the answer stays what it was.
    """
    rows = [row for row in jobs if row.purpose == "baseline"]
    own = [row for row in rows if row.recipe_id == recipe.recipe_id]
    ended = max((row.finished_at for row in own if row.finished_at is not None), default=0.0)
    before = [
        row
        for row in rows
        if row.recipe_id == recipe.parent and row.finished_at is not None and row.finished_at <= ended
    ]
    return Guard(recipe.recipe_id, _change(before, own, ()), _limit_hits(before, own))


def was_built_on(
    recipe: Recipe, recipes: Iterable[Recipe], hypotheses: Iterable[Hypothesis], jobs: Iterable[JobRow]
) -> bool:
    """Whether a recipe was promoted and used: what was done is not undone, by later rules either."""
    name = recipe.recipe_id
    return (
        any(child.parent == name for child in recipes)
        or any(hypothesis.baseline_recipe == name for hypothesis in hypotheses)
        or any(row.recipe_id == name and row.purpose in _BUILDING_PURPOSES for row in jobs)
    )


def finding_guards(
    recipes: Sequence[Recipe],
    hypotheses: Sequence[Hypothesis],
    latest: Mapping[str, Verdict],
    jobs: Sequence[JobRow],
) -> dict[str, Guard]:
    """What guards each finding (`supported`, final), by hypothesis id: its own guard, or its recipe's.

    A recipe's counts where it holds back what the finding's own let through.
    """
    found: dict[str, Guard] = {}
    for hypothesis in hypotheses:
        name = hypothesis.hypothesis_id
        verdict = latest.get(name)
        if verdict is None or not verdict.final or verdict.verdict != "supported":
            continue
        found[name] = guard_of_verdict(verdict, jobs)
        taken = [recipe for recipe in recipes if name in recipe.findings]
        waiting = [recipe for recipe in taken if not was_built_on(recipe, recipes, hypotheses, jobs)]
        held = [guard for recipe in waiting if (guard := guard_of_recipe(recipe, jobs)).is_held]
        if held and not found[name].is_held:
            found[name] = held[-1]
    return found


def _limit_hits(baseline: Sequence[JobRow], treatment: Sequence[JobRow]) -> tuple[str, ...]:
    """Jobs of the treatment that met their limits; none where the machine is too small for either."""
    if any(_met_its_limits(row) for row in baseline):
        return ()
    return tuple(row.job_id for row in treatment if _met_its_limits(row))


def _met_its_limits(row: JobRow) -> bool:
    """Out of memory, or out of the time that its own spec allows: an earlier end is the lab's money."""
    if row.reason == "out_of_memory":
        return True
    began = row.launched_at if row.launched_at is not None else row.started_at
    if row.reason != "time_limit" or began is None or row.finished_at is None:
        return False
    return bool(row.finished_at - began >= json.loads(row.spec)["limits"]["max_seconds"])


def _change(
    baseline: Sequence[JobRow], treatment: Sequence[JobRow], noise: Sequence[Sequence[JobRow]]
) -> CoreChange | None:
    """The change of CORE over runs of equal code, data, tokenizer and device as the treatment's last."""
    results = [row.result for row in treatment if row.state == "succeeded" and row.result is not None]
    if not results:
        return None
    wanted = _read(results[-1])[0]
    arms = tuple(_comparable(arm, wanted) for arm in noise)
    return _change_of(_comparable(baseline, wanted), _comparable(treatment, wanted), arms)


def _comparable(rows: Sequence[JobRow], wanted: Conditions) -> tuple[str, ...]:
    """Results that read CORE, one a seed."""
    done = {row.seed: row.result for row in rows if row.state == "succeeded" and row.result is not None}
    return tuple(text for text in done.values() if _read(text)[0] == wanted and _read(text)[1] is not None)


@lru_cache(maxsize=256)
def _change_of(
    baseline: tuple[str, ...], treatment: tuple[str, ...], noise: tuple[tuple[str, ...], ...]
) -> CoreChange | None:
    """Cached: the loop asks several times a second."""
    pooled = pooled_noise([[report.core_metric for report in _reports(arm)] for arm in noise])
    return core_change(_reports(baseline), _reports(treatment), pooled)


def _reports(results: Sequence[str]) -> list[CoreReport]:
    return [report for text in results if (report := _read(text)[1]) is not None]


@lru_cache(maxsize=4096)
def _read(result: str) -> tuple[Conditions, CoreReport | None]:
    """What a result depended on, and its CORE."""
    parsed = JobResult.model_validate_json(result)
    where = parsed.provenance
    return (where.code_hash, where.device, where.data_hash, where.tokenizer_hash), parsed.core
