"""What this machine has: GPUs if the driver lists any (torch is not imported here), else cores."""

import json
import subprocess
from dataclasses import dataclass

from harness.errors import UserError
from harness.node.affinity import cores_by_gpu
from harness.node.gpus import listed_gpus
from harness.node.slots import Slot, cpu_slots, gpu_slots
from trainer.job.gpus import Gpu
from trainer.job.host import cpu_name, usable_cores
from trainer.system.python import code_command

MAX_CPU_SLOTS = 8


@dataclass(frozen=True)
class Machine:
    """GPUs if there are any, and the cores this process may use."""

    gpus: tuple[Gpu, ...]
    cores: tuple[int, ...]
    simulated: bool = False

    @property
    def kind(self) -> str:
        return "gpu" if self.gpus else "cpu"

    @property
    def name(self) -> str:
        """What the plan and the price book call it: `8x NVIDIA H100 80GB HBM3`, `2 CPU cores`."""
        name = f"{len(self.gpus)}x {self.gpus[0].name}" if self.gpus else f"{len(self.cores)} CPU cores"
        return f"simulated {name}" if self.simulated else name

    def device_name(self, ranks: int) -> str:
        """The device as results name it: the GPU's model, or the CPU's with a rank's threads."""
        if self.gpus:
            return self.gpus[0].name
        slots = self.slots()
        cpu = "CPU" if self.simulated else cpu_name()
        return f"{cpu} x{max(1, sum(len(slot.cores) for slot in slots[:ranks]) // ranks)}"

    def slots(self, count: int | None = None) -> tuple[Slot, ...]:
        """The machine as job slots.

        Raises:
            UserError: more slots wanted than there are.
        """
        most = len(self.gpus) or len(self.cores)
        if count is not None and not 1 <= count <= most:
            raise UserError(f"--slots: {count}; allowed: 1 to {most} on this machine ({self.name})")
        if self.gpus:
            used = self.gpus[: count or most]
            near = cores_by_gpu(tuple(gpu.pci_address for gpu in used), self.cores)
            return gpu_slots(tuple(gpu.index for gpu in used), near)
        return cpu_slots(self.cores, count or min(most, MAX_CPU_SLOTS))


def detect() -> Machine:
    """Look at the machine once.

    Raises:
        UserError: NVIDIA's driver does not answer.
    """
    return Machine(listed_gpus(), usable_cores())


def torch_sees(timeout_seconds: float = 120.0) -> dict[str, str]:
    """What torch says of itself in a process of its own: version, device count, or the error."""
    code = (
        "import json, torch\n"
        "print(json.dumps({'version': torch.__version__, 'gpus': str(torch.cuda.device_count()),"
        " 'cuda': str(torch.version.cuda)}))"
    )
    try:
        done = subprocess.run(
            code_command(code), capture_output=True, text=True, timeout=timeout_seconds, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return {"error": str(error)}
    if done.returncode != 0:
        return {"error": (done.stderr.strip().splitlines() or ["torch cannot be imported"])[-1]}
    return {str(k): str(v) for k, v in json.loads(done.stdout.strip().splitlines()[-1]).items()}


def check_usable(machine: Machine) -> None:
    """Refuse GPUs that torch cannot use: training on the CPU of a rented GPU node wastes it.

    Raises:
        UserError: saying why.
    """
    if machine.simulated or not machine.gpus:
        return
    seen = torch_sees()
    if "error" in seen:
        raise UserError(f"torch does not work here: {seen['error']} (see: harness doctor)")
    if int(seen["gpus"]) < len(machine.gpus):
        raise UserError(
            f"nvidia-smi lists {machine.name}, but torch {seen['version']} (CUDA {seen['cuda']}) can use "
            f"{seen['gpus']}: install a torch build for this driver, or hide them with CUDA_VISIBLE_DEVICES="
        )
