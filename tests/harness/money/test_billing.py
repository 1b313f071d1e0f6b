"""The meter: the node is charged from start to exit, each second once, by a clock that nobody sets."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.money.billing import Billing
from harness.money.lifetimes import LastSign
from harness.money.meter import load_meter
from journal.ledger.ledger import Ledger, Totals
from journal.store import Journal

PRICE = 3_600_000  # a micro-dollar a millisecond: one second is 1,000 micro-dollars
steps = st.lists(
    st.tuples(st.sampled_from(["wait", "job", "idle", "crash"]), st.floats(0.1, 30.0)),
    min_size=1,
    max_size=12,
)


@dataclass
class SettableClock:
    """Time by hand; `stamp` moves the stamps alone, as somebody who sets the clock would."""

    seconds: float = 1_000.0
    stamp: float = 1_700_000_000.0

    def now(self) -> float:
        return self.stamp + self.seconds

    def elapsed(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


class Node:
    """A node with a clock of its own; jobs run one at a time on one of two slots."""

    def __init__(self, folder: Path, budget: int, by_share: bool = False) -> None:
        self.clock = SettableClock()
        self.journal = Journal.open(folder / "journal.db")
        self.ledger = Ledger(self.journal)
        self.ledger.add_budget(budget)
        self.by_share = by_share
        self.billing = self.reopened()

    def reopened(self, *signs: LastSign, boot: str = "boot", by_share: bool | None = None) -> Billing:
        share = self.by_share if by_share is None else by_share
        billing = Billing(
            self.journal, self.ledger, PRICE, 2, share, clock=self.clock, boot_id=boot, session=1
        )
        billing.start(signs)
        return billing

    def wait(self, seconds: float) -> None:
        self.clock.sleep(seconds)


def test_jobs_and_idle_time_add_up_to_the_wall(tmp_path: Path) -> None:
    node = Node(tmp_path, 10**9)
    node.wait(10.0)
    node.ledger.settle("job", node.billing.share_micro_usd(1, 8.0))
    node.billing.charge_idle(0, "the rest")
    assert node.ledger.spent_on("settle") == 4_000
    assert node.ledger.spent_on("idle") == 6_000
    node.billing.charge_idle(0, "nothing more is owed")
    assert node.ledger.totals().spent == 10_000


def test_a_running_jobs_share_is_not_idle_time(tmp_path: Path) -> None:
    node = Node(tmp_path, 10**9)
    node.wait(10.0)
    node.billing.charge_idle(node.billing.share_micro_usd(2, 10.0), "both slots are busy")
    assert node.ledger.totals().spent == 0


def test_an_interrupted_run_is_charged_up_to_its_last_heartbeat(tmp_path: Path) -> None:
    node = Node(tmp_path, 10**9)
    node.wait(5.0)
    node.billing.heartbeat()
    node.wait(1_000.0)  # nobody used the machine
    assert node.reopened().due_micro_usd() == 5_000


def test_jobs_that_outlived_the_conductor_keep_the_meter_running(tmp_path: Path) -> None:
    node = Node(tmp_path, 10**9)
    last_sign_of_a_job = LastSign("boot", node.clock.elapsed() + 20.0)
    node.wait(1_000.0)
    assert node.reopened(last_sign_of_a_job).due_micro_usd() == 20_000


def test_a_job_is_not_charged_beyond_the_present(tmp_path: Path) -> None:
    node = Node(tmp_path, 10**9)
    node.wait(7.0)
    assert node.reopened(LastSign("boot", node.clock.elapsed() + 500.0)).due_micro_usd() == 7_000


@pytest.mark.parametrize("jump", [-1e6, -30.0, 30.0, 1e9])
def test_setting_the_clock_changes_nothing(tmp_path: Path, jump: float) -> None:
    node = Node(tmp_path, 10**9)
    node.wait(5.0)
    node.clock.stamp += jump
    node.billing.heartbeat()
    node.wait(5.0)
    assert node.billing.due_micro_usd() == 10_000
    node.billing.heartbeat()
    node.clock.stamp -= 2 * jump
    node.wait(5.0)
    reopened = node.reopened()
    assert reopened.due_micro_usd() == 10_000
    reopened.stop()
    assert load_meter(node.journal).seconds == 10.0


def test_a_restart_rounds_nothing_up_again(tmp_path: Path) -> None:
    node = Node(tmp_path, 10**9)
    for _ in range(5):
        node.wait(1.0004)
        node.billing.heartbeat()
        node.billing = node.reopened()
    assert node.billing.due_micro_usd() == 5_002
    node.billing.stop()
    assert load_meter(node.journal).due_micro_usd == 5_002


def test_after_another_boot_the_earlier_run_ends_at_its_last_heartbeat(tmp_path: Path) -> None:
    node = Node(tmp_path, 10**9)
    node.wait(5.0)
    node.billing.heartbeat()
    node.clock.seconds = 3_000.0  # of another boot: not to be compared
    reopened = node.reopened(LastSign("boot", 5_000.0), LastSign("another", 2_000.0), boot="another")
    assert reopened.due_micro_usd() == 5_000
    node.wait(2.0)
    assert reopened.due_micro_usd() == 7_000


def test_by_share_only_jobs_cost(tmp_path: Path) -> None:
    node = Node(tmp_path, 10**6, by_share=True)
    node.wait(500.0)
    assert node.billing.charge_idle(0, "own machine") == 0
    assert node.billing.seconds_left() == 1_000.0


def test_time_that_was_billed_by_share_is_not_owed_by_the_wall(tmp_path: Path) -> None:
    node = Node(tmp_path, 10**6, by_share=True)
    node.wait(500.0)
    node.ledger.settle("job", node.billing.share_micro_usd(1, 100.0))
    node.billing.close(0, "its end", 0.0)
    by_wall = node.reopened(by_share=False)
    node.wait(10.0)
    assert by_wall.charge_idle(0, "idle") == 10_000


def test_an_overrun_is_charged_in_full(tmp_path: Path) -> None:
    node = Node(tmp_path, 10_000)
    node.wait(12.0)
    assert node.billing.charge_idle(0, "too late") == 12_000
    assert node.ledger.totals().free == -2_000


def test_the_last_charge_reaches_a_little_ahead_and_holds_nothing(tmp_path: Path) -> None:
    node = Node(tmp_path, 10**6)
    node.ledger.reserve("end-1", 400_000, "end")
    node.billing.reserve_drain(100.0)
    node.wait(10.0)
    node.billing.close(0, "the end", ahead_seconds=2.5)
    assert node.ledger.totals() == Totals(budget=10**6, spent=12_500, reserved=0)
    assert load_meter(node.journal).due_micro_usd == 12_500


@settings(max_examples=30, deadline=None)
@given(steps=steps, budget=st.integers(1_000, 200_000))
def test_every_second_is_charged_once(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, float]], budget: int
) -> None:
    node = Node(tmp_path_factory.mktemp("meter"), budget)
    for index, (step, seconds) in enumerate(steps):
        if step == "job" and node.billing.seconds_left() > seconds:
            cost = node.billing.share_micro_usd(1, seconds)
            node.ledger.reserve(f"job{index}", cost, "baseline")
            node.wait(seconds)
            node.ledger.settle(f"job{index}", cost)
        elif step == "crash":
            node.billing = node.reopened(LastSign("boot", node.clock.elapsed()))
        else:
            node.wait(seconds)
        node.billing.heartbeat()
        node.billing.charge_idle(0, step)
    # Each of the runs rounds up.
    assert abs(node.ledger.totals().spent - node.billing.due_micro_usd()) <= len(steps)
    assert abs(node.billing.due_micro_usd() - sum(s for step, s in steps if step != "crash") * 1000) <= 12
    node.journal.close()
