"""What a simulated job measures: bits per byte as a function of the spec's bytes, and nothing else.

The loss law was fitted to nanochat's published and measured runs (docs/guides/simulation.md): six points
within 0.003. Around each default lies a bowl; a rate far off diverges.
"""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass

from trainer.job import PretrainJob, matrix_parameters

_FLOOR, _BY_PARAMETERS, _BY_TOKENS = 0.6173, (69.47, 0.3549), (427.5, 0.3681)
# The law knows no lab of minutes on a CPU: above this it grows more slowly.
_MEASURED_BPB = 1.6
_BEYOND_MEASURED = 0.3
SEED_SD = 0.0005  # at five minutes of depth 12 on a node
_SEED_SD_TOKENS = 5e8
_MOST_SEED_SD = 0.004
_ADAMW_FACTOR = 0.15
# Of 320 runs tuned at depth 12 one setting survived at depth 20, with a third of its gain.
_SURVIVES = 1 / 3
_FULL_EFFECT_DEPTH = (8, 12)  # a gain is whole up to the first depth, and at its end from the second on
_BATCH_REFERENCE = (524_288, 1.2e9, 0.383)


@dataclass(frozen=True)
class Bowl:
    """bpb lost per squared distance from the best value; a log distance unless `linear`."""

    path: str
    best: float
    steepness: float
    linear: bool = False
    diverges_above: float = math.inf

    def distance(self, value: float) -> float:
        return value - self.best if self.linear else math.log(value / self.best)


BOWLS = (
    Bowl("matrix_lr", 0.032, 0.012, diverges_above=6.0),
    Bowl("embedding_lr", 0.45, 0.006, diverges_above=12.0),
    Bowl("unembedding_lr", 0.0065, 0.003, diverges_above=20.0),
    Bowl("scalar_lr", 0.5, 0.001, diverges_above=40.0),
    Bowl("weight_decay", 0.2, 0.03, linear=True),
    Bowl("muon_momentum", 0.95, 1.5, linear=True),
    Bowl("adam_beta1", 0.8, 0.02, linear=True),
    Bowl("adam_beta2", 0.96, 0.03, linear=True),
    Bowl("warmdown_fraction", 0.6, 0.03, linear=True),
    Bowl("logit_softcap", 15.0, 0.002),
    Bowl("rope_base", 120_000.0, 0.0003),
    Bowl("qk_scale", 1.15, 0.006),
)


@dataclass(frozen=True)
class World:
    """The multipliers of HARNESS_SIMULATION that the numbers depend on."""

    seed: int = 0
    noise: float = 1.0
    effects: float = 1.0
    core_cost: float = 0.0
    shared_noise: float = 0.0


def law(parameters: float, tokens: float) -> float:
    """Bits per byte at the default settings."""
    (size, by_size), (horizon, by_tokens) = _BY_PARAMETERS, _BY_TOKENS
    bpb = _FLOOR + size / math.pow(parameters, by_size) + horizon / math.pow(tokens, by_tokens)
    return min(bpb, _MEASURED_BPB + _BEYOND_MEASURED * max(0.0, bpb - _MEASURED_BPB))


def parameters_of(job: PretrainJob, vocab_size: int) -> float:
    """Transformer matrices and head."""
    return float(matrix_parameters(job.model.depth, vocab_size, job.model.width))


def val_bpb(job: PretrainJob, tokens: float, vocab_size: int, digest: str, world: World) -> float | None:
    """What the job would report; None when it diverges. The same spec gives the same value."""
    if diverges(job):
        return None
    best = law(parameters_of(job, vocab_size), tokens)
    lost = _bowls_of(job, world.seed) + _structure(job, tokens)
    return best + world.effects * best * lost + _noise(job.seed, tokens, digest, world)


def _noise(seed: int, tokens: float, digest: str, world: World) -> float:
    """A part that every arm has with this seed, and a part of the job's own."""
    sd = seed_sd(tokens) * world.noise
    own = random.Random(f"{world.seed}:{digest}").gauss(0.0, sd)
    common = random.Random(f"common:{world.seed}:{seed}").gauss(0.0, sd)
    return math.sqrt(1.0 - world.shared_noise) * own + math.sqrt(world.shared_noise) * common


def seed_sd(tokens: float) -> float:
    """Spread between seeds; larger at short horizons."""
    return min(_MOST_SEED_SD, SEED_SD * math.sqrt(max(1.0, _SEED_SD_TOKENS / tokens)))


def gained_bpb(job: PretrainJob, tokens: float, vocab_size: int, world: World) -> float:
    """What a job's settings gain over the defaults, in bits per byte; 0.0 where they lose."""
    best = law(parameters_of(job, vocab_size), tokens)
    return max(0.0, -world.effects * best * _bowls_of(job, world.seed))


def settings_of(job: PretrainJob) -> Mapping[str, float]:
    """The numbers that have a bowl, by name; AdamW's matrix rate as Muon's."""
    found: dict[str, float] = {
        **{k: v for k, v in job.optim.model_dump().items() if isinstance(v, float)},
        "warmdown_fraction": job.schedule.warmdown_fraction,
        "rope_base": job.model.rope_base,
        "qk_scale": job.model.qk_scale,
    }
    if job.model.logit_softcap is not None:
        found["logit_softcap"] = job.model.logit_softcap
    if job.optim.matrix_optimizer == "adamw":
        found["matrix_lr"] /= _ADAMW_FACTOR
        del found["muon_momentum"]
    return found


def diverges(job: PretrainJob) -> bool:
    """Whether a rate is too high to train with."""
    settings = settings_of(job)
    return any(settings[b.path] > b.best * b.diverges_above for b in BOWLS if b.path in settings)


def best_batch_tokens(tokens: float) -> float:
    """Tokens a step, by the published rule."""
    batch, reference, power = _BATCH_REFERENCE
    return batch * math.pow(tokens / reference, power)


def _bowls_of(job: PretrainJob, seed: int) -> float:
    plain = PretrainJob(kind="pretrain", tokenizer=job.tokenizer)
    return _bowls(settings_of(job), settings_of(plain), job.model.depth, seed)


def _bowls(settings: Mapping[str, float], plain: Mapping[str, float], depth: int, seed: int) -> float:
    """bpb lost by settings against the defaults; negative is a gain, and has a fate at scale."""
    return sum(
        _at_scale(_lost(bowl, settings) - _lost(bowl, plain), bowl.path, depth, seed) for bowl in BOWLS
    )


def _lost(bowl: Bowl, settings: Mapping[str, float]) -> float:
    value = settings.get(bowl.path)
    return 0.0 if value is None else bowl.steepness * bowl.distance(value) ** 2


def _at_scale(lost: float, path: str, depth: int, seed: int) -> float:
    """Half of the settings keep a third of their gain, half lose as much as that; harm fades."""
    if lost >= 0.0:
        return lost * min(1.0, (_FULL_EFFECT_DEPTH[1] / depth) ** 2)
    survives = random.Random(f"fate:{seed}:{path}").random() < 0.5
    small, large = _FULL_EFFECT_DEPTH
    height = min(1.0, max(0.0, math.log(depth / small) / math.log(large / small)))
    end = _SURVIVES if survives else -_SURVIVES
    return lost * (1.0 + (end - 1.0) * height)


def _structure(job: PretrainJob, tokens: float) -> float:
    model = job.model
    lost = 0.010 * (not model.value_embeddings) + 0.010 * (job.optim.matrix_optimizer == "adamw")
    short = model.window_pattern.count("S") / len(model.window_pattern)
    lost += 0.010 * (model.block == "llama") + 0.002 * (short - 0.75)
    if job.total_batch_size is not None and job.model.width is None:
        lost += 0.003 * math.log2(job.total_batch_size / best_batch_tokens(tokens)) ** 2
    return lost
