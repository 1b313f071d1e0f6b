"""A start without data on a GPU node: the default set is fetched, its size and price said first."""

import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from harness.errors import UserError
from harness.plan.plan import Plan
from harness.plan.rates import guessed_rates
from harness.plan.scale import GPU
from harness.plan.split import make_plan
from harness.start.default_data import LEAST_SHARDS, MOST_SHARDS, fetch_default, shards_for

NODE = 24_000_000


def plan_of(hours: float, slots: int = 8) -> Plan:
    return make_plan(GPU, slots, NODE, hours * 3600.0, guessed_rates(GPU))


@pytest.fixture(autouse=True)
def no_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HARNESS_DATA", raising=False)
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path))
    monkeypatch.setenv("HARNESS_DATA_MIRROR", "http://127.0.0.1:9")  # nobody listens there


def test_a_larger_budget_fetches_more_text() -> None:
    shards = [shards_for(plan_of(hours), GPU) for hours in (4, 24, 240)]
    assert LEAST_SHARDS <= shards[0] < shards[1] < shards[2] <= MOST_SHARDS


def test_a_dry_run_says_gigabytes_minutes_and_dollars(capfd: pytest.CaptureFixture[str]) -> None:
    said: list[str] = []
    fetch_default("default", plan_of(24), GPU, said.append, dry_run=True)
    assert re.search(r"[\d.]+ GB, about [\d.]+ minutes .*, \$[\d.]+ at 24 \$/h", capfd.readouterr().out)
    assert len(said) == 1


@pytest.fixture
def empty_mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A mirror that has none of the files: refused at once, where a dead one is tried for half a minute."""
    (tmp_path / "nothing").mkdir()
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path / "nothing"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        monkeypatch.setenv("HARNESS_DATA_MIRROR", f"http://127.0.0.1:{server.server_port}")
        yield
        server.shutdown()


@pytest.mark.usefixtures("empty_mirror")
def test_a_fetch_that_fails_is_refused_with_the_way_on() -> None:
    with pytest.raises(UserError, match="--data: the default set could not be fetched; allowed: the same"):
        fetch_default("default", plan_of(4), GPU, lambda _: None, dry_run=False)


def test_data_of_ones_own_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    fetch_default("starter", plan_of(4), GPU, pytest.fail, dry_run=False)
    monkeypatch.setenv("HARNESS_DATA", "/somewhere")
    fetch_default("default", plan_of(4), GPU, pytest.fail, dry_run=False)
