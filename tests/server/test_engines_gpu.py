"""Engines on real GPUs: on the one there is, and on the second beside a running one."""

import sys
from pathlib import Path

import pytest

from server.engines.placement import gpus_of_driver
from tests.support.server_lab import Lab, eventually, serving
from trainer.engine.tiny import write_tiny_checkpoint
from trainer.job import RunPaths

COUNT = len(gpus_of_driver())


def test_the_server_puts_an_engine_on_a_gpu(tmp_path: Path) -> None:
    if COUNT < 1:
        pytest.skip("needs a GPU")
    assert deployed_one_after_another(tmp_path, ["0123456789-1"]) == ["cuda:0"]


def test_a_second_engine_is_well_on_the_second_gpu(tmp_path: Path) -> None:
    if COUNT < 2:
        pytest.skip("needs two GPUs")
    names = [f"0123456789-{number}" for number in range(1, 5)]
    assert deployed_one_after_another(tmp_path, names) == ["cuda:0"] * 4


def test_the_engine_itself_computes_on_the_device_it_is_told(tmp_path: Path) -> None:
    if COUNT < 2:
        pytest.skip("needs two GPUs")
    assert deployed_one_after_another(tmp_path, ["0123456789-1"], device="cuda:1") == ["cuda:1"]


def deployed_one_after_another(folder: Path, names: list[str], device: str | None = None) -> list[str]:
    """The device that each says, once it is live; every one replaces the one before."""
    lab, said = Lab(folder / "lab"), []
    for name in names:
        (lab.folder / "runs" / name).mkdir()
        write_tiny_checkpoint(RunPaths(lab.folder / "runs" / name))
    with serving(lab, *extra(folder, device), real_engine=True) as server:
        for name in names:
            row = lab.deploy(name)
            eventually(lambda row=row: lab.state(row) in ("live", "failed"), "a decision")  # type: ignore[misc]
            assert lab.state(row) == "live", lab.journal.deployment(row).reason
            server.wait_live(name)
            assert server.say("one two", max_tokens=4).status_code == 200
            said.append(str(server.http.get("/v1/models").json()["data"][0]["device"]))
    return said


def extra(folder: Path, device: str | None) -> list[str]:
    """An engine that sees every GPU and is told one of them."""
    if device is None:
        return []
    script = folder / "engine.sh"
    run = f'exec {sys.executable} -m trainer engine "$@" --device {device}'
    script.write_text(f"#!/bin/sh\nunset CUDA_VISIBLE_DEVICES\n{run}\n")
    script.chmod(0o755)
    return ["--engine-command", str(script)]
