"""What pairs buy, and whether they hold: arms that share their seeds, with and without wild runs."""

from dataclasses import replace
from random import Random

from bench.truth.designs import upper_bound
from bench.truth.lab import Lab, Seeds
from bench.truth.landscape import Change, no_effect, one_true
from bench.truth.measures import (
    COVERED_AT_LEAST,
    FALSE_SUPPORTED_AT_MOST,
    FOUND_AT_LEAST,
    Bench,
    Row,
    coverage_row,
    found_in,
    percent,
    runs_of,
)
from bench.truth.rules import LabRules

CORRELATION = 0.9
OUTLIER_SHARE = 1 / 24  # one of 24 measured pairs was wildly off (docs/logs/verdicts.md)
WORLDS = {"r 0.9": Seeds(CORRELATION), "r 0.9, 1 run of 24 off by 20 sd": Seeds(CORRELATION, OUTLIER_SHARE)}


def pair_rows(rules: LabRules, hypotheses: int, seed: int, null_labs: int, labs: int) -> list[Row]:
    """Version 3 on shared seeds beside version 2 on seeds of its own; then every hypothesis in pairs."""
    learned = Bench(replace(rules, pairs="learned"), hypotheses, seed)
    always = Bench(replace(rules, pairs="always"), hypotheses, seed)
    rows: list[Row] = []
    for name, world in WORLDS.items():
        rows += _world_rows(name, replace(learned, seeds=world), null_labs, labs)
        rows += _forced_rows(f"{name}, all in pairs", replace(always, seeds=world), null_labs, labs)
    mixed = replace(always, seeds=Seeds(CORRELATION)).labs("mixed", _mixed, null_labs // 4)
    rows.append(_false_row("r 0.9, all in pairs, a quarter of the patches widen the spread", mixed, None))
    nothing = always.labs("nothing shared", no_effect(), null_labs // 4)
    rows.append(_false_row("r 0, all in pairs", nothing, None))
    return rows


def _world_rows(name: str, bench: Bench, null_labs: int, labs: int) -> list[Row]:
    assert isinstance(bench.rules, LabRules)
    before = replace(
        bench, rules=replace(bench.rules, pairs="never"), seeds=replace(bench.seeds, correlation=0.0)
    )
    nulls, former = (b.labs(f"pairs {name}", no_effect(), null_labs) for b in (bench, before))
    true, old = (b.labs(f"pairs true {name}", one_true(2.0), labs) for b in (bench, before))
    is_promised = not bench.seeds.outlier_share
    return [
        _false_row(f"{name}: labs with any false `supported`", nulls, FALSE_SUPPORTED_AT_MOST),
        Row(f"{name}: hypotheses in pairs", percent(sum(lab.paired for lab in nulls), _ideas(nulls))),
        Row(f"{name}: runs a hypothesis, nulls", _beside(nulls, former, bench)),
        Row(f"{name}: runs a hypothesis, one of 2 sd", _beside(true, old, bench)),
        Row(
            f"{name}: a true effect of 2 sd is supported",
            f"{percent(found_in(true), labs)}, version 2 {percent(found_in(old), labs)}",
            f">= {FOUND_AT_LEAST:.0%}" if is_promised else "",
            found_in(true) / labs >= FOUND_AT_LEAST if is_promised else None,
        ),
        _covered(name, nulls + true),
    ]


def _forced_rows(name: str, bench: Bench, null_labs: int, labs: int) -> list[Row]:
    nulls = bench.labs(f"pairs {name}", no_effect(), null_labs)
    true = bench.labs(f"pairs true {name}", one_true(2.0), labs)
    return [
        _false_row(f"{name}: any false `supported`", nulls, FALSE_SUPPORTED_AT_MOST),
        Row(f"{name}: a true effect of 2 sd is supported", percent(found_in(true), labs)),
        Row(f"{name}: runs a hypothesis, nulls", f"{runs_of(nulls, bench):.1f}"),
        _covered(name, nulls + true),
    ]


def _false_row(question: str, labs: list[Lab], most: float | None) -> Row:
    false, count = sum(lab.has_false_support for lab in labs), len(labs)
    bound = upper_bound(false, count) if count else 1.0
    measured = f"{false} of {count}, bound {bound:.1%}"
    if most is None:
        return Row(question, measured)
    return Row(question, measured, f"bound <= {most:.0%}", bound <= most)


def _covered(name: str, labs: list[Lab]) -> Row:
    outcomes = [outcome for lab in labs for outcome in lab.outcomes]
    return coverage_row(f"{name}: last intervals cover", outcomes, COVERED_AT_LEAST)


def _beside(labs: list[Lab], former: list[Lab], bench: Bench) -> str:
    return f"{runs_of(labs, bench):.1f}, version 2 {runs_of(former, bench):.1f}"


def _ideas(labs: list[Lab]) -> int:
    return sum(len(lab.outcomes) for lab in labs)


def _mixed(generator: Random, count: int) -> list[Change]:
    return [Change(0.0, 1.5 if generator.random() < 0.25 else 1.0) for _ in range(count)]
