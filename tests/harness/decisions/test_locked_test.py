"""The locked text has the last word on a champion recipe, three times at most."""

from dataclasses import replace

import pytest

from journal.records import JobRow
from journal.science.locked import MOST_READS, locked_reading, readings
from tests.simulations.virtual_lab import START, Simulation, World

GOOD = World(good_matrix_lr=0.04, total_seconds=3000.0)


def ended(world: World) -> Simulation:
    lab = Simulation(world)
    assert lab.run().ok
    return lab


def champion_of(lab: Simulation) -> str | None:
    return next(launch.recipe_id for launch in lab.launches if launch.purpose == "champion")


def reading(gain: float, error: float, recipe: str = "r2", number: int = 0) -> JobRow:
    return JobRow(
        job_id=f"{number:010d}-1", spec_hash=f"{number:064d}", kind="eval", purpose="locked",
        state="succeeded", spec="{}", recipe_id=recipe, seed=number, gpus=1, source="conductor",
        created_at=START,
        metrics={"gain_bpb": gain, "gain_standard_error": error, "gain_blocks": 32.0},
    )  # fmt: skip


def test_a_winner_reads_the_locked_text_after_the_search_and_before_its_long_run() -> None:
    lab = ended(GOOD)
    order = [launch.purpose for launch in lab.launches]
    assert order.index("champion") > max(n for n, purpose in enumerate(order) if purpose == "locked")
    assert order.index("locked") > max(n for n, purpose in enumerate(order) if purpose == "hypothesis")
    assert champion_of(lab) == lab.champion() != "r1"


def test_fresh_runs_of_the_winner_are_paired_with_runs_of_the_baseline() -> None:
    lab = ended(GOOD)
    jobs = [launch.job for launch in lab.launches if launch.purpose == "locked"]
    pairs = [(lab.rows[job.checkpoint], lab.rows[job.against]) for job in jobs]  # type: ignore[union-attr,index]
    assert len(pairs) == 2
    assert all(a.purpose == b.purpose == "baseline" for a, b in pairs)
    assert {(a.recipe_id, b.recipe_id) for a, b in pairs} == {(champion_of(lab), "r1")}
    assert len({row.job_id for pair in pairs for row in pair}) == 4


def test_what_wins_only_on_the_searched_text_gives_way_to_the_baseline() -> None:
    lab = ended(replace(GOOD, locked_loss=1.0))
    assert any(recipe.parent == "r1" for recipe in lab.recipes), "the search did find a winner"
    assert champion_of(lab) == "r1"
    assert lab.champion() == "r1", "the next session does not build on it either"


def test_without_a_winner_nothing_is_read() -> None:
    assert all(launch.purpose != "locked" for launch in ended(World()).launches)


def test_after_three_reads_the_baseline_stays() -> None:
    lab = Simulation(GOOD)
    earlier = [reading(-1.0, 0.1, f"r{100 + n}", n) for n in range(MOST_READS)]
    lab.rows = {row.job_id: row for row in earlier}
    lab.session = lab.session.model_copy(update={"jobs_before": len(earlier)})
    assert lab.run().ok
    assert all(launch.purpose != "locked" for launch in lab.launches)
    assert champion_of(lab) == "r1" != lab.champion()


def test_an_interval_that_touches_zero_confirms_nothing() -> None:
    clear, touching = locked_reading([reading(0.01, 0.003)]), locked_reading([reading(0.01, 0.005)])
    assert clear is not None and clear.is_confirmed and clear.lower < clear.gain_bpb < clear.upper
    assert touching is not None and not touching.is_confirmed


def test_each_of_three_reads_has_a_third_of_the_error() -> None:
    found = locked_reading([reading(1.0, 1.0)])
    assert found is not None
    # Student's t with 31 degrees of freedom at 1 - 0.05 / 6 (tables: 2.53).
    assert found.upper - found.gain_bpb == pytest.approx(2.53, abs=0.01)


def test_more_pairs_do_not_narrow_what_the_text_allows() -> None:
    one, two = (
        locked_reading([reading(0.02, 0.004)]),
        locked_reading([reading(0.02, 0.004), reading(0.02, 0.004)]),
    )
    assert one is not None and two is not None
    assert (one.lower, one.upper) == (two.lower, two.upper) and (one.pairs, two.pairs) == (1, 2)


def test_failed_readings_say_nothing() -> None:
    failed = reading(1.0, 0.1).model_copy(update={"state": "failed", "metrics": {}})
    assert locked_reading([failed]) is None
    assert [
        r.recipe_id for r in readings([failed, reading(1.0, 0.1, "r5", 1), reading(1.0, 0.1, "r4", 2)])
    ] == ["r5", "r4"]
