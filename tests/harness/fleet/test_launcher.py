"""The launcher: command lines, environments without secrets, resumed checkpoints; and the slots."""

import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.fleet.launcher import Launcher, clean_environment
from harness.node.slots import SlotPool, cpu_slots, gpu_slots, slot_environment
from journal.lab_paths import LabPaths
from journal.records import JobRow
from trainer.job import canonical_bytes, job_id, parse_job, spec_hash
from trainer.system.python import module_command, module_words


def row_of(attempt: int = 1, gpus: int = 1, resumed_from: str | None = None) -> JobRow:
    job = parse_job(json.dumps({"kind": "tokenizer", "limits": {"gpus": gpus}}))
    return JobRow(
        job_id=job_id(job, attempt),
        spec_hash=spec_hash(job),
        kind="tokenizer",
        purpose="manual",
        state="queued",
        spec=canonical_bytes(job).decode(),
        seed=0,
        gpus=gpus,
        source="cli",
        resumed_from=resumed_from,
        created_at=time.time(),
    )


def test_one_rank_runs_the_trainer_itself_and_more_run_under_torchrun(tmp_path: Path) -> None:
    launcher = Launcher(LabPaths.at(tmp_path))
    paths = launcher.lab.run(row_of().job_id)
    assert launcher.command(1, paths) == module_command("trainer", str(paths.job))
    several = launcher.command(4, paths)
    assert several[several.index("--nproc-per-node") + 1] == "4"
    assert several[-3:] == module_words("trainer", str(paths.job))


def test_the_run_folder_holds_the_canonical_bytes(tmp_path: Path) -> None:
    launcher, row = Launcher(LabPaths.at(tmp_path)), row_of()
    launcher.fill(row, launcher.lab.run(row.job_id))
    assert launcher.lab.run(row.job_id).job.read_bytes() == row.spec.encode()


def test_a_resume_hard_links_the_earlier_checkpoint(tmp_path: Path) -> None:
    launcher = Launcher(LabPaths.at(tmp_path))
    first = row_of(1)
    old = launcher.lab.run(first.job_id).checkpoint
    (old / "part").mkdir(parents=True)
    (old / "model.safetensors").write_text("weights")
    (old / "part" / "optimizer").write_text("state")
    second = row_of(2, resumed_from=first.job_id)
    paths = launcher.lab.run(second.job_id)
    launcher.fill(second, paths)
    assert (paths.checkpoint / "model.safetensors").samefile(old / "model.safetensors")
    assert (paths.checkpoint / "part" / "optimizer").read_text() == "state"
    assert (paths.folder / "resumed_from").read_text() == first.job_id


@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "HF_TOKEN", "db_password", "MY_SECRET"])
def test_secrets_do_not_reach_jobs(tmp_path: Path, name: str) -> None:
    os.environ[name] = "hidden"
    try:
        environment = Launcher(LabPaths.at(tmp_path)).environment(
            row_of(), LabPaths.at(tmp_path).run("x"), cpu_slots((0,), 1)
        )
        assert "hidden" not in environment.values()
        assert clean_environment()["PATH"] == os.environ["PATH"]
    finally:
        del os.environ[name]


def test_a_gpu_slot_shows_one_gpu_and_a_core_slot_none() -> None:
    slots = gpu_slots((3, 5))
    assert slot_environment(slots[1:]) == {"CUDA_VISIBLE_DEVICES": "5"}
    assert slot_environment(slots) == {"CUDA_VISIBLE_DEVICES": "3,5"}
    cores = cpu_slots((0, 1, 2, 3, 4), 2)
    assert [slot.cores for slot in cores] == [(0, 1), (2, 3)]
    assert slot_environment(cores) == {"CUDA_VISIBLE_DEVICES": "", "OMP_NUM_THREADS": "2"}


@given(st.integers(1, 8), st.lists(st.tuples(st.integers(0, 5), st.integers(1, 4)), max_size=40))
def test_no_slot_is_ever_held_twice(count: int, steps: list[tuple[int, int]]) -> None:
    pool = SlotPool(cpu_slots(tuple(range(count)), count))
    held: dict[str, set[int]] = {}
    for holder, wanted in steps:
        name = str(holder)
        if name in held:
            pool.release(name)
            del held[name]
        elif pool.can_take(wanted):
            held[name] = {slot.index for slot in pool.take(name, wanted)}
            assert len(held[name]) == wanted
        else:
            with pytest.raises(ValueError):
                pool.take(name, wanted)
        everyone = [index for indices in held.values() for index in indices]
        assert len(everyone) == len(set(everyone)) == count - pool.free
