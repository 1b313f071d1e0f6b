"""How long a simulated job runs, and whether it comes to an end; calibrated on docs/guides/simulation.md."""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass

from harness.node.machine import Machine
from harness.plan.shapes import likely_batch_tokens
from harness.simulation.surface import parameters_of
from trainer.job import EvalJob, Job, PretrainJob, TokenizerJob, width_of

_BF16_FLOPS = {"H200": 989e12, "H100 80GB": 960e12, "H100 PCIe": 640e12, "A100": 290e12, "B200": 2200e12}
_MFU_AT_BEST, _MFU_HALF_DEPTH = 0.62, 3.7  # 42% at depth 8, 47% at 12, 54% at 24
RANK_EFFICIENCY = 0.95
CPU_TOKENS_PER_SECOND = 4_500.0  # of the small model of a CPU lab, a slot


@dataclass(frozen=True)
class JobTimes:
    """Seconds of one-rank jobs beside training and CORE, uniformly drawn; GPU's are guesses until measured.

    `compile_seconds` by kind where the caches do not know the job's shape, `first_seconds` where no
    resident worker has the imports: the first job of a slot, one after a failure, and each job of ranks.
    """

    warm_seconds: Mapping[str, tuple[float, float]]
    compile_seconds: Mapping[str, float]
    first_seconds: float


_JOB_TIMES = {
    "gpu": JobTimes(
        warm_seconds={
            "pretrain": (5.0, 9.0),
            "sft": (9.0, 12.0),
            "eval": (8.0, 9.0),
            "tokenizer": (3.0, 4.0),
        },
        compile_seconds={"pretrain": 35.0, "sft": 25.0},
        first_seconds=10.0,
    ),
    "cpu": JobTimes(
        warm_seconds=dict.fromkeys(("pretrain", "sft", "eval", "tokenizer"), (6.0, 14.0)),
        compile_seconds={},
        first_seconds=0.0,
    ),
}
_DEPLOY_SECONDS = {"gpu": 20.0, "cpu": 8.0}
# Of a GPU node: 8 s for one shard on an H200's host, of which the default set reads 1.6.
_TOKENIZER_SECONDS = {"gpu": 12.0, "cpu": 8.0}
# A GPU is half as fast with so small a batch; a guess: with 8,192 tokens a step 1.2M tokens/s at depth 8.
_HALF_BATCH_TOKENS = 2_000.0
_CORE_ITEMS_PER_SECOND = 60.0
# One H200: 9,345 items in 109 s at depth 12, and at depth 8 a whole evaluation in 32 s.
_GPU_CORE_ITEMS_PER_SECOND, _GPU_CORE_DEPTH, _GPU_CORE_POWER = 86.0, 12, 4
_CORE_TASKS = 22
_CORE_ITEMS_OF_A_TASK = 1000
_VALIDATION_SPEEDUP = 3.0  # forward only
JITTER = 0.02
# Of a hundred jobs one is lost, one crashes; of a thousand three hang.
LOST, CRASHED, HUNG = 0.01, 0.01, 0.003
_MEMORY_AT_REST_GIB, _MEMORY_PER_LAYER_WIDTH_GIB = 4.3, 2.66e-3
_MEASURED_FORWARD_TOKENS = 65_536


@dataclass(frozen=True)
class Node:
    """A machine as far as speed goes. `vocab_size` is that of its labs."""

    machine: Machine
    vocab_size: int
    final_core_items: int = 500

    def tokens_per_second(self, job: PretrainJob, ranks: int) -> float:
        """Tokens a second of a job on so many slots together."""
        together = ranks * (RANK_EFFICIENCY if ranks > 1 else 1.0)
        if not self.machine.gpus:
            return CPU_TOKENS_PER_SECOND * together
        depth = job.model.depth
        mfu = _MFU_AT_BEST * depth / (depth + _MFU_HALF_DEPTH)
        batch = job.total_batch_size or likely_batch_tokens(job.train_tokens or math.inf)
        mfu *= batch / (batch + ranks * _HALF_BATCH_TOKENS)
        return together * self._peak_flops() * mfu / self.flops_per_token(job)

    def flops_per_token(self, job: PretrainJob) -> float:
        """6 a weight, and attention over the mean window."""
        model = job.model
        length = model.sequence_len or 2048
        width = width_of(model)
        short = model.window_pattern.count("S") / len(model.window_pattern)
        window = length * (1.0 - short * (1.0 - model.window_fraction))
        return 6.0 * self.parameters(job) + 12.0 * model.depth * width * window

    def parameters(self, job: PretrainJob) -> float:
        """Transformer matrices and head."""
        return parameters_of(job, self.vocab_size)

    def is_out_of_memory(self, job: PretrainJob) -> bool:
        """Whether the batch asked for does not fit; one that is left open does."""
        if not self.machine.gpus or job.device_batch_size is None:
            return False
        forward = job.device_batch_size * (job.model.sequence_len or 2048) / _MEASURED_FORWARD_TOKENS
        width = width_of(job.model)
        needed = _MEMORY_AT_REST_GIB + forward * _MEMORY_PER_LAYER_WIDTH_GIB * width * job.model.depth
        return needed > self.machine.gpus[0].memory_mib / 1024

    def startup_seconds(self, job: Job, is_cold: bool, is_first: bool, chance: random.Random) -> float:
        """Imports, data, and compilation where the caches do not know the job's shape."""
        times = _JOB_TIMES[self.machine.kind]
        seconds = chance.uniform(*times.warm_seconds[job.kind])
        seconds += times.compile_seconds.get(job.kind, 0.0) if is_cold else 0.0
        return seconds + (times.first_seconds if is_first else 0.0)

    @property
    def deploy_seconds(self) -> float:
        """From the request to the first answer."""
        return _DEPLOY_SECONDS[self.machine.kind]

    def tokenizer_seconds(self) -> float:
        return _TOKENIZER_SECONDS[self.machine.kind]

    def evaluation_seconds(self, job: Job, depth: int, tokens_per_second: float) -> float:
        """Validation, and CORE where the job asks for it."""
        if isinstance(job, TokenizerJob):
            return 0.0
        items = 0 if not job.core.enabled else job.core.max_per_task or self.final_core_items
        validation = job.val_tokens / (_VALIDATION_SPEEDUP * tokens_per_second)
        speed = _CORE_ITEMS_PER_SECOND * (4.0 if isinstance(job, EvalJob) else 1.0)
        if self.machine.gpus:
            speed = _GPU_CORE_ITEMS_PER_SECOND * (_GPU_CORE_DEPTH / depth) ** _GPU_CORE_POWER
        return validation + min(items, _CORE_ITEMS_OF_A_TASK) * _CORE_TASKS / speed

    def _peak_flops(self) -> float:
        name = self.machine.gpus[0].name
        return next(flops for kind, flops in _BF16_FLOPS.items() if kind in name)


def mishap(chance: random.Random, factor: float) -> str | None:
    """What goes wrong with a job, if anything does."""
    drawn = chance.random() / max(factor, 1e-9)
    for name, share in (("lost", LOST), ("crashed", CRASHED), ("hung", HUNG)):
        if drawn < share:
            return name
        drawn -= share
    return None
