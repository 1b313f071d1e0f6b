"""The machine's GPUs: as the driver lists them, and refused where torch cannot use them."""

from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pynvml
import pytest
from rich.console import Console

from harness.errors import UserError
from harness.node.gpus import listed_gpus
from harness.node.machine import Machine
from harness.reports.live import Output
from harness.start.options import StartOptions
from harness.start.start import Start
from journal.lab_paths import LabPaths
from trainer.job.gpus import Gpu

H100 = "NVIDIA H100 80GB HBM3"


@dataclass
class FakeNvml:
    """The driver's library with `count` GPUs; `fault` is raised by the function it is filed under."""

    NVMLError = pynvml.NVMLError
    NVMLError_LibraryNotFound = pynvml.NVMLError_LibraryNotFound
    NVMLError_DriverNotLoaded = pynvml.NVMLError_DriverNotLoaded

    count: int = 0
    fault: dict[str, int] = field(default_factory=dict)
    is_open: bool = False

    def _maybe_fail(self, name: str) -> None:
        if name in self.fault:
            raise pynvml.NVMLError(self.fault[name])

    def nvmlInit(self) -> None:
        self._maybe_fail("nvmlInit")
        self.is_open = True

    def nvmlShutdown(self) -> None:
        self.is_open = False

    def nvmlDeviceGetCount(self) -> int:
        return self.count

    def nvmlDeviceGetHandleByIndex(self, index: int) -> int:
        if index == 1:
            self._maybe_fail("nvmlDeviceGetHandleByIndex")
        return index

    def nvmlDeviceGetName(self, device: int) -> str:
        return H100

    def nvmlDeviceGetMemoryInfo(self, device: int) -> SimpleNamespace:
        return SimpleNamespace(total=81_559 << 20, free=70_000 << 20)

    def nvmlDeviceGetUUID(self, device: int) -> str:
        return f"GPU-a{device}b{device}"

    def nvmlDeviceGetPciInfo(self, device: int) -> SimpleNamespace:
        return SimpleNamespace(busId=f"00000000:{device:02X}:00.0")


def test_the_driver_names_its_gpus_and_is_let_go_of() -> None:
    driver = FakeNvml(count=2)
    assert listed_gpus(driver, {}) == (
        Gpu(0, H100, 81_559, "00000000:00:00.0", "GPU-a0b0", 70_000),
        Gpu(1, H100, 81_559, "00000000:01:00.0", "GPU-a1b1", 70_000),
    )
    assert not driver.is_open


def test_every_function_that_the_fake_stands_for_is_the_packages() -> None:
    for name in vars(FakeNvml):
        assert not name.startswith(("nvml", "NVML")) or hasattr(pynvml, name), name
    assert isinstance(pynvml.nvmlPciInfo_t().busId, str)


@pytest.mark.parametrize(
    ("visible", "indices"),
    [
        ("1", [1]),
        ("0, 2", [0, 2]),
        ("2,0", [2, 0]),
        ("", []),
        ("-1", []),
        ("2,-1,0", [2]),
        ("GPU-a1b1", [1]),
        ("GPU-a2,0", [2, 0]),
        ("GPU-a", []),
        ("MIG-a1b1", []),
    ],
)
def test_hidden_gpus_are_not_listed(visible: str, indices: list[int]) -> None:
    found = listed_gpus(FakeNvml(count=3), {"CUDA_VISIBLE_DEVICES": visible})
    assert [gpu.index for gpu in found] == indices


@pytest.mark.parametrize("code", [pynvml.NVML_ERROR_LIBRARY_NOT_FOUND, pynvml.NVML_ERROR_DRIVER_NOT_LOADED])
def test_without_a_driver_there_is_no_gpu(code: int) -> None:
    assert listed_gpus(FakeNvml(1, {"nvmlInit": code}), {}) == ()


@pytest.mark.parametrize(
    ("function", "code", "words"),
    [
        ("nvmlInit", pynvml.NVML_ERROR_LIB_RM_VERSION_MISMATCH, "version mismatch"),
        ("nvmlDeviceGetHandleByIndex", pynvml.NVML_ERROR_GPU_IS_LOST, "GPU is lost"),
    ],
)
def test_a_driver_that_does_not_answer_is_no_machine_without_gpus(
    function: str, code: int, words: str
) -> None:
    driver = FakeNvml(2, {function: code})
    with pytest.raises(UserError, match=words):
        listed_gpus(driver, {})
    assert not driver.is_open
    assert listed_gpus(driver, {"CUDA_VISIBLE_DEVICES": ""}) == ()


def test_a_start_on_gpus_that_torch_cannot_use_is_refused(tmp_path: Path) -> None:
    machine = Machine(tuple(Gpu(index, H100, 81_559) for index in range(64)), (0,))
    options = StartOptions(100_000_000, price_micro_usd_per_hour=24_000_000)
    console = Console(file=StringIO())
    for data in ("default", "starter"):  # before anything is fetched, too
        start = Start(LabPaths.at(tmp_path / "lab"), replace(options, data=data), machine, Output(console))
        with pytest.raises(UserError, match=r"nvidia-smi lists 64x .* but torch"):
            start.run()
    assert isinstance(console.file, StringIO) and console.file.getvalue() == ""
    assert not (tmp_path / "lab").exists()
