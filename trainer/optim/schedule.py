"""Schedules: pure functions of progress through the horizon, between 0 and 1."""

import math

from trainer.job import ScheduleSpec

# Tables' best decay in up to 2.5 readings of a text, and 4 times as much in 4 (docs/logs/recipe.md).
_FEW_EPOCHS, _MANY_EPOCHS, _MANY_EPOCHS_DECAY = 2.5, 4.0, 4.0
# nanochat's 0.85 -> 0.97 -> 0.90, with fractions of progress instead of step numbers.
_MOMENTUM_START, _MOMENTUM_END = 0.85, 0.90
_MOMENTUM_WARMUP, _MOMENTUM_WARMDOWN = 0.15, 0.65


def lr_multiplier(progress: float, schedule: ScheduleSpec) -> float:
    """Trapezoid: up over `warmup_fraction`, 1, then down to `final_lr_fraction` over `warmdown_fraction`."""
    progress = min(max(progress, 0.0), 1.0)
    if progress < schedule.warmup_fraction:
        return progress / schedule.warmup_fraction
    left = 1.0 - progress
    if left >= schedule.warmdown_fraction:
        return 1.0
    share = left / schedule.warmdown_fraction
    return share + (1.0 - share) * schedule.final_lr_fraction


def muon_momentum(progress: float, peak: float) -> float:
    """Momentum rises to `peak`, stays, and falls at the end; never above `peak`."""
    start, end = min(_MOMENTUM_START, peak), min(_MOMENTUM_END, peak)
    if progress < _MOMENTUM_WARMUP:
        return start + (peak - start) * progress / _MOMENTUM_WARMUP
    fallen = max(0.0, (progress - (1.0 - _MOMENTUM_WARMDOWN)) / _MOMENTUM_WARMDOWN)
    return peak + (end - peak) * min(fallen, 1.0)


def weight_decay_multiplier(progress: float) -> float:
    """From 1 to 0 along half a cosine."""
    return 0.5 * (1.0 + math.cos(math.pi * min(max(progress, 0.0), 1.0)))


def table_decay_multiplier(epochs: float) -> float:
    """How much faster tables forget where a text is read `epochs` times in all: they learn it by heart."""
    share = (epochs - _FEW_EPOCHS) / (_MANY_EPOCHS - _FEW_EPOCHS)
    return 1.0 + (_MANY_EPOCHS_DECAY - 1.0) * min(max(share, 0.0), 1.0)
