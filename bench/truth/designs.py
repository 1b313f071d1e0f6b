"""What the lab is compared with: fixed-size designs, the autoresearch rule, and bounds on shares."""

import math
import random

from scipy.special import betaincinv, nctdtr, stdtrit

from bench.truth.landscape import Landscape

FIXED_SEEDS_AT_MOST = 500


def upper_bound(hits: int, trials: int, confidence: float = 0.95) -> float:
    """One-sided upper bound on a share (Clopper & Pearson 1934)."""
    return 1.0 if hits >= trials else float(betaincinv(hits + 1, trials - hits, confidence))


def lower_bound(hits: int, trials: int, confidence: float = 0.95) -> float:
    """One-sided lower bound on a share."""
    return 1.0 - upper_bound(trials - hits, trials, confidence)


def fixed_power(baseline: int, treatment: int, alpha: float, effect_sds: float) -> float:
    """Power of the one-sided two-sample t test."""
    freedom = baseline + treatment - 2
    shift = effect_sds / math.sqrt(1.0 / baseline + 1.0 / treatment)
    return 1.0 - float(nctdtr(freedom, shift, stdtrit(freedom, 1.0 - alpha)))


def fixed_runs(alpha: float, power: float, effect_sds: float) -> int:
    """Runs of the smallest two-sample t test, both arms its own.

    Raises:
        ValueError: it takes more than 500 seeds an arm.
    """
    for seeds in range(2, FIXED_SEEDS_AT_MOST + 1):
        if fixed_power(seeds, seeds, alpha, effect_sds) >= power:
            return 2 * seeds
    raise ValueError(f"effect_sds: {effect_sds} needs more than {FIXED_SEEDS_AT_MOST} seeds an arm")


def fixed_shared_runs(alpha: float, power: float, effect_sds: float, hypotheses: int) -> float:
    """Runs a hypothesis where all share one baseline of √hypotheses arms (Dunnett 1955)."""
    for seeds in range(2, FIXED_SEEDS_AT_MOST + 1):
        baseline = round(seeds * math.sqrt(hypotheses))
        if fixed_power(baseline, seeds, alpha, effect_sds) >= power:
            return seeds + baseline / hypotheses
    raise ValueError(f"effect_sds: {effect_sds} needs more than {FIXED_SEEDS_AT_MOST} seeds an arm")


def autoresearch_keeps(generator: random.Random, landscape: Landscape, hypotheses: int) -> int:
    """Changes without merit that `keep if one run beats the current best` keeps in one lab."""
    truth, best, kept = 0.0, generator.gauss(0.0, 1.0), 0
    for change in landscape(generator, hypotheses):
        value = truth + change.effect_sds + generator.gauss(0.0, change.spread)
        if value > best:
            best, truth = value, truth + change.effect_sds
            kept += change.effect_sds <= 0.0
    return kept
