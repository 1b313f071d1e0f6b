"""The searched settings of a pretrain job: names a person reads, ranges, and when they apply."""

import functools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from trainer.job import Job, PretrainJob, validate_job
from trainer.job.result import Scalar

Settings = dict[str, Scalar]
# AdamW on matrices wants rates well below Muon's, whose updates are orthogonalised.
ADAMW_RATE_FACTOR = 0.15


@dataclass(frozen=True)
class Setting:
    """One searched field. `relative` ranges are factors of the baseline's value."""

    path: str
    label: str
    low: float = 0.0
    high: float = 1.0
    log: bool = False
    relative: bool = False
    choices: tuple[Scalar, ...] = ()
    optimizer: str | None = None
    gpt_only: bool = False
    integer: bool = False

    def applies_to(self, settings: Settings) -> bool:
        """Whether a job with these settings has this one: an optimizer's belong to it alone."""
        return (
            self.optimizer is None or settings.get("optim.matrix_optimizer", self.optimizer) == self.optimizer
        )


_SETTINGS = (
    Setting("optim.matrix_optimizer", "matrix optimizer", choices=("muon", "adamw")),
    Setting("optim.matrix_lr", "matrix learning rate", 0.25, 4.0, log=True, relative=True, optimizer="muon"),
    Setting("optim.matrix_lr", "matrix learning rate", 0.25, 4.0, log=True, relative=True, optimizer="adamw"),
    Setting("optim.muon_momentum", "Muon momentum", 0.85, 0.98, optimizer="muon"),
    Setting("optim.embedding_lr", "embedding learning rate", 0.25, 4.0, log=True, relative=True),
    Setting("optim.unembedding_lr", "unembedding learning rate", 0.25, 4.0, log=True, relative=True),
    Setting("optim.scalar_lr", "scalar learning rate", 0.25, 4.0, log=True, relative=True),
    Setting("optim.weight_decay", "weight decay", 0.0, 0.8),
    Setting("optim.adam_beta1", "Adam beta1", 0.6, 0.95),
    Setting("optim.adam_beta2", "Adam beta2", 0.9, 0.999),
    Setting("schedule.warmdown_fraction", "warm-down fraction", 0.2, 0.95),
    Setting("model.logit_softcap", "logit softcap", 5.0, 60.0, log=True, gpt_only=True),
    Setting("model.rope_base", "RoPE base", 1e3, 1e6, log=True),
    Setting("model.qk_scale", "QK scale", 0.6, 2.4, log=True, gpt_only=True),
    Setting("model.window_pattern", "window pattern", choices=("L", "SL", "SSL", "SSSL"), gpt_only=True),
    Setting("model.value_embeddings", "value embeddings", choices=(True, False), gpt_only=True),
    Setting("total_batch_size", "total batch size", choices=(0.5, 1, 2), relative=True),
)


@dataclass(frozen=True)
class Dimension:
    """A setting on a given baseline: absolute range or choices, and the baseline's own value."""

    setting: Setting
    base: Scalar
    low: float = 0.0
    high: float = 0.0
    choices: tuple[Scalar, ...] = ()

    @property
    def ordered(self) -> bool:
        """Whether the choices are numbers."""
        return bool(self.choices) and all(
            isinstance(choice, (int, float)) and not isinstance(choice, bool) for choice in self.choices
        )

    def unit(self, value: Scalar) -> float:
        """Place of a number in the range, 0 to 1."""
        scale = math.log if self.setting.log else float
        low, high = scale(self.low), scale(self.high)
        return (scale(_number(value)) - low) / (high - low)

    def at(self, unit: float) -> float:
        """The number at a place of the range, to three significant digits."""
        if self.setting.log:
            value = math.exp(math.log(self.low) + unit * (math.log(self.high) - math.log(self.low)))
        else:
            value = self.low + unit * (self.high - self.low)
        return float(round(value)) if self.setting.integer else rounded(value)

    def widened(self, values: Iterable[float]) -> "Dimension":
        """The same with a range that holds these values too."""
        every = [self.low, self.high, *values]
        return Dimension(self.setting, self.base, min(every), max(every), self.choices)


def flat_settings(document: Mapping[str, object]) -> Settings:
    """All settings of a job document, defaults filled in, by dotted path."""
    return job_settings(validate_job(document))


def job_settings(job: Job) -> Settings:
    """All settings of a job by dotted path."""
    flat: Settings = {}
    _flatten("", job.model_dump(mode="json"), flat)
    return flat


def searched_numbers(settings: Settings) -> dict[str, float]:
    """Of a job's (flat) settings the searched ones that are numbers and not choices, by dotted path."""
    found = {s.path: settings.get(s.path) for s in _SETTINGS if not s.choices and s.applies_to(settings)}
    return {path: _number(value) for path, value in found.items() if value is not None}


def dimensions(base: Settings, forbidden: Iterable[str] = ()) -> list[Dimension]:
    """The settings that may be varied on a baseline with these (flat) settings."""
    refused = tuple(forbidden)
    own = base.get("optim.matrix_optimizer")
    fixed = is_forbidden("optim.matrix_optimizer", refused)
    found = [
        _dimension(setting, base)
        for setting in _SETTINGS
        if not is_forbidden(setting.path, refused) and not (fixed and setting.optimizer not in (None, own))
    ]
    return [dimension for dimension in found if dimension is not None]


def applies(dimension: Dimension, settings: Settings) -> bool:
    """Whether a job with these settings has this dimension's."""
    return dimension.setting.applies_to(settings)


def is_forbidden(path: str, forbidden: Iterable[str]) -> bool:
    """Whether a path, or a section that holds it, is among the forbidden ones."""
    return any(path == name or path.startswith(f"{name}.") for name in forbidden)


def rounded(value: float) -> float:
    """To three significant digits: what a person would write."""
    return float(f"{value:.3g}")


def searched_labels() -> dict[str, str]:
    """What a person calls each searched setting, by its dotted path."""
    return {setting.path: setting.label for setting in _SETTINGS}


@functools.cache
def pretrain_schema() -> dict[str, object]:
    """JSON Schema of the pretrain job, as the contract gives it."""
    return PretrainJob.model_json_schema()


def _dimension(setting: Setting, base: Settings) -> Dimension | None:
    value = base.get(setting.path)
    if setting.gpt_only and base.get("model.block") != "gpt":
        return None
    if setting.relative and value is None:
        return None
    if setting.choices:
        choices = setting.choices
        if setting.relative:
            choices = tuple(int(_number(value) * _number(factor)) for factor in choices)
        return Dimension(setting, value, choices=choices)
    # Every rate is a number in the contract; None stands only for a switched-off softcap.
    if setting.relative:
        centre = _number(value) * _optimizer_factor(setting, base)
        return Dimension(setting, value, centre * setting.low, centre * setting.high)
    return Dimension(setting, value, setting.low, setting.high)


def _optimizer_factor(setting: Setting, base: Settings) -> float:
    own = base.get("optim.matrix_optimizer")
    if setting.optimizer is None or setting.optimizer == own:
        return 1.0
    return ADAMW_RATE_FACTOR if setting.optimizer == "adamw" else 1.0 / ADAMW_RATE_FACTOR


def _flatten(prefix: str, node: Mapping[str, object], flat: Settings) -> None:
    for name, value in node.items():
        path = f"{prefix}{name}"
        if isinstance(value, dict):
            _flatten(f"{path}.", value, flat)
        elif value is None or isinstance(value, (str, int, float, bool)):
            flat[path] = value


def _number(value: Scalar) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{value!r} is not a number")
    return float(value)
