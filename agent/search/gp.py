"""A Gaussian process over mixed settings: what is known about a landscape after few, noisy runs.

Rasmussen and Williams 2006, chapters 2 and 5. One Matern-5/2 kernel of a weighted distance between
columns; the columns of one axis (a choice, one-hot) share their length scale.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from scipy.optimize import minimize
from scipy.spatial.distance import cdist

Array = NDArray[np.float64]
MAX_POINTS = 300  # a fit is cubic in them
JITTER = 1e-8
SQRT5 = 5.0**0.5


@dataclass(frozen=True)
class Prior:
    """Normal priors on the logarithms of length scales, signal variance and noise variance."""

    length: float = 0.0  # of the square root of the number of axes
    length_sd: float = 1.0
    signal_sd: float = 0.5
    noise: float = -4.0
    noise_sd: float = 1.5


@dataclass(frozen=True)
class GaussianProcess:
    """A posterior; `points` [n, columns], `targets` [n] standardised."""

    points: Array
    targets: Array
    scales: Array  # [columns], inverse length scales
    signal: float
    noise: Array  # [n], variances
    factor: Array  # [n, n], lower Cholesky factor of the kernel with noise
    solved: Array  # [n], kernel inverse times targets

    def predict(self, points: Array) -> tuple[Array, Array]:
        """Mean and standard deviation [m] of the noise-free value at points [m, columns]."""
        cross = self._kernel(points, self.points)
        half = solve_triangular(self.factor, cross.T, lower=True, check_finite=False)
        variance = self.signal - np.einsum("ij,ij->j", half, half)
        return cross @ self.solved, np.sqrt(np.maximum(variance, 1e-12))

    def covariance(self, points: Array, point: Array) -> Array:
        """Posterior covariances [m] of the values at points [m, columns] with that at one point [columns]."""
        single = point[None, :]
        halves = [
            solve_triangular(self.factor, self._kernel(self.points, p), lower=True, check_finite=False)
            for p in (points, single)
        ]
        shared: Array = self._kernel(points, single) - halves[0].T @ halves[1]
        return shared[:, 0]

    def believing(self, points: Array) -> "GaussianProcess":
        """As if runs at these points had given their expected values (kriging believer)."""
        if not len(points):
            return self
        expected, _ = self.predict(points)
        noise = np.append(self.noise, np.full(len(points), np.median(self.noise)))
        targets = np.append(self.targets, expected)
        return _posterior(np.vstack([self.points, points]), targets, self.scales, self.signal, noise)

    def _kernel(self, a: Array, b: Array) -> Array:
        return self.signal * _matern(cdist(a * self.scales, b * self.scales))


def fit(
    points: Array,
    targets: Array,
    axes: NDArray[np.intp],
    *,
    replicates: Array | None = None,
    priors: Sequence[Prior] = (Prior(),),
    iterations: int = 40,
) -> GaussianProcess:
    """Maximum a posteriori length scales, signal and noise; the noise falls with replicates [n].

    Of several priors the one under which the targets are most probable counts.
    """
    fits = [_fit(points, targets, axes, replicates, prior, iterations) for prior in priors]
    return min(fits, key=lambda fitted: fitted[0])[1]


def _fit(
    points: Array,
    targets: Array,
    axes: NDArray[np.intp],
    replicates: Array | None,
    prior: Prior,
    iterations: int,
) -> tuple[float, GaussianProcess]:
    """Negative log posterior and the model; the constants of priors with equal spreads cancel."""
    share = 1.0 / (np.ones(len(points)) if replicates is None else replicates)
    count = int(axes.max()) + 1
    length = 0.5 * np.log(count) + prior.length
    centre = np.array([length] * count + [0.0, prior.noise])
    spread = np.array([prior.length_sd] * count + [prior.signal_sd, prior.noise_sd])
    squares = _squares(points, axes, count)
    objective: Callable[[Array], tuple[float, Array]] = partial(
        _loss, squares=squares, targets=targets, share=share, centre=centre, spread=spread
    )
    bounds = [(c - 4 * s, c + 4 * s) for c, s in zip(centre, spread, strict=True)]
    found = minimize(
        objective, centre, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": iterations}
    )
    scales, signal, noise = np.exp(-found.x[:-2])[axes], float(np.exp(found.x[-2])), np.exp(found.x[-1])
    return float(found.fun), _posterior(points, targets, scales, signal, noise * share)


def _loss(
    x: Array, *, squares: Array, targets: Array, share: Array, centre: Array, spread: Array
) -> tuple[float, Array]:
    """Negative log posterior of the logarithms `x` and its gradient (R&W, eq. 5.9)."""
    n = len(targets)
    weights, signal, noise = np.exp(-2.0 * x[:-2]), np.exp(x[-2]), np.exp(x[-1])
    distance = np.sqrt(squares @ weights).reshape(n, n)
    decay = np.exp(-SQRT5 * distance)
    kernel = signal * (1.0 + SQRT5 * distance + 5.0 / 3.0 * distance**2) * decay
    factor = cho_factor(kernel + np.diag(noise * share + JITTER), lower=True, check_finite=False)
    inverse = cho_solve(factor, np.eye(n), check_finite=False)
    solved = inverse @ targets
    sensitivity = inverse - np.outer(solved, solved)
    slope = signal * 5.0 / 3.0 * (1.0 + SQRT5 * distance) * decay
    gradient = np.empty_like(x)
    gradient[:-2] = 0.5 * weights * ((sensitivity * slope).ravel() @ squares)
    gradient[-2] = 0.5 * np.sum(sensitivity * kernel)
    gradient[-1] = 0.5 * noise * (np.diag(sensitivity) @ share)
    off = (x - centre) / spread
    loss = 0.5 * targets @ solved + np.log(np.diag(factor[0])).sum() + 0.5 * off @ off
    return float(loss), gradient + off / spread


def _posterior(points: Array, targets: Array, scales: Array, signal: float, noise: Array) -> GaussianProcess:
    kernel = signal * _matern(cdist(points * scales, points * scales))
    factor: Array = np.linalg.cholesky(kernel + np.diag(noise + JITTER)).astype(np.float64)
    solved = cho_solve((factor, True), targets, check_finite=False)
    return GaussianProcess(points, targets, scales, signal, noise, factor, solved)


def _matern(distance: Array) -> Array:
    """Matern-5/2 correlation."""
    return (1.0 + SQRT5 * distance + 5.0 / 3.0 * distance**2) * np.exp(-SQRT5 * distance)


def _squares(points: Array, axes: NDArray[np.intp], count: int) -> Array:
    """Squared distances [n * n, axes] along each axis."""
    n = len(points)
    squares = np.empty((n * n, count))
    for axis in range(count):
        column = points[:, axes == axis]
        squares[:, axis] = cdist(column, column, "sqeuclidean").ravel()
    return squares
