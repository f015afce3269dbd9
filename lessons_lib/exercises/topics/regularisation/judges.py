"""Judges of the exercises on regularisation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons_lib.exercises.judges import Function, Judge, Reply

Array = NDArray[Any]
Statistics = Callable[[Array], tuple[Any, Any]]


def _dropout_cases(rng: np.random.Generator) -> list[tuple[Array, Array, float, bool]]:
    """Return values and draws in both modes; one draw is exactly the rate."""
    cases = []
    for shape, rate in (((4, 6), 0.25), ((3, 8), 0.5), ((5, 5), 0.8)):
        for training in (True, False):
            x, draws = rng.normal(size=shape).round(2), rng.random(shape).round(3)
            draws.flat[0] = rate
            cases.append((x, draws, rate, training))
    return cases


def _dropout(x: Array, draws: Array, rate: float, training: bool) -> Array:
    return np.where(draws >= rate, x / (1 - rate), 0) if training else x


def _norm_cases(rng: np.random.Generator) -> list[tuple[Array, Array, Array, Array, Array, bool]]:
    """Batches with another mean and another variance than the running averages; one channel hardly varies."""
    cases = []
    for images, channels in ((6, 3), (9, 4), (4, 2)):
        x = rng.normal(rng.normal(0, 3, channels), [0.01, *[2] * (channels - 1)], (images, channels))
        gamma, variance = rng.uniform(0.5, 2, (2, channels))
        beta, mean = rng.normal(size=(2, channels))
        cases += [(x, gamma, beta, mean, variance, training) for training in (True, False)]
    return cases


def _of_batch(x: Array) -> tuple[Array, Array]:
    return x.mean(axis=0), x.var(axis=0)


def _norm(
    x: Array,
    gamma: Array,
    beta: Array,
    mean: Array,
    variance: Array,
    training: bool,
    *,
    statistics: Statistics = _of_batch,
) -> Array:
    if training:
        mean, variance = statistics(x)
    return np.asarray(gamma * (x - mean) / np.sqrt(variance + 0.001) + beta)


def _norm_in_mode(mode: Callable[[bool], bool]) -> Reply:
    """Return a batch normalisation that works in the mode that `mode` makes of the given one."""

    def mistaken(x: Array, gamma: Array, beta: Array, mean: Array, variance: Array, training: bool) -> Array:
        return _norm(x, gamma, beta, mean, variance, mode(training))

    return mistaken


def _norm_measured(statistics: Statistics) -> Reply:
    """Return a batch normalisation that takes other statistics of the batch in training."""

    def mistaken(x: Array, gamma: Array, beta: Array, mean: Array, variance: Array, training: bool) -> Array:
        return _norm(x, gamma, beta, mean, variance, training, statistics=statistics)

    return mistaken


JUDGES: dict[str, Judge] = {
    "dropout": Function(
        _dropout_cases,
        _dropout,
        not_scaled=lambda x, draws, rate, training: np.where(draws >= rate, x, 0) if training else x,
        drops_at_test=lambda x, draws, rate, training: _dropout(x, draws, rate, True),
        scaled_at_test=lambda x, draws, rate, training: np.where(draws >= rate, x, 0) if training else x * (1 - rate),
        scaled_twice=lambda x, draws, rate, training: _dropout(x, draws, rate, True) if training else x * (1 - rate),
        divided_by_rate=lambda x, draws, rate, training: np.where(draws >= rate, x / rate, 0) if training else x,
        keeps_the_rate=(
            lambda x, draws, rate, training: np.where(draws < rate, x / (1 - rate), 0) if training else x,
            lambda x, draws, rate, training: np.where(draws < rate, x / rate, 0) if training else x,
        ),
        modes_exchanged=lambda x, draws, rate, training: _dropout(x, draws, rate, not training),
    ),
    "batch_norm": Function(
        _norm_cases,
        _norm,
        always_the_batch=_norm_in_mode(lambda _: True),
        always_the_averages=_norm_in_mode(lambda _: False),
        modes_exchanged=_norm_in_mode(lambda training: not training),
        over_each_image=_norm_measured(lambda x: (x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True))),
        over_everything=_norm_measured(lambda x: (x.mean(), x.var())),
        no_root=lambda x, gamma, beta, mean, variance, training: _norm(
            x, gamma / np.sqrt((x.var(axis=0) if training else variance) + 0.001), beta, mean, variance, training
        ),
        epsilon_forgotten=lambda x, gamma, beta, mean, variance, training: (
            gamma * (x - (x.mean(axis=0) if training else mean)) / np.sqrt(x.var(axis=0) if training else variance)
            + beta
        ),
        beta_forgotten=lambda x, gamma, beta, mean, variance, training: _norm(
            x, gamma, 0 * beta, mean, variance, training
        ),
        exchanged=lambda x, gamma, beta, mean, variance, training: _norm(x, beta, gamma, mean, variance, training),
    ),
}
