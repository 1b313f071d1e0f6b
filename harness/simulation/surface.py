"""What a simulated job measures: bits per byte as a function of the spec's bytes, and nothing else.

The loss law was fitted to nanochat's published and measured runs (docs/guides/simulation.md): six points
within 0.003. Around each default the loss grows with the squared distance; a rate far off diverges.
"""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass

from agent.proposals.space import ADAMW_RATE_FACTOR, job_settings, searched_numbers
from harness.simulation.settings import SimulationSettings
from trainer.job import PretrainJob, matrix_parameters

_FLOOR, _BY_PARAMETERS, _BY_TOKENS = 0.6173, (69.47, 0.3549), (427.5, 0.3681)
# The law knows no lab of minutes on a CPU: above this it grows more slowly.
_MEASURED_BPB = 1.6
_BEYOND_MEASURED = 0.3
SEED_SD = 0.0005  # at five minutes of depth 12 on a node
_SEED_SD_TOKENS = 5e8
_MOST_SEED_SD = 0.004
# Of 320 runs tuned at depth 12 one setting survived at depth 20, with a third of its gain.
_SURVIVES = 1 / 3
_FULL_EFFECT_DEPTH = (8, 12)  # a gain is whole up to the first depth, and at its end from the second on
_BATCH_REFERENCE = (524_288, 1.2e9, 0.383)


@dataclass(frozen=True)
class QuadraticLoss:
    """bpb lost per squared distance from the best value; a log distance unless `linear`."""

    path: str
    best: float
    steepness: float
    linear: bool = False
    diverges_above: float = math.inf

    @property
    def name(self) -> str:
        """The setting without its section."""
        return self.path.rpartition(".")[2]

    def distance(self, value: float) -> float:
        return value - self.best if self.linear else math.log(value / self.best)


QUADRATIC_LOSSES = (
    QuadraticLoss("optim.matrix_lr", 0.032, 0.012, diverges_above=6.0),
    QuadraticLoss("optim.embedding_lr", 0.45, 0.006, diverges_above=12.0),
    QuadraticLoss("optim.unembedding_lr", 0.0065, 0.003, diverges_above=20.0),
    QuadraticLoss("optim.scalar_lr", 0.5, 0.001, diverges_above=40.0),
    QuadraticLoss("optim.weight_decay", 0.2, 0.03, linear=True),
    QuadraticLoss("optim.muon_momentum", 0.95, 1.5, linear=True),
    QuadraticLoss("optim.adam_beta1", 0.8, 0.02, linear=True),
    QuadraticLoss("optim.adam_beta2", 0.96, 0.03, linear=True),
    QuadraticLoss("schedule.warmdown_fraction", 0.6, 0.03, linear=True),
    QuadraticLoss("model.logit_softcap", 15.0, 0.002),
    QuadraticLoss("model.rope_base", 120_000.0, 0.0003),
    QuadraticLoss("model.qk_scale", 1.15, 0.006),
)


def scaling_law(parameters: float, tokens: float) -> float:
    """Bits per byte at the default settings."""
    (size, by_size), (horizon, by_tokens) = _BY_PARAMETERS, _BY_TOKENS
    bpb = _FLOOR + size / math.pow(parameters, by_size) + horizon / math.pow(tokens, by_tokens)
    return min(bpb, _MEASURED_BPB + _BEYOND_MEASURED * max(0.0, bpb - _MEASURED_BPB))


def parameters_of(job: PretrainJob, vocab_size: int) -> float:
    """Transformer matrices and head."""
    return float(matrix_parameters(job.model.depth, vocab_size, job.model.width))


def val_bpb(
    job: PretrainJob, tokens: float, vocab_size: int, digest: str, settings: SimulationSettings
) -> float | None:
    """What the job would report; None when it diverges. The same spec gives the same value."""
    if diverges(job):
        return None
    best = scaling_law(parameters_of(job, vocab_size), tokens)
    lost = _losses_of(job, settings.seed) + _structure(job, tokens)
    return best + settings.effects * best * lost + _noise(job.seed, tokens, digest, settings)


def _noise(seed: int, tokens: float, digest: str, settings: SimulationSettings) -> float:
    """A part that every arm has with this seed, and a part of the job's own."""
    sd = seed_sd(tokens) * settings.noise
    own = random.Random(f"{settings.seed}:{digest}").gauss(0.0, sd)
    common = random.Random(f"common:{settings.seed}:{seed}").gauss(0.0, sd)
    return math.sqrt(1.0 - settings.shared_noise) * own + math.sqrt(settings.shared_noise) * common


def seed_sd(tokens: float) -> float:
    """Spread between seeds; larger at short horizons."""
    return min(_MOST_SEED_SD, SEED_SD * math.sqrt(max(1.0, _SEED_SD_TOKENS / tokens)))


def gained_bpb(job: PretrainJob, tokens: float, vocab_size: int, settings: SimulationSettings) -> float:
    """What a job's settings gain over the defaults, in bits per byte; 0.0 where they lose."""
    best = scaling_law(parameters_of(job, vocab_size), tokens)
    return max(0.0, -settings.effects * best * _losses_of(job, settings.seed))


def settings_of(job: PretrainJob) -> Mapping[str, float]:
    """The searched numbers by path; AdamW's matrix rate as Muon's."""
    found = searched_numbers(job_settings(job))
    if job.optim.matrix_optimizer == "adamw":
        found["optim.matrix_lr"] /= ADAMW_RATE_FACTOR
    return found


def diverges(job: PretrainJob) -> bool:
    """Whether a rate is too high to train with."""
    settings = settings_of(job)
    return any(settings[q.path] > q.best * q.diverges_above for q in QUADRATIC_LOSSES if q.path in settings)


def best_batch_tokens(tokens: float) -> float:
    """Tokens a step, by the published rule."""
    batch, reference, power = _BATCH_REFERENCE
    return batch * math.pow(tokens / reference, power)


def _losses_of(job: PretrainJob, seed: int) -> float:
    plain = PretrainJob(kind="pretrain", tokenizer=job.tokenizer)
    return _losses(settings_of(job), settings_of(plain), job.model.depth, seed)


def _losses(settings: Mapping[str, float], plain: Mapping[str, float], depth: int, seed: int) -> float:
    """bpb lost by settings against the defaults; a gain is negative, and may reverse at scale."""
    return sum(
        _at_scale(_lost(loss, settings) - _lost(loss, plain), loss.name, depth, seed)
        for loss in QUADRATIC_LOSSES
    )


def _lost(loss: QuadraticLoss, settings: Mapping[str, float]) -> float:
    value = settings.get(loss.path)
    return 0.0 if value is None else loss.steepness * loss.distance(value) ** 2


def _at_scale(lost: float, name: str, depth: int, seed: int) -> float:
    """Half of the settings keep a third of their gain, half lose as much as that; harm fades."""
    if lost >= 0.0:
        return lost * min(1.0, (_FULL_EFFECT_DEPTH[1] / depth) ** 2)
    survives = random.Random(f"fate:{seed}:{name}").random() < 0.5
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
