"""Judges of the exercises on other tasks."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons_lib.exercises.judges import Function, Judge

Array = NDArray[Any]


def _steps(rng: np.random.Generator) -> list[tuple[Array, Array, Array, Array, Array]]:
    """Return cases of a row, a state, both kernels and a bias, with as many inputs as units and with another number."""
    cases = []
    for features, units in ((3, 2), (2, 4), (3, 3)):
        shapes = ((features,), (units,), (features, units), (units, units), (units,))
        row, state, W, U, b = (rng.uniform(0.2, 1.2, shape) * rng.choice([-1, 1], shape) for shape in shapes)
        cases.append((row, state, W, U, b))
    return cases


def _scores(rng: np.random.Generator) -> list[tuple[Array, Array]]:
    """Return scores of normal examples and of anomalies: of different number, apart in part, and with ties."""
    cases = []
    for normal, anomalies in ((5, 3), (4, 7), (6, 6)):
        cases.append((rng.permutation(normal) + 1.0, rng.permutation(anomalies) + rng.integers(1, 4) + 0.0))
    cases.append((np.array([0.1, 0.4, 0.35]), np.array([0.8, 0.3])))
    return cases


def _state(row: Array, state: Array, W: Array, U: Array, b: Array) -> Array:
    return np.asarray(np.tanh(row @ W + state @ U + b))


def _auc(normal: Array, anomalies: Array, ties: float = 0.5) -> float:
    difference = anomalies[:, None] - normal
    return float((difference > 0).mean() + ties * (difference == 0).mean())


JUDGES: dict[str, Judge] = {
    "recurrent_step": Function(
        _steps,
        _state,
        no_tanh=lambda row, state, W, U, b: row @ W + state @ U + b,
        state_forgotten=lambda row, state, W, U, b: np.tanh(row @ W + b),
        state_unweighted=lambda row, state, W, U, b: np.tanh(row @ W + state + b),
        row_forgotten=lambda row, state, W, U, b: np.tanh(state @ U + b),
        bias_forgotten=lambda row, state, W, U, b: np.tanh(row @ W + state @ U),
        tanh_too_early=(
            lambda row, state, W, U, b: np.tanh(row @ W) + np.tanh(state @ U) + b,
            lambda row, state, W, U, b: np.tanh(row @ W + b) + state @ U,
        ),
        state_added=lambda row, state, W, U, b: state + _state(row, state, W, U, b),
        another_activation=(
            lambda row, state, W, U, b: np.maximum(row @ W + state @ U + b, 0),
            lambda row, state, W, U, b: 1 / (1 + np.exp(-(row @ W + state @ U + b))),
        ),
    ),
    "auc": Function(
        _scores,
        _auc,
        reversed=lambda normal, anomalies: _auc(anomalies, normal),
        ties_lost=lambda normal, anomalies: _auc(normal, anomalies, ties=0),
        ties_won=lambda normal, anomalies: _auc(normal, anomalies, ties=1),
        one_threshold=(
            lambda normal, anomalies: (anomalies > normal.mean()).mean(),
            lambda normal, anomalies: (anomalies > np.median(normal)).mean(),
            lambda normal, anomalies: (anomalies > normal.max()).mean(),
        ),
        counted=lambda normal, anomalies: _auc(normal, anomalies) * len(normal) * len(anomalies),
        means_compared=(
            lambda normal, anomalies: anomalies.mean() - normal.mean(),
            lambda normal, anomalies: anomalies.mean() / normal.mean(),
        ),
    ),
}
