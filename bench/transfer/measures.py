"""Labs played by both policies, and what became of their champions at the top rung."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from bench.transfer.policies import SEEDS, TOP, Champion, ladder, small_rung
from bench.transfer.surface import Surface, draw
from bench.transfer.trials import MINIMUM_EFFECT_BPB, Trials
from bench.truth.designs import lower_bound
from bench.truth.lab import SD_BPB
from bench.truth.rules import LabRules
from journal.science.transfer import Label, label, transfer_minimum_effect

WON_AT_LEAST = 0.90
SLOTS = 8
# Equal sums in another order differ by rounding.
SAME_SDS = 1e-9


@dataclass(frozen=True)
class Labelled:
    """A finding of the ladder: its true effect at the top, what was said of it, and whether it was kept."""

    top_sds: float
    label: Label
    is_kept: bool


@dataclass(frozen=True)
class Played:
    """One lab: what each champion, and the best choice among the findings, is truly worth at the top."""

    small_sds: float
    ladder_sds: float
    best_sds: float
    small_usd: float
    ladder_usd: float
    findings: tuple[Labelled, ...]

    @property
    def is_won(self) -> bool:
        return self.ladder_sds > self.small_sds + SAME_SDS

    @property
    def is_tie(self) -> bool:
        return abs(self.ladder_sds - self.small_sds) <= SAME_SDS


@dataclass(frozen=True)
class Setting:
    """What all labs of a run share. `small_ideas`: of the small-rung policy, where it has more of them."""

    ideas: int
    budget_usd: float
    small_ideas: int | None = None


@dataclass(frozen=True)
class Row:
    """One line of the table; `holds` is None where nothing was promised."""

    question: str
    measured: str
    target: str = ""
    holds: bool | None = None


def play(name: str, setting: Setting) -> Played:
    """One lab under both policies. An arm's seeds give the same values to both."""
    surface = draw(random.Random(name), setting.ideas)
    wider = surface
    if setting.small_ideas is not None:
        wider = draw(random.Random(f"{name} more"), setting.small_ideas)
    small, climbed = (
        policy(Trials(name, truth, LabRules(SLOTS, SEEDS[0]), setting.budget_usd))
        for policy, truth in ((small_rung, wider), (ladder, surface))
    )
    return Played(
        small_sds=wider.effect_sds(small.ideas, TOP),
        ladder_sds=surface.effect_sds(climbed.ideas, TOP),
        best_sds=_best(surface, climbed.found),
        small_usd=small.spent_usd,
        ladder_usd=climbed.spent_usd,
        findings=_labelled(surface, climbed),
    )


def rows(labs: Sequence[Played]) -> list[Row]:
    """The questions and what these labs answer."""
    won, ties, count = sum(p.is_won for p in labs), sum(p.is_tie for p in labs), len(labs)
    return [
        Row(
            "the ladder's champion beats the small rung's at the top rung",
            f"{won} of {count}, {won / count:.1%}, bound {lower_bound(won, count):.1%}",
            f">= {WON_AT_LEAST:.0%}",
            won / count >= WON_AT_LEAST,
        ),
        Row("equally good (no win)", f"{ties}"),
        Row("worse", f"{count - won - ties}"),
        Row("wins where they differ", _share(won, count - ties)),
        Row("top-rung gain of the small rung's champion, sd", _gain([p.small_sds for p in labs])),
        Row("… of the ladder's", _gain([p.ladder_sds for p in labs])),
        Row("… of the best choice among its findings", _gain([p.best_sds for p in labs])),
        Row("dollars of the small rung's", f"{fmean(p.small_usd for p in labs):.0f}"),
        Row("dollars of the ladder's", f"{fmean(p.ladder_usd for p in labs):.0f}"),
        *_label_rows([finding for lab in labs for finding in lab.findings]),
    ]


def _label_rows(findings: Sequence[Labelled]) -> list[Row]:
    helps, harms = ([f for f in findings if (f.top_sds > 0.0) == good] for good in (True, False))
    floor = transfer_minimum_effect(MINIMUM_EFFECT_BPB) / SD_BPB
    stable, bound, unknown = (
        [f for f in findings if f.label == name] for name in ("scale-stable", "scale-bound", "unknown")
    )
    return [
        Row("findings that help at the top are kept", _share(sum(f.is_kept for f in helps), len(helps))),
        Row("findings that harm there are kept", _share(sum(f.is_kept for f in harms), len(harms))),
        Row("`scale-stable`, and wrong: no gain there", _share(sum(f in harms for f in stable), len(stable))),
        Row(
            f"`scale-bound`, and wrong: {floor:.2f} sd or more there",
            _share(sum(f.top_sds >= floor for f in bound), len(bound)),
        ),
        Row("`unknown`", _share(len(unknown), len(findings))),
    ]


def _labelled(surface: Surface, champion: Champion) -> tuple[Labelled, ...]:
    return tuple(
        Labelled(surface.ideas[i].top_sds, label(champion.above[i]), i in champion.ideas)
        for i in champion.found
    )


def _best(surface: Surface, found: Sequence[int]) -> float:
    """Greedy, by true values: overlaps make an exact choice a search."""
    chosen: list[int] = []
    for idea in sorted(found, key=lambda i: surface.ideas[i].top_sds, reverse=True):
        if surface.effect_sds([*chosen, idea], TOP) > surface.effect_sds(chosen, TOP):
            chosen.append(idea)
    return surface.effect_sds(chosen, TOP)


def _gain(values: Sequence[float]) -> str:
    harmed = sum(value < 0.0 for value in values) / len(values)
    return f"{fmean(values):+.2f}, worse than no change in {harmed:.1%}"


def _share(hits: int, trials: int) -> str:
    return f"{hits} of {trials}" + (f", {hits / trials:.1%}" if trials else "")
