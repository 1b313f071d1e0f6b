"""The questions, each answered by labs of its own."""

import random
from dataclasses import dataclass

from bench.truth.designs import autoresearch_keeps, fixed_runs, fixed_shared_runs, lower_bound, upper_bound
from bench.truth.lab import INDEPENDENT, MINIMUM_EFFECT_SDS, Lab, Outcome, Seeds, play
from bench.truth.landscape import Landscape, harmless_or_harmful, no_effect, one_true, spectrum
from bench.truth.rules import Rules
from journal.science.judge import ALPHA

EFFECTS_SDS = (1.0, 2.0, 3.0, 5.0)
FALSE_SUPPORTED_AT_MOST = 0.05
FOUND_AT_LEAST = 0.90
RUNS_AT_MOST = 0.60
COVERED_AT_LEAST = 0.95
COVERED_OF_SUPPORTED_AT_LEAST = 0.90


@dataclass(frozen=True)
class Row:
    """One line of the table; `holds` is None where nothing was promised."""

    question: str
    measured: str
    target: str = ""
    holds: bool | None = None


@dataclass(frozen=True)
class Bench:
    """Labs of `hypotheses` each under one set of rules; equal seeds give equal labs."""

    rules: Rules
    hypotheses: int
    seed: int
    seeds: Seeds = INDEPENDENT

    def labs(self, name: str, landscape: Landscape, count: int) -> list[Lab]:
        return [
            play(
                random.Random(f"{self.seed} {name} {index}"),
                self.rules,
                landscape,
                self.hypotheses,
                self.seeds,
            )
            for index in range(count)
        ]


def null_rows(bench: Bench, count: int) -> list[Row]:
    """Labs in which nothing helps: share with any `supported`, with a 95% bound."""
    rows = []
    for name, landscape in (("no effect at all", no_effect()), ("nulls and harm", harmless_or_harmful)):
        labs = bench.labs(name, landscape, count)
        false = sum(lab.has_false_support for lab in labs)
        keeps = [
            autoresearch_keeps(random.Random(f"{bench.seed} keep {index}"), landscape, bench.hypotheses)
            for index in range(count)
        ]
        rows += [
            Row(
                f"{name}: labs with any false `supported`",
                f"{false} of {count}, {percent(false, count)}, bound {upper_bound(false, count):.1%}",
                f"bound <= {FALSE_SUPPORTED_AT_MOST:.0%}",
                upper_bound(false, count) <= FALSE_SUPPORTED_AT_MOST,
            ),
            Row(
                f"{name}: keep-if-better keeps any",
                f"{percent(sum(k > 0 for k in keeps), count)}, {sum(keeps) / count:.1f} a lab",
            ),
            Row(f"{name}: runs a hypothesis", f"{runs_of(labs, bench):.1f}"),
        ]
    labs = bench.labs("wide", no_effect(2.0), count // 4)
    false = sum(lab.has_false_support for lab in labs)
    rows.append(Row("every patch doubles the spread: any false `supported`", percent(false, len(labs))))
    return rows


def effect_rows(bench: Bench, count: int) -> list[Row]:
    """Labs with one true effect among nulls: is it found, at what price, and do the intervals hold."""
    labs = {effect: bench.labs(f"true {effect}", one_true(effect), count) for effect in EFFECTS_SDS}
    rows = [_found_row(effect, labs[effect]) for effect in EFFECTS_SDS]
    rows += _runs_rows(bench, labs[2.0], found_in(labs[1.0]) / count)
    rows += _coverage_rows("one true effect", [lab for group in labs.values() for lab in group])
    drawn = bench.labs("spectrum", spectrum, count)
    return rows + _coverage_rows("effects of all sizes", drawn)


def _found_row(effect_sds: float, labs: list[Lab]) -> Row:
    found, count = found_in(labs), len(labs)
    is_promised = effect_sds == 2.0
    return Row(
        f"a true effect of {effect_sds:g} sd is supported",
        f"{found} of {count}, {percent(found, count)}, bound {lower_bound(found, count):.1%}",
        f">= {FOUND_AT_LEAST:.0%}" if is_promised else "",
        found / count >= FOUND_AT_LEAST if is_promised else None,
    )


def _runs_rows(bench: Bench, labs: list[Lab], power: float) -> list[Row]:
    runs, alpha = runs_of(labs, bench), ALPHA / bench.hypotheses
    rows = [Row("runs a hypothesis, nulls and baseline included (2 sd)", f"{runs:.1f}")]
    for name, wanted in (("the power measured at 1 sd", power), ("90% power", 0.9)):
        # A power of nothing would cost nothing: the smallest design there is has two seeds an arm.
        own = fixed_runs(alpha, wanted, MINIMUM_EFFECT_SDS)
        shared = fixed_shared_runs(alpha, wanted, MINIMUM_EFFECT_SDS, bench.hypotheses)
        rows += [
            Row(
                f"of a fixed-size design's with {name}",
                f"{runs / own:.0%} of {own}",
                f"<= {RUNS_AT_MOST:.0%}",
                runs / own <= RUNS_AT_MOST,
            ),
            Row(f"… that shares its baseline, {name}", f"{runs / shared:.0%} of {shared:.1f}"),
        ]
    return rows


def _coverage_rows(name: str, labs: list[Lab]) -> list[Row]:
    every = [outcome for lab in labs for outcome in lab.outcomes]
    supported = [outcome for outcome in every if outcome.is_supported]
    held = sum(outcome.is_always_covered for outcome in every)
    return [
        coverage_row(f"{name}: last intervals cover", every, COVERED_AT_LEAST),
        Row(f"{name}: intervals of all looks cover", percent(held, len(every))),
        coverage_row(f"{name}: … among the supported", supported, COVERED_OF_SUPPORTED_AT_LEAST),
    ]


def coverage_row(question: str, outcomes: list[Outcome], least: float) -> Row:
    covered, count = sum(outcome.is_covered for outcome in outcomes), max(1, len(outcomes))
    measured = f"{percent(covered, count)} of {len(outcomes)}"
    return Row(question, measured, f">= {least:.0%}", covered / count >= least)


def found_in(labs: list[Lab]) -> int:
    return sum(o.is_supported for lab in labs for o in lab.outcomes if o.change.effect_sds > 0.0)


def runs_of(labs: list[Lab], bench: Bench) -> float:
    return sum(lab.runs for lab in labs) / (len(labs) * bench.hypotheses)


def percent(hits: int, trials: int) -> str:
    return f"{hits / trials:.1%}"
