"""Judges of the exercises on new images."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons_lib.exercises.judges import Function, Judge

Array = NDArray[Any]


def _counts(rng: np.random.Generator) -> list[tuple[Array]]:
    """Return numbers of images of each kind: some kinds are rare, and some do not occur."""
    cases = []
    for size, missing in ((10, 3), (4, 1), (6, 2)):
        counts = rng.integers(1, 200, size)
        counts[rng.choice(size, missing, replace=False)] = 0
        cases.append((counts,))
    return cases


def _entropy(counts: Array) -> float:
    shares = counts[counts > 0] / counts.sum()
    return float(-(shares * np.log(shares)).sum())


def _codes(rng: np.random.Generator) -> list[tuple[Array, Array, Array]]:
    """Return cases of means, logarithms of variances and noise, of one code and of several."""
    shapes = ((3,), (2, 4), (5, 1))
    return [
        (rng.uniform(0.5, 2, shape), rng.uniform(0.3, 1.5, shape) * rng.choice([-1, 1], shape), rng.normal(size=shape))
        for shape in shapes
    ]


def _code(mean: Array, log_variance: Array, noise: Array) -> Array:
    return np.asarray(mean + np.exp(log_variance / 2) * noise)


JUDGES: dict[str, Judge] = {
    "effective_kinds": Function(
        _counts,
        lambda counts: np.exp(_entropy(counts)),
        entropy_alone=_entropy,
        sign_forgotten=lambda counts: np.exp(-_entropy(counts)),
        not_shares=(
            lambda counts: np.exp(-np.sum(counts[counts > 0] * np.log(counts[counts > 0]))),
            lambda counts: np.sum(counts[counts > 0] * np.log(counts[counts > 0])),
        ),
        counted=lambda counts: np.count_nonzero(counts),
        power_of_two=lambda counts: 2 ** _entropy(counts),
    ),
    "draw_code": Function(
        _codes,
        _code,
        half_forgotten=lambda mean, log_variance, noise: mean + np.exp(log_variance) * noise,
        logarithm_as_spread=(
            lambda mean, log_variance, noise: mean + log_variance * noise,
            lambda mean, log_variance, noise: mean + log_variance / 2 * noise,
        ),
        spread_forgotten=lambda mean, log_variance, noise: mean + noise,
        mean_forgotten=lambda mean, log_variance, noise: np.exp(log_variance / 2) * noise,
        noise_forgotten=lambda mean, log_variance, noise: mean,
        mean_scaled=lambda mean, log_variance, noise: np.exp(log_variance / 2) * (mean + noise),
    ),
}
