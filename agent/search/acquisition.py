"""What a run promises: log expected improvement, and the chance of an improvement worth claiming.

Ament et al. 2023: the logarithm keeps its slope where improvement is all but ruled out.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_ndtr, logit, ndtr

Array = NDArray[np.float64]
FAR = -40.0  # standard deviations; beyond, the improvement is its leading term
LOG_ROOT_2PI = 0.5 * np.log(2.0 * np.pi)
WORST = 2.0  # losses count no further above the median than this many times the best lies below it
# On the development problem autoresearch/a the model's odds, 0.43 on average, told next to nothing about
# which drafts were better; the rate of improvements so far did.
MODEL_WEIGHT = 0.25
SURE = 0.002  # no stated probability is closer to 0 or 1


def log_expected_improvement(mean: Array, sd: Array, best: float) -> Array:
    """Logarithm of E[max(best - f, 0)] for normal f; `mean` and `sd` are of one shape."""
    z = (best - mean) / sd
    density = -0.5 * z**2 - LOG_ROOT_2PI
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        near = np.log(np.exp(density) + z * ndtr(z))
        tail = density + np.log1p(z * np.exp(log_ndtr(z) - density))
        far = density - 2.0 * np.log(np.abs(z))
    logs: Array = np.where(z > -1.0, near, np.where(z > FAR, tail, far)) + np.log(sd)
    return logs


def chance(gain: float, sd: float, minimum_effect: float) -> float:
    """Probability that a gain (normal, same units) is at least the minimum effect."""
    return float(ndtr((gain - minimum_effect) / max(sd, 1e-12)))


def calibrated(probability: float, rate: float) -> float:
    """The rate of improvements so far, its odds moved some of the way that the model's odds point."""
    odds = [float(logit(min(max(p, 1e-6), 1.0 - 1e-6))) for p in (rate, probability)]
    return min(max(float(expit(odds[0] + MODEL_WEIGHT * odds[1])), SURE), 1.0 - SURE)


class Targets:
    """Losses [n] as a normal model can use them: the bad ones cut off, then centred and scaled."""

    def __init__(self, losses: Array) -> None:
        middle = float(np.median(losses))
        self._ceiling = middle + WORST * (middle - float(losses.min()))
        cut = np.minimum(losses, self._ceiling)
        self._centre = float(cut.mean())
        self.scale = float(cut.std()) or 1.0

    def standardised(self, losses: Array) -> Array:
        """Mean 0 and standard deviation 1 over the losses that were given at first."""
        return (np.minimum(losses, self._ceiling) - self._centre) / self.scale
