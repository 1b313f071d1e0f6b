"""Where engines run: one GPU each, which the server picks for them, and none that jobs are measured on."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from journal.engine_place import EnginePlace, engine_place, set_engine_place
from journal.lab_paths import LabPaths
from server.engines.deployer import Deployer
from server.engines.placement import gpus_of_driver, must_move, place_engine
from server.lab.journal_thread import JournalThread
from server.settings import Settings
from tests.support.server_lab import FAKE_ENGINE, PATIENCE_SECONDS, Lab
from trainer.job.gpus import Gpu, GpuDriverError

ANY, CPU = EnginePlace(), EnginePlace(gpus=())


def gpu(index: int, free_mib: int) -> Gpu:
    return Gpu(index, "NVIDIA H200", 143_771, uuid=f"GPU-{index}", free_mib=free_mib)


def test_an_engine_sees_the_allowed_gpu_with_the_most_free_memory_and_no_other() -> None:
    gpus = (gpu(0, 100), gpu(1, 300), gpu(2, 200))
    assert place_engine(ANY, gpus).environment == {"CUDA_VISIBLE_DEVICES": "GPU-1"}
    assert place_engine(EnginePlace(gpus=(0, 2)), gpus).gpu == gpus[2]
    on_cpu = place_engine(CPU, gpus)
    assert on_cpu.gpu is None and on_cpu.environment["CUDA_VISIBLE_DEVICES"] == ""
    assert place_engine(EnginePlace(gpus=(7,)), gpus).gpu is None


def test_without_a_uuid_the_index_names_it() -> None:
    gpus = (replace(gpu(3, 1), uuid=None),)
    assert place_engine(ANY, gpus).environment == {"CUDA_VISIBLE_DEVICES": "3"}


@pytest.mark.parametrize("place", [ANY, CPU])
def test_what_the_driver_does_not_list_is_left_to_the_engine(place: EnginePlace) -> None:
    assert place_engine(place, ()).environment == {}


def test_a_driver_that_does_not_answer_lists_nothing() -> None:
    def fail() -> tuple[Gpu, ...]:
        raise GpuDriverError("version mismatch")

    assert gpus_of_driver(fail) == ()


def test_an_engine_moves_off_what_it_may_not_have_and_on_to_what_it_may() -> None:
    gpus = (gpu(0, 100), gpu(1, 300))
    assert must_move(gpus[0], CPU, gpus) and must_move(gpus[0], EnginePlace(gpus=(1,)), gpus)
    assert not must_move(gpus[0], ANY, gpus), "an engine does not move for a little more memory"
    assert must_move(None, ANY, gpus) and not must_move(None, CPU, gpus) and not must_move(None, ANY, ())


def test_the_place_is_kept_in_the_journal(tmp_path: Path) -> None:
    journal = Lab(tmp_path / "lab").journal
    assert engine_place(journal) == ANY
    set_engine_place(journal, EnginePlace(gpus=(3,)))
    assert engine_place(journal) == EnginePlace(gpus=(3,))
    set_engine_place(journal, ANY)
    assert engine_place(journal) == ANY


def devices(lab: Lab, name: str) -> list[str]:
    """What the engines of a model were allowed to see, first to last."""
    path = lab.folder / "runs" / name / "checkpoint" / "devices.txt"
    return path.read_text().split("\n")[:-1] if path.exists() else []


def with_deployer(
    lab: Lab,
    gpus: list[Gpu],
    steps: Callable[[Callable[[Callable[[], bool]], Awaitable[None]]], Awaitable[None]],
) -> None:
    """Run a deployer on a lab and a list of GPUs that may change; `steps` is given a way to wait."""

    async def until(condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < deadline, "waited in vain"
            await asyncio.sleep(0.02)

    async def run() -> None:
        journal = JournalThread(lab.folder / "journal.db")
        settings = Settings(
            LabPaths.at(lab.folder),
            engine_command=FAKE_ENGINE,
            poll_seconds=0.02,
            list_gpus=lambda: tuple(gpus),
        )
        sockets = lab.folder / "s"
        sockets.mkdir()
        task = asyncio.create_task(Deployer(settings, journal, sockets).run())
        try:
            await steps(until)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await journal.close()

    asyncio.run(run())


def test_a_deployment_beside_a_running_engine_takes_the_other_gpu(tmp_path: Path) -> None:
    lab = Lab(tmp_path / "lab")
    first, second = lab.add_model(1), lab.add_model(2)
    gpus = [gpu(0, 140_000), gpu(1, 139_000)]

    async def steps(until: Callable[[Callable[[], bool]], Awaitable[None]]) -> None:
        one = lab.deploy(first)
        await until(lambda: lab.state(one) == "live")
        gpus[0] = gpu(0, 80_000)  # the first engine has taken its part
        two = lab.deploy(second)
        await until(lambda: lab.state(two) == "live")

    with_deployer(lab, gpus, steps)
    assert devices(lab, first) == ["GPU-0"] and devices(lab, second) == ["GPU-1"]


def test_the_live_engine_leaves_gpus_that_are_measured_and_comes_back(tmp_path: Path) -> None:
    lab = Lab(tmp_path / "lab")
    model = lab.add_model(1)

    async def steps(until: Callable[[Callable[[], bool]], Awaitable[None]]) -> None:
        set_engine_place(lab.journal, CPU)
        one = lab.deploy(model)
        await until(lambda: lab.state(one) == "live")
        for count, place in enumerate((EnginePlace(gpus=(1,)), CPU, ANY), 2):
            set_engine_place(lab.journal, place)
            await until(lambda count=count: len(lab.received(model, "chat")) == count)  # type: ignore[misc]
        assert lab.state(one) == "live" and len(lab.journal.deployments()) == 1

    with_deployer(lab, [gpu(0, 140_000), gpu(1, 139_000)], steps)
    assert devices(lab, model) == ["", "GPU-1", "", "GPU-0"]


def test_an_engine_that_cannot_move_leaves_the_gpu_all_the_same(tmp_path: Path) -> None:
    lab = Lab(tmp_path / "lab")
    model = lab.add_model(1)

    async def steps(until: Callable[[Callable[[], bool]], Awaitable[None]]) -> None:
        one = lab.deploy(model)
        await until(lambda: lab.state(one) == "live")
        script = lab.folder / "runs" / model / "checkpoint" / "script.json"
        script.write_text('{"canary": "fail"}')
        set_engine_place(lab.journal, CPU)
        # The move's engine fails its canary; the one that is started for the ended one has none to pass.
        await until(lambda: len(devices(lab, model)) == 3)
        assert lab.state(one) == "live"

    with_deployer(lab, [gpu(0, 140_000)], steps)
    assert devices(lab, model) == ["GPU-0", "", ""]
