"""Looks at open hypotheses: doubled seeds, a baseline in step, and a last word when the money ends."""

import json
import random
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.conductor.registration import stopping_rule
from harness.plan.seeds import EXPECTED_SEEDS, hypotheses_for, replicates_for, seed_numbers
from journal.records import JobRow
from journal.science.judge import seeds_at_look
from tests.simulations.virtual_lab import Simulation, World


class SmallEffects(Simulation):
    """Patches are worth little, so that many take several looks."""

    def bpb(self, row: JobRow) -> float:
        job = json.loads(row.spec)
        rate = job.get("optim", {}).get("matrix_lr", 0.02)
        effect = 0.0 if rate == 0.02 else random.Random(f"{rate} {self.world.seed}").gauss(0.001, 0.003)
        return 2.0 - effect + random.Random(f"{job['seed']} {rate} {self.world.seed}").gauss(0.0, 0.002)


def labs(seeds: Iterable[int] = range(6), **changes: float | None) -> list[SmallEffects]:
    """Labs of five slots and four hours, played to their ends."""
    played = []
    for seed in seeds:
        world = {"total_seconds": 14_400.0, "tokens_per_second": 30_000.0, "overhead_seconds": 5.0, **changes}
        played.append(SmallEffects(World(slots=5, seed=seed, **world)))  # type: ignore[arg-type]
        assert played[-1].run().ok
    return played


def test_looks_double_the_seeds_and_the_baseline_keeps_step() -> None:
    verdicts = [verdict for lab in labs() for verdict in lab.verdicts]
    assert {verdict.look for verdict in verdicts} == {1, 2, 3}
    stopped = [verdict for verdict in verdicts if len(verdict.treatment_jobs) == 1]
    assert all(v.look == 1 and v.final and v.verdict == "inconclusive" for v in stopped)
    for verdict in (verdict for verdict in verdicts if verdict not in stopped):
        assert len(verdict.treatment_jobs) == seeds_at_look(verdict.look, 8)
        assert len(verdict.baseline_jobs) >= max(5, len(verdict.treatment_jobs))


@pytest.mark.parametrize("pairing", [None, False, True])
def test_every_hypothesis_that_ran_gets_a_last_word_whatever_is_lost(pairing: bool | None) -> None:
    # Unpaired, in the 24th and the 26th the money ends between a look's lost run and its repeat.
    for lab in labs(range(22, 28), lost_rate=0.1, fail_rate=0.1, jitter=0.4, pairing=pairing):
        ran = {row.hypothesis_id for row in lab.rows.values() if row.hypothesis_id is not None}
        final = [verdict.hypothesis_id for verdict in lab.verdicts if verdict.final]
        assert ran == set(final) and len(final) == len(set(final))


def test_pairs_are_complete_when_they_are_judged() -> None:
    verdicts = [verdict for lab in labs(pairing=True) for verdict in lab.verdicts]
    assert {verdict.look for verdict in verdicts} >= {1, 2}
    assert all(verdict.pairs == len(verdict.treatment_jobs) for verdict in verdicts)


@given(st.integers(-5, 3000), st.integers(1, 8))
def test_planned_seeds_grow_with_the_money(runs: int, slots: int) -> None:
    seeds = replicates_for(runs, slots)
    assert seeds in EXPECTED_SEEDS and replicates_for(runs + 1, slots) >= seeds
    if seeds > 2:
        assert hypotheses_for(runs, slots, seeds) >= max(4, seeds / 2)


@pytest.mark.parametrize(("runs", "seeds"), [(12, 2), (16, 4), (56, 16), (700, 64)])
def test_planned_seeds(runs: int, seeds: int) -> None:
    assert replicates_for(runs, slots=8) == seeds


def test_the_registered_words_are_the_rule() -> None:
    assert stopping_rule(16).startswith("looks at 2, 4, 8, 16 seeds, the baseline at least as many; ")
    assert "95% upper bound is below the minimum effect, at 16 seeds" in stopping_rule(16)


@given(st.integers(1, 64), st.integers(1, 8), st.integers(0, 100))
def test_a_treatments_seeds_are_the_baselines_and_each_look_keeps_those_before(
    count: int, ring: int, start: int
) -> None:
    numbers = seed_numbers(count, ring, start)
    assert len(set(numbers)) == count and set(numbers) <= set(range(1, max(count, ring) + 1))
    assert seed_numbers(count + 1, ring, start)[:count] == numbers
