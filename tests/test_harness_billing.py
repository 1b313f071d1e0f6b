"""The meter: the node is charged from start to exit, each second once, never beyond the budget."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.billing import Billing
from journal.ledger import Ledger
from journal.store import Journal

PRICE = 3_600_000  # a micro-dollar a millisecond: one second is 1,000 micro-dollars
steps = st.lists(
    st.tuples(st.sampled_from(["wait", "job", "idle", "crash"]), st.floats(0.1, 30.0)),
    min_size=1,
    max_size=12,
)


class Node:
    """A node with a clock of its own; jobs run one at a time on one of two slots."""

    def __init__(self, folder: Path, budget: int, by_share: bool = False) -> None:
        self.now = 1_000.0
        self.journal = Journal.open(folder / "journal.db")
        self.ledger = Ledger(self.journal)
        self.ledger.add_budget(budget)
        self.by_share = by_share
        self.billing = self.reopened()

    def reopened(self, alive_until: float | None = None) -> Billing:
        billing = Billing(self.journal, self.ledger, PRICE, 2, self.by_share, clock=lambda: self.now)
        billing.start(alive_until)
        return billing


def test_jobs_and_idle_time_add_up_to_the_wall(tmp_path: Path) -> None:
    node = Node(tmp_path, 10**9)
    node.now += 10.0
    node.ledger.settle("job", node.billing.share_micro_usd(1, 8.0))
    node.billing.charge_idle(0, "the rest")
    assert node.ledger.spent_on("settle") == 4_000
    assert node.ledger.spent_on("idle") == 6_000
    node.billing.charge_idle(0, "nothing more is owed")
    assert node.ledger.totals().spent == 10_000


def test_a_running_jobs_share_is_not_idle_time(tmp_path: Path) -> None:
    node = Node(tmp_path, 10**9)
    node.now += 10.0
    node.billing.charge_idle(node.billing.share_micro_usd(2, 10.0), "both slots are busy")
    assert node.ledger.totals().spent == 0


def test_an_interrupted_run_is_charged_up_to_its_last_heartbeat(tmp_path: Path) -> None:
    node = Node(tmp_path, 10**9)
    node.now += 5.0
    node.billing.heartbeat()
    node.now += 1_000.0  # the machine was off
    assert node.reopened().due_micro_usd() == 5_000


def test_jobs_that_outlived_the_conductor_keep_the_meter_running(tmp_path: Path) -> None:
    node = Node(tmp_path, 10**9)
    last_sign_of_a_job = node.now + 20.0
    node.now += 1_000.0
    assert node.reopened(last_sign_of_a_job).due_micro_usd() == 20_000


def test_by_share_only_jobs_cost(tmp_path: Path) -> None:
    node = Node(tmp_path, 10**6, by_share=True)
    node.now += 500.0
    assert node.billing.charge_idle(0, "own machine") == 0
    assert node.billing.seconds_left() == 1_000.0


@settings(max_examples=30, deadline=None)
@given(steps=steps, budget=st.integers(1_000, 200_000))
def test_the_budget_holds_whatever_happens(
    tmp_path_factory: object, steps: list[tuple[str, float]], budget: int
) -> None:
    folder = tmp_path_factory.mktemp("meter")  # type: ignore[attr-defined]
    node = Node(folder, budget)
    for index, (step, seconds) in enumerate(steps):
        if step == "job" and node.billing.seconds_left() > seconds:
            cost = node.billing.share_micro_usd(1, seconds)
            node.ledger.reserve(f"job{index}", cost, "baseline")
            node.now += seconds
            node.ledger.settle(f"job{index}", cost)
        elif step == "crash":
            node.billing = node.reopened(node.now)
        else:
            node.now += seconds
        node.billing.heartbeat()
        node.billing.charge_idle(0, step)
        totals = node.ledger.totals()
        assert totals.spent + totals.reserved <= totals.budget
        assert totals.spent <= node.billing.due_micro_usd() + len(steps)
    owed = min(budget, node.billing.due_micro_usd())
    assert abs(node.ledger.totals().spent - owed) <= len(steps)
    node.journal.close()
