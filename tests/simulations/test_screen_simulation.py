"""What the screen promises, over simulated labs with fixed seeds; its table: tests.screen_simulation."""

from tests.simulations.screen import curve, first_seed, measure, nothing_stops, play


def test_the_first_seed_saves_runs_and_stops_no_improvement() -> None:
    before, after = (measure(rule, 60, 6, 2, 2) for rule in (nothing_stops, first_seed))
    assert after.runs < 0.93 * before.runs
    assert after.good > 100 and after.good_stopped == 0 and after.found >= before.found - 1


def test_with_spikes_in_the_noise_it_stops_few_improvements() -> None:
    before, after = (measure(rule, 40, 12, 8, 4, spikes=True) for rule in (nothing_stops, first_seed))
    assert after.runs < 0.97 * before.runs
    assert after.good_stopped <= 0.03 * after.good and after.found >= 0.97 * before.found


def test_the_curve_saves_less_than_the_first_seed() -> None:
    rows = [measure(rule, 20, 20, 8, 16) for rule in (nothing_stops, first_seed, curve(0), curve(1))]
    before, screened, *extrapolated = (row.runs for row in rows)
    assert all(before - runs < 0.5 * (before - screened) for runs in extrapolated)


def test_what_is_stopped_supports_and_refutes_nothing() -> None:
    labs = [play(first_seed, seed, 20, 8, 16) for seed in range(10)]
    stopped = [idea for lab in labs for idea, name in lab.verdicts if name == "stopped"]
    assert len(stopped) > 30 and min(idea.difference for idea in stopped) > -0.01
