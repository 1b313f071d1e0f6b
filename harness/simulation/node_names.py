"""Names of nodes, such as `8xh100`, as machines."""

import re

from harness.errors import UserError
from harness.node.machine import Machine
from trainer.job.gpus import Gpu

_NAME = re.compile(r"^(?:(?P<gpus>\d{1,3})x(?P<kind>[a-z0-9-]+)|(?P<cores>\d{1,3})cpu)$")
# As the driver calls them: the price book finds its presets by these names.
_GPUS = {
    "h200": ("NVIDIA H200", 143_771),
    "h100": ("NVIDIA H100 80GB HBM3", 81_559),
    "h100-pcie": ("NVIDIA H100 PCIe", 81_559),
    "a100": ("NVIDIA A100-SXM4-80GB", 81_920),
    "b200": ("NVIDIA B200", 183_359),
}
MOST_GPUS = 64
MOST_CORES = 256


def simulated_machine(name: str) -> Machine:
    """The machine called `name`.

    Raises:
        UserError: no such machine; the line says which there are.
    """
    match = _NAME.match(name.lower())
    cores, gpus = int(match["cores"] or 0) if match else 0, int(match["gpus"] or 0) if match else 0
    if match and 1 <= cores <= MOST_CORES:
        return Machine((), tuple(range(cores)), simulated=True)
    if match and 1 <= gpus <= MOST_GPUS and match["kind"] in _GPUS:
        model, memory_mib = _GPUS[match["kind"]]
        return Machine(tuple(Gpu(i, model, memory_mib) for i in range(gpus)), (0,), simulated=True)
    raise UserError(
        f'--simulate: "{name}"; allowed: COUNTxGPU, such as 8xh100, with 1 to {MOST_GPUS} of '
        f"{', '.join(_GPUS)}; or COUNTcpu with 1 to {MOST_CORES} cores, such as 2cpu"
    )
