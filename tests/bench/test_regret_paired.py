"""The paired comparison: groups of problems, intervals that hold the truth, p-values of the right side."""

import numpy as np
import pytest

pytest.importorskip("cmaes", reason="pip install -e '.[bench]'")

from bench.regret.paired import every_pair, groups, paired, with_earlier

SEEDS = 20


def areas(shift: float) -> dict[str, dict[str, list[float]]]:
    """Seeds differ much, searchers by `shift` and a little."""
    generator = np.random.default_rng(1)
    levels = {p: generator.random(SEEDS) for p in ("autoresearch/a", "autoresearch/b", "HPOLib/x")}
    return {
        name: {p: list(level + step + 0.02 * generator.normal(size=SEEDS)) for p, level in levels.items()}
        for name, step in (("search", 0.0), ("tpe", shift))
    }


def test_the_recorded_halves_are_a_group_of_their_own() -> None:
    found = groups(["HPOLib/x", "autoresearch/a", "autoresearch/b", "HPOLib/y"])
    assert found["autoresearch/b"] == ["autoresearch/b"]
    assert found["recorded trials"] == ["autoresearch/a", "autoresearch/b"]
    assert found["other problems"] == ["HPOLib/x", "HPOLib/y"]
    assert groups(["HPOLib/x"]) == {}


def test_a_small_gain_in_every_seed_is_found_though_seeds_differ_more() -> None:
    row = paired(areas(0.02), "search", "tpe", "recorded", ["autoresearch/a", "autoresearch/b"])
    assert row.pairs == 2 * SEEDS
    assert row.low < row.ours - row.theirs < row.high < 0.0
    assert row.low < -0.02 < row.high
    assert row.p_ranks < 0.01 and row.p_mean < 0.01


def test_a_loss_is_no_gain_and_equal_figures_are_no_difference() -> None:
    lost = paired(areas(-0.02), "search", "tpe", "all", ["HPOLib/x"])
    assert lost.low > 0.0 and lost.p_ranks > 0.9 and lost.p_mean > 0.9
    same = paired(areas(0.0), "search", "search", "all", ["HPOLib/x"])
    assert (same.low, same.high, same.p_ranks, same.p_mean) == (0.0, 0.0, 1.0, 1.0)


def test_every_other_searcher_is_beside_ours_in_every_group() -> None:
    rows = list(every_pair(areas(0.02) | {"random": areas(0.0)["search"]}, "search"))
    assert {row.other for row in rows} == {"tpe", "random"}
    assert {row.group for row in rows} == {
        "autoresearch/a",
        "autoresearch/b",
        "recorded trials",
        "all problems",
    }


def test_an_earlier_run_counts_where_both_played() -> None:
    now, before = areas(0.0), areas(0.0)
    del before["search"]["HPOLib/x"]
    before["search"]["autoresearch/a"] = before["search"]["autoresearch/a"][:7]
    found = with_earlier(now, "search", before)
    assert {name: {p: len(v) for p, v in by.items()} for name, by in found.items()} == {
        "search": {"autoresearch/a": 7, "autoresearch/b": 7},
        "search, earlier": {"autoresearch/a": 7, "autoresearch/b": 7},
    }
    with pytest.raises(ValueError, match="no problem in common; allowed"):
        with_earlier(now, "search", {"search": {"HPOLib/y": [0.1]}})
