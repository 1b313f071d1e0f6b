"""What a report says, from the journal alone: a headline section, then one for each subject."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agent.knowledge.insights import INSIGHT_EVENT
from harness.lab.session import Session
from harness.reports.tables import local_time
from journal.prices import format_money
from journal.records import JobRow, Purpose
from journal.science.adoption.decision import ADOPTION_EVENT, from_event
from journal.science.core_guard import Guard, finding_guards
from journal.science.evidence import recompute_all
from journal.science.locked import LockedReading, readings
from journal.science.recipe_seeds import recipe_noise
from journal.store import Journal
from journal.views import HypothesisRow, budget_summary, champion, hypotheses_table, jobs_summary
from trainer.job import JobResult

_CHAMPION_PURPOSES: tuple[Purpose, ...] = ("champion", "champion_sft", "champion_eval")


@dataclass(frozen=True)
class Section:
    """A title, paragraphs, and a table where there are rows."""

    title: str
    paragraphs: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def report_sections(journal: Journal, session: Session | None, outcome: str | None) -> list[Section]:
    """What was learnt, how sure we are, and what it cost."""
    return [
        _headline(journal, session, outcome),
        _champion(journal),
        _verdicts(journal),
        _insights(journal),
        _noise(journal),
        _money(journal),
        _deployments(journal),
        _failures(journal),
    ]


def _headline(journal: Journal, session: Session | None, outcome: str | None) -> Section:
    jobs, table = jobs_summary(journal), hypotheses_table(journal)
    judged = [row for row in table if row.final]
    names = ("supported", "refuted", "inconclusive")
    counts = ", ".join(f"{sum(row.verdict == name for row in judged)} {name}" for name in names)
    title = "Lab report" if session is None else f"Lab report, session {session.number}"
    if session is not None and session.simulated:
        title += " (simulated: nothing was trained)"
    states = ", ".join(f"{count} {state}" for state, count in sorted(jobs.by_state.items()))
    lines = [f"Written {local_time(time.time())}."]
    if session is not None:
        lines.append(f"Machine: {session.machine}, {session.slots} slots. Data: {session.data}.")
    if outcome:
        lines.append(f"Outcome: {outcome}.")
    lines.append(f"{len(table)} hypotheses: {counts}. {jobs.total} jobs: {states}.")
    return Section(title, tuple(lines))


def _champion(journal: Journal) -> Section:
    best = champion(journal)
    if best is None:
        return Section("Champion", ("No recipe yet.",))
    lines = [f"Recipe {best.recipe.recipe_id} ({best.recipe.words})."]
    if best.val_bpb is not None:
        lines.append(f"Its best search run: val_bpb {best.val_bpb:.4f} ({best.job_id}).")
    lines += [_adoption_line(event.detail) for event in journal.events(ADOPTION_EVENT)]
    lines += [_locked_line(reading) for reading in readings(journal.jobs(purpose="locked"))]
    rows: list[tuple[str, ...]] = []
    for purpose in _CHAMPION_PURPOSES:
        rows_of = journal.jobs(purpose=purpose, states=("succeeded", "failed"))
        done = [row for row in rows_of if row.metrics]
        rows += [_result_row(row) for row in done[-1:]]
    head = ("job", "what", "val_bpb", "CORE [95% interval]", "tokens/s")
    return Section("Champion", tuple(lines), head, tuple(rows))


def _adoption_line(detail: Mapping[str, Any]) -> str:
    adoption = from_event(detail)
    return (
        f"Recipe {detail['recipe_id']}, which the final run was trained with: {' '.join(adoption.names)} "
        f"adopted, not proven; {adoption.words} by more than the smallest effect."
    )


def _locked_line(reading: LockedReading) -> str:
    verdict = "confirmed" if reading.is_confirmed else "not confirmed: the baseline stays"
    return (
        f"Locked text, recipe {reading.recipe_id} against the baseline: {reading.gain_bpb:+.4f} bits per "
        f"byte [{reading.lower:+.4f}, {reading.upper:+.4f}], {reading.blocks} blocks, {reading.pairs} pairs "
        f"of runs: {verdict}."
    )


def _result_row(row: JobRow) -> tuple[str, ...]:
    core = JobResult.model_validate_json(row.result).core if row.result else None
    interval = "" if core is None else f"{core.core_metric:.4f} [{core.lower:.4f}, {core.upper:.4f}]"
    speed = row.metrics.get("tokens_per_second")
    return (
        row.job_id,
        row.purpose if row.state == "succeeded" else f"{row.purpose} ({row.reason})",
        _number(row.metrics.get("val_bpb")),
        interval,
        "" if speed is None else f"{speed:,.0f}",
    )


def _verdicts(journal: Journal) -> Section:
    table = hypotheses_table(journal)
    if not table:
        return Section("Hypotheses", ("None registered.",))
    pairs = recompute_all(journal)
    same = sum(stored == again for stored, again in pairs)
    head = ("id", "claim", "verdict", "improvement [interval]", "p", "seeds", "by", "registered as", "guard")
    note = (
        f"Improvement is in val_bpb at equal tokens. {same} of {len(pairs)} verdicts are the same when "
        "judge() recomputes them from the journal."
    )
    guards = finding_guards(
        journal.recipes(), journal.hypotheses(), journal.latest_verdicts(), journal.jobs()
    )
    rows = tuple(_verdict_row(row, guards.get(row.hypothesis_id)) for row in table)
    return Section("Hypotheses", (note, *_held_lines(guards)), head, rows)


def _held_lines(guards: dict[str, Guard]) -> list[str]:
    """Why findings were not promoted."""
    return [
        f"{name} is supported on val_bpb and was not promoted: {guard.words}."
        for name, guard in guards.items()
        if guard.is_held
    ]


def _verdict_row(row: HypothesisRow, guard: Guard | None) -> tuple[str, ...]:
    one = "" if row.one_seed_difference is None else f"one seed: {-row.one_seed_difference:+.4f}"
    interval = one if row.effect is None else f"{row.effect:+.4f} [{row.lower:+.4f}, {row.upper:+.4f}]"
    return (
        row.hypothesis_id,
        row.statement,
        row.verdict or "open",
        interval,
        "" if row.p_value is None else f"{row.p_value:.3f}",
        f"{row.baseline_seeds} vs {row.treatment_seeds}",
        row.proposer,
        row.sha256[:12],
        "" if guard is None else guard.words,
    )


def _insights(journal: Journal) -> Section:
    told = journal.events(INSIGHT_EVENT)
    note = "Made from the verdicts after each batch; not judged."
    return Section("Suggested by the results", (note, *(str(e.detail["text"]) for e in told)) if told else ())


def _noise(journal: Journal) -> Section:
    rows: list[tuple[str, ...]] = []
    for recipe in journal.recipes():
        noise = recipe_noise(journal, recipe.recipe_id)
        rows.append((recipe.recipe_id, str(len(noise.values)), _number(noise.mean), _number(noise.sd, 5)))
    return Section("Noise between seeds", (), ("recipe", "seeds", "mean val_bpb", "sd"), tuple(rows))


def _money(journal: Journal) -> Section:
    money = budget_summary(journal)
    rows = (
        ("budget", format_money(money.budget_micro_usd)),
        ("jobs", format_money(money.jobs_micro_usd)),
        ("idle node time", format_money(money.idle_micro_usd)),
        ("language models", format_money(money.llm_micro_usd)),
        ("spent", format_money(money.spent_micro_usd)),
    )
    return Section("Money", (), ("what", "amount"), rows)


def _deployments(journal: Journal) -> Section:
    rows = tuple((str(d.deployment_id), d.job_id, d.state, d.reason or "") for d in journal.deployments())
    return Section("Deployments", (), ("id", "job", "state", "why"), rows)


def _failures(journal: Journal) -> Section:
    failed = journal.jobs(state="failed")
    if not failed:
        return Section("Failed jobs", ("None.",))
    rows = tuple((row.job_id, row.purpose, row.reason or "", (row.message or "")[:200]) for row in failed)
    return Section("Failed jobs", (), ("job", "what", "reason", "message"), rows)


def _number(value: float | None, digits: int = 4) -> str:
    return "" if value is None else f"{value:.{digits}f}"
