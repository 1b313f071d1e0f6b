"""What a session runs in: this machine with its clocks and processes, or a simulation of another."""

from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from harness.fleet.fleet import Fleet
from harness.fleet.launcher import launcher_of
from harness.fleet.protocols import JobFleet, Server
from harness.lab.clock import SYSTEM_CLOCK, Clock
from harness.node.machine import Machine
from harness.node.slots import SlotPool
from harness.plan.scale import scale_for
from harness.plan.stored import kept_shapes
from harness.reports.live import Output
from harness.service.watchdog import ServerWatchdog
from harness.simulation.clock import BOOT_ID, VirtualClock
from harness.simulation.compile_cache import CompileCache
from harness.simulation.fleet import SimulatedFleet
from harness.simulation.outcome import OutcomeModel
from harness.simulation.server import SimulatedServer
from harness.simulation.settings import simulation_settings
from harness.simulation.timing import Node
from harness.simulation.workers import Workers
from journal.lab_paths import LabPaths
from journal.store import Journal
from trainer.system.processes import boot_id


@dataclass(frozen=True)
class Runtime:
    """The seams between the conductor and the world; `proposer_executor` runs the proposer."""

    clock: Clock
    boot_id: str
    fleet: JobFleet
    server: Server
    proposer_executor: Executor


class InlineExecutor(Executor):
    """Runs what it is given at once: in a virtual clock's time a proposal takes no time."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def lab_clock(journal: Journal, simulated: bool) -> Clock:
    """The clock that a lab lives by."""
    return VirtualClock(journal) if simulated else SYSTEM_CLOCK


def lab_boot_id(simulated: bool) -> str:
    """What tells one boot of the lab's machine from another."""
    return BOOT_ID if simulated else boot_id()


def make_runtime(
    lab: LabPaths, journal: Journal, machine: Machine, clock: Clock, slots: int, port: int, output: Output
) -> Runtime:
    """The parts that belong together."""
    pool = SlotPool(machine.slots(slots))
    if isinstance(clock, VirtualClock):
        scale = scale_for(machine.kind, "default")
        node = Node(machine, scale.vocab_size)
        settings = simulation_settings()
        compiled = CompileCache(lab, kept_shapes(machine.name) if settings.keeps_caches else ())
        model = OutcomeModel(lab, node, settings, compiled, Workers(lab))
        stand_in = SimulatedServer(journal, clock, node.deploy_seconds)
        fleet = SimulatedFleet(journal, model, pool, clock, stand_in)
        return Runtime(clock, lab_boot_id(True), fleet, stand_in, InlineExecutor())
    real = Fleet(journal, launcher_of(lab), pool)
    spare_gpus = tuple(gpu.index for gpu in machine.gpus[slots:])
    watchdog = ServerWatchdog(lab, journal, port, spare_gpus, output.say)
    return Runtime(
        clock, lab_boot_id(False), real, watchdog, ThreadPoolExecutor(1, thread_name_prefix="proposer")
    )
