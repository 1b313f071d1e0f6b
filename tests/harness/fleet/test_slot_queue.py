"""Slots shared by jobs of many sizes: never more than there are, and the large job is not starved."""

from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from harness.node.affinity import cores_by_gpu
from harness.node.slot_queue import Occupied, usable_slots
from harness.node.slots import SlotPool, gpu_slots, slot_environment

SLOTS = 8


@dataclass
class Job:
    """`seconds` is its limit; it really takes `share` of that."""

    slots: int
    seconds: int
    share: float
    started: float | None = None

    @property
    def ends(self) -> float:
        return (self.started or 0.0) + self.share * self.seconds


jobs = st.builds(Job, st.sampled_from([1, 2, 4, 8]), st.integers(1, 60), st.floats(0.1, 1.0))


@dataclass
class Node:
    """First come, first served, with smaller jobs let past those that wait."""

    queue: list[Job]
    now: float = 0.0
    running: list[Job] = field(default_factory=list)
    started: list[Job] = field(default_factory=list)
    pool: SlotPool = field(default_factory=lambda: SlotPool(gpu_slots(tuple(range(SLOTS)))))
    promised: dict[int, float] = field(default_factory=dict)

    def turn(self) -> None:
        self.running = [job for job in self.running if job.ends > self.now or self.leave(job)]
        head: Job | None = None
        for job in list(self.queue):
            occupied = [Occupied(j.slots, (j.started or 0.0) + j.seconds - self.now) for j in self.running]
            if job.slots <= usable_slots(SLOTS, occupied, head.slots if head else None, job.seconds):
                self.start(job)
            elif head is None:
                head = job
                self.promise(job, occupied)

    def promise(self, job: Job, occupied: list[Occupied]) -> None:
        """When the first that waits will start at the latest: no later turn may put it off."""
        ends = sorted((o.seconds, o.slots) for o in occupied)
        free = SLOTS - sum(o.slots for o in occupied)
        at = self.now
        for seconds, slots in ends:
            if free >= job.slots:
                break
            free, at = free + slots, self.now + seconds
        assert at <= self.promised.get(id(job), at) + 1e-6, "a smaller job put the first one off"
        self.promised[id(job)] = min(at, self.promised.get(id(job), at))

    def start(self, job: Job) -> None:
        taken = self.pool.take(str(id(job)), job.slots)
        assert len({slot.index for slot in taken}) == job.slots
        job.started = self.now
        self.queue.remove(job)
        self.running.append(job)
        self.started.append(job)

    def leave(self, job: Job) -> bool:
        self.pool.release(str(id(job)))
        return False


@given(st.lists(jobs, max_size=14), st.lists(jobs, max_size=14))
def test_every_job_starts_and_none_that_waits_first_is_put_off(first: list[Job], later: list[Job]) -> None:
    node = Node(list(first))
    arrivals = list(later)
    while node.queue or node.running or arrivals:
        if arrivals:
            node.queue.append(arrivals.pop(0))
        node.turn()
        assert sum(job.slots for job in node.running) == SLOTS - node.pool.free <= SLOTS
        node.now = min([job.ends for job in node.running], default=node.now + 1.0)
    assert len(node.started) == len(first) + len(later)


def test_a_large_job_starts_before_small_ones_that_came_later_and_last_longer() -> None:
    small = [Job(1, 10, 1.0) for _ in range(8)]
    large, late = Job(8, 10, 1.0), [Job(1, 20, 1.0) for _ in range(8)]
    node = Node([*small, large, *late])
    while node.queue or node.running:
        node.turn()
        node.now += 1.0
    assert large.started == 10.0 and all(job.started == 20.0 for job in late)


def test_work_that_is_over_in_time_runs_on_held_slots() -> None:
    occupied = [Occupied(4, 100.0)]
    assert usable_slots(8, occupied, None, 1000.0) == 4
    assert usable_slots(8, occupied, 8, 100.0) == 4
    assert usable_slots(8, occupied, 8, 101.0) == 0
    assert usable_slots(8, occupied, 6, 1000.0) == 2
    assert usable_slots(8, [], 9, 10.0) == 8, "what can never start holds nothing"


def test_neighbours_are_taken_and_large_gaps_are_left_whole() -> None:
    pool = SlotPool(gpu_slots(tuple(range(8))))
    pool.hold("busy", [4])
    assert [slot.index for slot in pool.take("one", 1)] == [5], "of the smallest gap"
    assert [slot.index for slot in pool.take("three", 3)] == [0, 1, 2], "neighbours, not 3, 6 and 7"
    assert [slot.index for slot in pool.take("any", 3)] == [3, 6, 7], "any slots do when no gap is enough"


def test_gpus_share_the_cores_of_their_own_node(tmp_path: Path) -> None:
    for index, node in enumerate((0, 0, 1, 1)):
        folder = tmp_path / f"bus/pci/devices/0000:{index:02x}:00.0"
        folder.mkdir(parents=True)
        (folder / "numa_node").write_text(f"{node}\n")
    for node, listed in enumerate(("0-3,8", "4-7")):
        folder = tmp_path / f"devices/system/node/node{node}"
        folder.mkdir(parents=True)
        (folder / "cpulist").write_text(f"{listed}\n")
    addresses = tuple(f"00000000:{index:02X}:00.0" for index in range(4))
    cores = cores_by_gpu(addresses, tuple(range(10)), tmp_path)
    assert cores == ((0, 1), (2, 3), (4, 5), (6, 7))
    assert cores_by_gpu(("unknown", "too"), (0, 1, 2, 3), tmp_path) == ((0, 1), (2, 3))
    assert cores_by_gpu(("unknown", "too"), (5,), tmp_path) == ((5,), (5,)), "fewer cores than GPUs: shared"
    slots = gpu_slots((0, 1, 2, 3), cores)
    assert slot_environment(slots[:2]) == {"CUDA_VISIBLE_DEVICES": "0,1", "OMP_NUM_THREADS": "2"}
