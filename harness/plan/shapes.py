"""Which jobs run the same compiled code: the shape of model and batch, and who has compiled it before."""

import hashlib
import json
import math
from collections.abc import Mapping
from functools import lru_cache

from journal.records import JobRow
from trainer.job import Job, PretrainJob, SftJob, base_of, parse_job

# Settings, or sections of them, that are part of a shape.
SHAPE_SETTINGS = ("model", "total_batch_size", "device_batch_size")
# The trainer gives a short run at least about a thousand steps, on a GPU half as many rather than a batch
# below 2^14, and passes of at most so many tokens.
_LEAST_STEPS, _LEAST_SMALL_STEPS, _SMALL_BATCH, _MOST_PASS_TOKENS = 1024, 512, 2**14, 2**18
_LEAST_BATCH_TOKENS = 2048
# Of a GPU, roughly: how large a batch a run by the clock has.
_TOKENS_PER_SECOND = 1e6


def likely_batch_tokens(train_tokens: float) -> int:
    """The batch that the trainer is likely to choose for such a horizon, as far as passes can tell."""
    most = max(train_tokens / _LEAST_STEPS, min(_SMALL_BATCH, train_tokens / _LEAST_SMALL_STEPS))
    return int(2.0 ** round(math.log2(min(_MOST_PASS_TOKENS, max(_LEAST_BATCH_TOKENS, most)))))


def tokens_of_same_batch(wanted: int, compiled: int, multiple: int) -> int:
    """The horizon nearest to `wanted` whose likely batch is that of `compiled`; a multiple of `multiple`."""
    batch = likely_batch_tokens(compiled)
    tokens = float(wanted)
    # A little inside of where the next batch begins.
    if batch < _MOST_PASS_TOKENS:
        tokens = min(tokens, 0.98 * _tokens_of(2**0.5 * batch))
    if batch > _LEAST_BATCH_TOKENS:
        tokens = max(tokens, 1.02 * _tokens_of(2**-0.5 * batch))
    return round(tokens / multiple) * multiple


def _tokens_of(batch: float) -> float:
    """The least horizon with at least such a batch, before it is rounded."""
    return batch * (_LEAST_SMALL_STEPS if batch <= _SMALL_BATCH else _LEAST_STEPS)


def compile_shape(job: Job, root: PretrainJob | None) -> str | None:
    """A name for the compiled code of a job whose base was pretrained by `root`; None: it compiles none."""
    if root is None or not isinstance(job, PretrainJob | SftJob):
        return None
    batch = job.total_batch_size or likely_batch_tokens(_likely_tokens(job))
    length = job.sequence_len if isinstance(job, SftJob) else None
    model, ranks = root.model.model_dump(mode="json"), job.limits.gpus
    parts = [job.kind, model, length, batch, job.device_batch_size, ranks]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]


def _likely_tokens(job: PretrainJob | SftJob) -> float:
    return job.train_tokens or (job.train_seconds or 0.0) * _TOKENS_PER_SECOND * job.limits.gpus


def shape_of(row: JobRow, specs: Mapping[str, str]) -> str | None:
    """The same of a recorded job; `specs` are those of the lab's jobs by id."""
    base, seen = row.spec, 0
    while (reference := _base(base)) is not None and seen < len(specs):
        if reference not in specs:
            return None
        base, seen = specs[reference], seen + 1
    return _shape(row.spec, base)


@lru_cache(maxsize=4096)
def _base(spec: str) -> str | None:
    return base_of(parse_job(spec))


@lru_cache(maxsize=4096)
def _shape(spec: str, root_spec: str) -> str | None:
    root = parse_job(root_spec)
    return compile_shape(parse_job(spec), root if isinstance(root, PretrainJob) else None)
